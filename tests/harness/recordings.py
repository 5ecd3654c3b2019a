"""Reads the recordings of the package snmpsim-data: lines ``OID|TAG|VALUE``, some of them zipped.

Only what our profiles ask for is kept; some recordings have millions of other objects.
"""

from __future__ import annotations

import bz2
import re
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from netwatch.lab import ber
from netwatch.lab.ber import Oid
from netwatch.snmp import load_profile, profile_names

_SUFFIXES = (".snmprec", ".snmprec.bz2")


@dataclass(frozen=True)
class Recording:
    """One device.

    Attributes:
        name: its path below the package's data, without the suffix.
        file: where it is.
    """

    name: str
    file: Path

    def objects(self) -> dict[Oid, bytes]:
        """The encoded values that are of interest, by OID."""
        packed = self.file.suffix == ".bz2"
        text = bz2.decompress(self.file.read_bytes()) if packed else self.file.read_bytes()
        found: dict[Oid, bytes] = {}
        for oid, tag, value in _LINE.findall(text):
            with suppress(ValueError):  # a few lines are damaged
                encoded = _encode(tag.decode(), value.rstrip(b"\r"))
                found[tuple(map(int, oid.split(b".")))] = encoded
        return found


def recordings() -> list[Recording]:
    """All of them, by name."""
    return _below(Path(str(resources.files("snmpsim_data") / "data")))


def made_up() -> list[Recording]:
    """Devices that nobody has recorded yet, with all that real ones are known to do wrong."""
    return _below(Path(__file__).parents[1] / "recorded")


def _below(root: Path) -> list[Recording]:
    files = {
        str(file.relative_to(root)).removesuffix(suffix): file
        for suffix in _SUFFIXES
        for file in root.rglob(f"*{suffix}")
    }
    return [Recording(name, file) for name, file in sorted(files.items())]


def _roots() -> list[str]:
    """What is kept: the groups and tables that our profiles read from."""
    roots = {"1.3.6.1.2.1.1"}
    for name in profile_names():
        profile = load_profile(name)
        roots |= {scalar.oid.rpartition(".")[0] for scalar in profile.scalars}
        roots |= {entry.oid for table in profile.tables for entry in table.entries}
    return sorted(roots)


_LINE = re.compile(
    rb"(?m)^((?:%s)\.[0-9.]*[0-9])\|([0-9a-z:]+)\|(.*)$"
    % "|".join(re.escape(root) for root in _roots()).encode()
)


def _encode(tag: str, value: bytes) -> bytes:  # noqa: PLR0911 (one for each kind)
    """A value as it stands in a message.

    Raises:
        ValueError: it is not of its kind.
    """
    number, _, variation = tag.partition(":")
    kind = int(number.rstrip("x"))
    if variation:  # a number that snmpsim would let grow: any value will do
        return ber.integer(1, kind) if kind != ber.OCTET_STRING else ber.octets("varies")
    if number.endswith("x"):
        return ber.tlv(kind, bytes.fromhex(value.decode()))
    if kind == ber.OCTET_STRING:
        return ber.octets(value)
    if kind == ber.NULL:
        return ber.tlv(kind, b"")
    if kind == ber.OBJECT_IDENTIFIER:
        return ber.oid(tuple(map(int, value.strip(b". ").split(b"."))))
    if kind == _IP_ADDRESS:
        return ber.tlv(kind, bytes(map(int, value.split(b"."))))
    return ber.integer(int(value), kind)


_IP_ADDRESS = 0x40
