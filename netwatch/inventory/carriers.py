"""Names of carriers: ``Viettel`` and ``viettel`` are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from netwatch.inventory.contracts import Contract
from netwatch.inventory.model import Inventory, Link, Uplink

Line = TypeVar("Line", Link, Uplink, Contract)


def carrier_key(name: str) -> str:
    """What two spellings of a carrier's name have in common: all but case and spaces."""
    return " ".join(name.casefold().split())


def with_one_spelling(inventory: Inventory) -> Inventory:
    """Every carrier as most of its lines spell it, so that it is one in metrics and on pages."""
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
    counts: dict[str, Counter[str]] = {}
    for name in _carriers(inventory):
        counts.setdefault(carrier_key(name), Counter())[name] += 1
    return {
        name: spelled.most_common(1)[0][0]
        for spelled in counts.values()
        for name in spelled
        if name != spelled.most_common(1)[0][0]
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
