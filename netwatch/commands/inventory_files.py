"""``netwatch inventory show | diff | map | schema``: what the files say, without asking anybody."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from netwatch.audit.changes import InventoryChange, find_changes
from netwatch.audit.snapshot import snapshot_of
from netwatch.commands.inventory_site import describe
from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.private import replace_file
from netwatch.inventory.drawing import as_svg
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.geojson import as_geojson
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.inventory.schema import inventory_schema
from netwatch.probes import schemas
from netwatch.settings import Settings

_MARKS = {"added": "+", "removed": "-", "changed": "~"}


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions and their arguments."""
    text = "một điểm: là gì, tới bằng đường nào, đo những gì / one site, and why it is checked so"
    show = actions.add_parser("show", help=text, description=text)
    show.add_argument("site", metavar="SITE")
    text = "khác nhau giữa hai kho / what is different between two directories"
    diff = actions.add_parser("diff", help=text, description=text)
    diff.add_argument("old", type=Path, metavar="OLD")
    diff.add_argument("new", type=Path, metavar="NEW")
    text = "vẽ cây và các đường truyền / draw the tree and the lines"
    drawn = actions.add_parser("map", help=text, description=text)
    drawn.add_argument("--to", type=Path, metavar="FILE", required=True, help=".svg, .geojson")
    text = "JSON Schema cho trình soạn thảo / for editors, which complete and underline by it"
    schema = actions.add_parser("schema", help=text, description=text)
    schema.add_argument("--to", type=Path, metavar="FILE", help="instead of printing it")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Carry out an action; returns 0, or 1 where ``diff`` finds something.

    Raises:
        ConfigError: an inventory is wrong, a name is unknown, or a file can't be written.
    """
    match options.action:
        case "show":
            inventory = load_inventory(settings.inventory, schemas())
            print("\n".join(describe(inventory, options.site, settings.vantage)))
        case "diff":
            return _diff(options.old, options.new)
        case "map":
            _draw(settings, options.to)
        case "schema":
            text = json.dumps(inventory_schema(schemas()), ensure_ascii=False, indent=1) + "\n"
            _write(options.to, text) if options.to else print(text, end="")
    return 0


ACTIONS = ("show", "diff", "map", "schema")


def _diff(old: Path, new: Path) -> int:
    before, after = (load_inventory(each, schemas()) for each in (old, new))
    changes = [*find_changes(snapshot_of(before), snapshot_of(after), former_ids(after))]
    for change in changes:
        print("\n".join(_lines(change)))
    if not changes:
        print("không khác nhau / no differences")
    return 1 if changes else 0


def _lines(change: InventoryChange) -> Iterator[str]:
    yield f"{_MARKS[change.what]} {change.subject}"
    for key, value in change.details.items():
        if change.what != "changed":
            yield f"    {key}: {_shown(value)}"
        elif isinstance(value, list) and len(value) == 2:
            yield from (f"    {line}" for line in _changed(key, *value))
        else:
            yield f"    {key}: {value}"


def _changed(key: str, before: object, after: object) -> Iterator[str]:
    """A field before and after; of a mapping only what is different in it."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                yield from _changed(f"{key}.{name}", before.get(name), after.get(name))
    else:
        yield f"{key}: {_shown(before)} → {_shown(after)}"


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _draw(settings: Settings, file: Path) -> None:
    forms: dict[str, Callable[[Inventory], str]] = {
        ".svg": as_svg,
        ".geojson": lambda inventory: json.dumps(as_geojson(inventory), ensure_ascii=False),
    }
    form = forms.get(file.suffix)
    if form is None:
        message = f"{file.suffix or 'no ending'!r} is no map; write a file .svg or .geojson"
        raise ConfigError([Problem("--to", message)])
    _write(file, form(load_inventory(settings.inventory, schemas())))


def _write(file: Path, text: str) -> None:
    try:
        replace_file(file, text.encode())
    except OSError as error:
        raise ConfigError([Problem(str(file), f"cannot be written: {error.strerror}")]) from None
