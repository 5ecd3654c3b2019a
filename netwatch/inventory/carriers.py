"""Carriers: what they are called, by any spelling or by their id; ``Viettel`` is ``viettel``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from typing import TypeVar

from netwatch.inventory.contracts import Contract
from netwatch.inventory.model import Inventory, Link, Uplink

Line = TypeVar("Line", Link, Uplink, Contract)

MIN_LIKENESS = 0.85
"""Share of letters that two carriers' names have in common, from which on one may be a slip."""

MAX_COMPARED = 200
"""Carriers of which each is compared with each other one."""


def carrier_key(name: str) -> str:
    """What two spellings of a carrier's name have in common: all but case and spaces."""
    return " ".join(name.casefold().split())


def spelled_apart(inventory: Inventory) -> list[tuple[str, str]]:
    """Names that hardly mean two carriers, as they are written: another case, or a slip."""
    names = sorted(set(_carriers(inventory)))
    if len(names) > MAX_COMPARED:
        return []
    return [(one, other) for one, other in combinations(names, 2) if _may_be_one(one, other)]


def _may_be_one(one: str, other: str) -> bool:
    first, second = carrier_key(one), carrier_key(other)
    if first == second:
        return True
    letters = SequenceMatcher(None, first, second)
    return min(len(first), len(second)) > 3 and letters.ratio() >= MIN_LIKENESS


def with_one_spelling(inventory: Inventory) -> Inventory:
    """Every carrier by one name, so that it is one in metrics and on pages.

    That is the name of the one under ``carriers`` that is meant by its id or name; else what most
    lines write.
    """
    spellings = _spellings(inventory)
    if not spellings:
        return inventory
    links = {id_: _respelled(link, spellings) for id_, link in inventory.links.items()}
    contracts = {id_: _respelled(each, spellings) for id_, each in inventory.contracts.items()}
    sites = {
        id_: site.model_copy(update={"uplink": _respelled(site.uplink, spellings)})
        if site.uplink and site.uplink.carrier in spellings
        else site
        for id_, site in inventory.sites.items()
    }
    return inventory.model_copy(update={"links": links, "sites": sites, "contracts": contracts})


def _spellings(inventory: Inventory) -> dict[str, str]:
    """The spelling that is taken for each other one; of equally many lines the first one counts."""
    listed = {carrier_key(id_): each.name for id_, each in inventory.carriers.items()}
    listed |= {carrier_key(each.name): each.name for each in inventory.carriers.values()}
    counts: dict[str, Counter[str]] = {}
    for name in _carriers(inventory):
        counts.setdefault(carrier_key(name), Counter())[name] += 1
    return {
        name: taken
        for key, spelled in counts.items()
        for name in spelled
        if name != (taken := listed.get(key) or spelled.most_common(1)[0][0])
    }


def _carriers(inventory: Inventory) -> Iterator[str]:
    for link in inventory.links.values():
        yield link.carrier
    for site in inventory.sites.values():
        if site.uplink is not None:
            yield site.uplink.carrier
    for contract in inventory.contracts.values():
        yield contract.carrier


def _respelled(line: Line, spellings: dict[str, str]) -> Line:
    name = spellings.get(line.carrier)
    return line if name is None else line.model_copy(update={"carrier": name})
