"""Loads the inventory: reads the files, validates and cross-checks them, reports every problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from netwatch.core.errors import ConfigError, Problem
from netwatch.core.params import ProbeParams
from netwatch.inventory.borders import with_derived_flows
from netwatch.inventory.carriers import carrier_key, spelled_apart, with_one_spelling
from netwatch.inventory.contracts import with_contract_numbers
from netwatch.inventory.explain import explain
from netwatch.inventory.model import Inventory
from netwatch.inventory.names import with_english_names
from netwatch.inventory.rules import View, cross_check
from netwatch.inventory.rules.addresses import written_twice
from netwatch.inventory.source import Source, read_directory
from netwatch.inventory.yaml import Mistake, Tree, TreePath
from netwatch.process.garbage import paused

_MAX_MESSAGE_LENGTH = 400
"""Characters of a message, which may quote keys and values of any length."""


class LoadedInventory(NamedTuple):
    """An inventory, and what of it is allowed and yet hardly meant, one line each."""

    inventory: Inventory
    doubts: tuple[str, ...]


def load_inventory(directory: Path, schemas: Mapping[str, type[ProbeParams]]) -> Inventory:
    """The inventory in every ``*.yaml`` under ``directory``, as ``load_with_doubts`` gives it."""
    return load_with_doubts(directory, schemas).inventory


def load_with_doubts(directory: Path, schemas: Mapping[str, type[ProbeParams]]) -> LoadedInventory:
    """The inventory in every ``*.yaml`` under ``directory``, with what follows from it.

    Args:
        directory: the inventory.
        schemas: kinds of probe, each with the schema of its parameters.

    Raises:
        ConfigError: with every problem found, in the order of files and lines.
    """
    with paused():
        return _load(directory, schemas)


def _load(directory: Path, schemas: Mapping[str, type[ProbeParams]]) -> LoadedInventory:
    source = read_directory(directory)
    inventory, found = _validate(source)
    mistakes = [*source.mistakes, *found, *written_twice(source)]
    if inventory is not None and not source.unreadable:
        mistakes += cross_check(View(inventory, source, schemas))
    problems = {Problem(str(each.place), each.message[:_MAX_MESSAGE_LENGTH]) for each in mistakes}
    problems.update(source.unreadable)
    if problems or inventory is None:
        raise ConfigError(sorted(problems, key=_order))
    doubts = [_doubt(*pair) for pair in spelled_apart(inventory)]
    inventory = with_contract_numbers(with_english_names(with_one_spelling(inventory)))
    return LoadedInventory(with_derived_flows(inventory, schemas), tuple(doubts))


def _doubt(one: str, other: str) -> str:
    if carrier_key(one) == carrier_key(other):
        return f"{one!r} và / and {other!r}: cùng một nhà mạng, viết khác nhau / one carrier"
    return f"{one!r} và / and {other!r}: có phải cùng một nhà mạng / are they one carrier?"


def _validate(source: Source) -> tuple[Inventory | None, list[Mistake]]:
    """The inventory and the mistakes that its schema finds.

    Entries with mistakes are left out and the rest is validated again, so that the cross-check can
    still find what else is wrong. The inventory is None when the rest is not valid either.
    """
    broken = {mistake.path for mistake in source.mistakes}
    try:
        inventory = Inventory.model_validate(source.tree)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        if not broken:
            return inventory, []
        errors = []
    mistakes = list(_mistakes(source, errors, broken))
    wrong = {_path(source, error)[:2] for error in errors} | {path[:2] for path in broken}
    try:
        return Inventory.model_validate(_without(source.tree, wrong)), mistakes
    except ValidationError:
        return None, mistakes


def _mistakes(
    source: Source, errors: list[ErrorDetails], broken: set[TreePath]
) -> Iterator[Mistake]:
    for error in errors:
        path = _path(source, error)
        whole = (*path, error["loc"][-1]) if error["type"] == "missing" else path
        if any(whole[:length] in broken for length in range(1, len(whole) + 1)):
            continue  # reported already
        if source.unreadable and error["type"] == "missing" and not path:
            continue  # perhaps in the file that could not be read
        if error["type"] == "too_short" and error["input"]:
            continue  # its items are wrong, and are reported one by one
        name = next((step for step in reversed(path) if isinstance(step, str)), "inventory")
        yield Mistake(source.place(*path), explain(error, Inventory, name), path)


def _path(source: Source, error: ErrorDetails) -> TreePath:
    """The path of an error in the tree: its location without the steps that pydantic adds."""
    path: TreePath = ()
    for step in error["loc"]:
        if (*path, step) in source.places:
            path = (*path, step)
    return path


def _without(tree: dict[str, Tree], wrong: set[TreePath]) -> dict[str, Tree]:
    """The tree without these sections and entries."""
    kept: dict[str, Tree] = {}
    for section, content in tree.items():
        if (section,) in wrong:
            continue
        if isinstance(content, dict):
            kept[section] = {k: v for k, v in content.items() if (section, k) not in wrong}
        elif isinstance(content, list):
            kept[section] = [v for k, v in enumerate(content) if (section, k) not in wrong]
        else:
            kept[section] = content
    return kept


def _order(problem: Problem) -> tuple[str, int, str]:
    file, _, line = problem.place.rpartition(":")
    if line.isdecimal():
        return file, int(line), problem.message
    return problem.place, 0, problem.message
