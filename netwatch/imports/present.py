"""The inventory that is there, as its files say it; else what one begins with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

from netwatch.core.errors import ConfigError, Problem
from netwatch.imports.text import name_key
from netwatch.inventory.carriers import carrier_key
from netwatch.inventory.source import Source, read_directory
from netwatch.inventory.yaml import Tree

START = Path(__file__).with_name("start")
"""The files of an inventory that has no site yet: levels, networks, classes."""


@dataclass(frozen=True)
class Present:
    """What an import goes by.

    Attributes:
        directory: of the inventory.
        source: its files; those of ``START`` where there is none.
        is_new: whether there is no inventory yet.
    """

    directory: Path
    source: Source
    is_new: bool

    def section(self, name: str) -> dict[str, Any]:
        """A section by keys; empty when there is none."""
        found: Tree = self.source.tree.get(name, {})
        return found if isinstance(found, dict) else {}

    @cached_property
    def sites(self) -> dict[str, Any]:
        """All sites, whose content is as it is written."""
        return {id_: site for id_, site in self.section("sites").items() if isinstance(site, dict)}

    def rank(self, tier: str | None) -> int:
        """The rank of a tier; 100, the lowest, where it has none."""
        entry = self.section("tiers").get(tier or "")
        text = entry.get("rank", "") if isinstance(entry, dict) else ""
        return int(text) if isinstance(text, str) and text.isdecimal() else 100

    @cached_property
    def ranges(self) -> list[IPv4Network | IPv6Network]:
        """Networks that addresses must be in; none when that isn't known yet."""
        written = self.source.tree.get("ranges", [])
        found: list[IPv4Network | IPv6Network] = []
        for text in written if isinstance(written, list) else []:
            try:
                found.append(ip_network(str(text)))
            except ValueError:
                continue  # told by netwatch check
        return found

    def allows(self, address: str) -> bool:
        """Whether an address is in the ranges."""
        return not self.ranges or any(ip_address(address) in each for each in self.ranges)

    def by_name(self) -> dict[str, list[str]]:
        """Ids of sites by the key of their name."""
        found: dict[str, list[str]] = {}
        for id_, site in self.sites.items():
            found.setdefault(name_key(str(site.get("name_vi", ""))), []).append(id_)
        return found

    @cached_property
    def former_ids(self) -> dict[str, str]:
        """The id of a site for each that it had before."""
        found: dict[str, str] = {}
        for id_, site in self.sites.items():
            before = site.get("formerly", [])
            found.update({str(old): id_ for old in (before if isinstance(before, list) else ())})
        return found

    def carrier(self, name: str) -> str:
        """What all spellings of a carrier have in common, its id among them."""
        return self._carriers.get(carrier_key(name), carrier_key(name))

    @cached_property
    def _carriers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for id_, entry in self.section("carriers").items():
            name = str(entry.get("name", id_)) if isinstance(entry, dict) else id_
            found[carrier_key(id_)] = found[carrier_key(name)] = carrier_key(name)
        return found

    def knows_carrier(self, name: str) -> bool:
        """Whether it is listed under ``carriers``, by its id or its name."""
        return carrier_key(name) in self._carriers


def address_of(target: Any) -> str:
    """The address of a target, in its short or its long form; the text itself where it is none."""
    text = str(target.get("address", "")) if isinstance(target, dict) else str(target)
    try:
        return str(ip_address(text))
    except ValueError:
        return text


def read_present(directory: Path) -> Present:
    """The inventory of a directory.

    Raises:
        ConfigError: it can't be read, or its files are no YAML that can be changed.
    """
    if directory.exists() and not directory.is_dir():
        raise ConfigError([Problem(str(directory), "không phải thư mục / is not a directory")])
    if not directory.is_dir() or not any(directory.rglob("*.yaml")):
        return Present(directory, read_directory(START), is_new=True)
    source = read_directory(directory)
    problems = [*source.unreadable]
    problems += [Problem(str(each.place), each.message) for each in source.mistakes]
    if problems:
        raise ConfigError(problems)
    return Present(directory, source, is_new=False)
