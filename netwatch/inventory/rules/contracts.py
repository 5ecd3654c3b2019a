"""Contracts: each number once, and the carrier of a line is the one that the contract is with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netwatch.inventory.carriers import carrier_key, with_one_spelling
from netwatch.inventory.contracts import contract_references
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake


def contracts(view: View) -> Iterator[Mistake]:
    """Numbers that stand twice, and lines that name the contract of another carrier."""
    view = replace(view, inventory=with_one_spelling(view.inventory))
    known = view.inventory.contracts
    numbers: dict[tuple[str, str], str] = {}
    for id_, contract in known.items():
        first = numbers.setdefault((carrier_key(contract.carrier), contract.number), id_)
        if first != id_:
            message = f"has the number {contract.number!r} of contract {first}; each number is one"
            yield view.mistake(message, "contracts", id_, "number")
    by_key: dict[str, str] = {}
    for id_, each in view.inventory.carriers.items():
        first = by_key.setdefault(carrier_key(each.name), id_)
        if first != id_:
            message = f"has the name {each.name!r} of carrier {first}; each carrier stands once"
            yield view.mistake(message, "carriers", id_, "name")
    for path, carrier, name in contract_references(view.inventory):
        named = known.get(name)
        if named is not None and carrier_key(named.carrier) != carrier_key(carrier):
            message = (
                f"contract {name} is with {named.carrier!r}, and the line is run by {carrier!r};"
                " correct one of them"
            )
            yield view.mistake(message, *path)
