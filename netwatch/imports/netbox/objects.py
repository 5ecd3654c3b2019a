"""What stands in NetBox's objects, whichever version and whatever is missing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from netwatch.imports.netbox.client import NetboxObject
from netwatch.imports.sheets import SheetCell
from netwatch.imports.text import clean
from netwatch.inventory.yaml import read_file

ENDPOINTS = (
    *("dcim/regions", "dcim/sites", "dcim/devices", "circuits/circuits"),
    *("circuits/circuit-terminations", "dcim/cables"),
)
"""All lists that are read."""

Stage = Literal["planned", "active", "retired"]

NetboxData = Mapping[str, list[NetboxObject]]
"""The objects of each endpoint."""


class NetboxField(NamedTuple):
    """Where a value stands: an object and one of its fields."""

    object: str
    heading: str
    text: str

    @property
    def reference(self) -> str:
        """By which the mapping file knows it."""
        return f"{self.object} {self.heading}"

    @property
    def told(self) -> str:
        """The same."""
        return self.reference

    @property
    def cell(self) -> SheetCell | None:
        """Its value; None when it is empty."""
        return SheetCell(self.text) if self.text else None


def text_at(entry: Any, path: str) -> str:
    """The text that a path leads to; empty where there is none.

    A choice is its value; an object, as NetBox nests them, its name.
    """
    value = entry
    for step in ("custom_fields." + path[3:] if path.startswith("cf.") else path).split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = next((value[key] for key in ("label", "name", "display") if key in value), None)
    if isinstance(value, bool) or value is None:
        return ""
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def list_at(entry: NetboxObject, key: str) -> list[Any]:
    """The list at a key; empty where there is none."""
    found = entry.get(key)
    return found if isinstance(found, list) else []


def number_at(entry: Any, path: str) -> int | None:
    """The whole number that a path leads to."""
    text = text_at(entry, path)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@cache
def _known() -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", read_file(Path(__file__).with_name("fields.yaml")).root)


def field_of(entry: NetboxObject, name: str, fields: Mapping[str, str]) -> tuple[str, str]:
    """The path and the text of what the inventory wants.

    Args:
        entry: the object.
        name: as ``tier``.
        fields: paths that a mapping file gives, which go before.
    """
    paths = [fields[name]] if name in fields else _known()[name]
    found = ((path, text_at(entry, path)) for path in paths)
    return next(((path, text) for path, text in found if text), (paths[0], ""))


def stage_of_object(entry: NetboxObject) -> Stage | None:
    """What a status means; None where it means nothing here."""
    status = text_at(entry, "status.value") or text_at(entry, "status")
    stages: tuple[Stage, ...] = ("planned", "active", "retired")
    return next((stage for stage in stages if status in _known()[stage]), None)


def site_of_termination(termination: Any) -> int | None:
    """The id of the site where a circuit ends: up to 4.1 its ``site``, then ``termination``."""
    if not isinstance(termination, dict):
        return None
    if text_at(termination, "termination_type") in {"", "dcim.site"}:
        for path in ("site.id", "termination.id"):
            if (found := number_at(termination, path)) is not None:
                return found
    return None
