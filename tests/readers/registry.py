"""Every reader of octets that a stranger wrote, in one list.

A reader that is not in it is found by ``test_registry.py``. To add one, write a file ``of_*.py``
beside this one with a list ``READERS``; growth test and hunt take it from there.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
"""A folder for each reader: inputs that the hunt begins with, one a file."""

MAX_CPU = 0.05
"""Seconds of CPU that reading one input may take, however it was made."""


MAX_MEMORY = 1 << 20
"""Octets that are in use at one time while a datagram is read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One way from foreign octets into the program.

    Attributes:
        name: of its folder in the corpus.
        read: reads octets as the program does.
        max_octets: length of the longest input that the program gives it.
        refuses: what it may raise; anything else is a fault.
        tokens: pieces of its language, which the growth test repeats.
        seeds: inputs that are read well.
        max_cpu: seconds that an input may take; more than ``MAX_CPU`` only where neither the event
            loop nor anything else waits for it as a whole.
        datagram: whether an input is one datagram, which may cost ``MAX_MEMORY`` octets.
        covers: functions of netwatch that this runs through, as ``room.file:function``.
    """

    name: str
    read: Callable[[bytes], object]
    max_octets: int
    refuses: tuple[type[Exception], ...] = ()
    tokens: tuple[bytes, ...] = ()
    seeds: tuple[bytes, ...] = ()
    max_cpu: float = MAX_CPU
    datagram: bool = False
    covers: tuple[str, ...] = field(default=())

    def try_on(self, data: bytes) -> None:
        """Read octets; what is refused is refused in order."""
        try:
            self.read(data[: self.max_octets])
        except self.refuses:
            return

    def inputs(self) -> list[bytes]:
        """The seeds, and what the corpus keeps."""
        kept = sorted((CORPUS / self.name).glob("*"))
        return [*self.seeds, *(path.read_bytes() for path in kept)]


def all_readers() -> dict[str, Reader]:
    """All readers by name."""
    found: dict[str, Reader] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("of_"):
            for reader in import_module(f"tests.readers.{module.name}").READERS:
                assert reader.name not in found, f"two readers are called {reader.name}"
                found[reader.name] = reader
    return found
