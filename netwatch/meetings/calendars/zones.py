"""Time zones of a calendar: by their names, or as the file defines them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from netwatch.meetings.calendars.defined_zone import DefinedZone, ZoneError, define
from netwatch.meetings.calendars.lines import Component

MAX_ZONES = 500
"""Definitions of time zones in a stream; further ones are not used."""

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,31}){0,2}")
_MAX_NAME_LENGTH = 64
_OFFSET = re.compile(r"\(?(?:UTC|GMT)? ?([+-\u2212])([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9:])")
"""How a name says an offset: it is no more than that, or the words that Outlook shows."""


class Zones:
    """The time zones of one stream.

    A name that is known (of the IANA database, or of Windows) goes by its name: programs define
    such zones for the years that they know. Every other goes by its definition.

    Args:
        definitions: ``VTIMEZONE`` components.
        default: for times without a zone, and for zones that nobody knows.

    Attributes:
        complaints: a line for each zone that is not known, or has a definition of no use.
    """

    def __init__(self, definitions: Iterable[Component], default: ZoneInfo) -> None:
        self._default = default
        self._definitions: dict[str, Component] = {}
        for component in list(definitions)[:MAX_ZONES]:
            self._definitions.setdefault(component.text("TZID"), component)
        self._found: dict[str, tzinfo] = {}
        self.complaints: list[str] = []

    def find(self, name: str | None) -> tzinfo:
        """The zone of a name."""
        if not name:
            return self._default
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> tzinfo:
        component = self._definitions.get(name)
        also = "" if component is None else component.text("X-LIC-LOCATION")
        known = by_name(name) or by_name(also)
        defined = None if component is None else self._define(name, component)
        if known is not None:
            return known
        if defined is not None:
            return defined
        said = _said(name)
        taken = self._default.key if said is None else said.tzname(None)
        shown = name[:_MAX_NAME_LENGTH]
        self.complaints.append(f"time zone {shown!r} is not known; {taken} is taken")
        return said or self._default

    def _define(self, name: str, component: Component) -> DefinedZone | None:
        try:
            return define(component)
        except ZoneError as error:
            if by_name(name) is None:
                shown = name[:_MAX_NAME_LENGTH]
                self.complaints.append(f"time zone {shown!r} is defined so that {error}")
            return None


def _said(name: str) -> timezone | None:
    """The offset that a name says, as in ``(UTC+07:00) Bangkok, Hanoi, Jakarta`` or ``GMT+7``."""
    match = _OFFSET.match(name)
    if match is None or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(offset if match[1] == "+" else -offset)


def by_name(name: str) -> ZoneInfo | None:
    """A zone of the IANA database, as it or Windows calls it; None when there is no such one.

    Some programs write a path before the name, as in ``/example.org/20260101_1/Asia/Bangkok``.
    """
    key = _windows_names().get(name.casefold(), name)
    pieces = key.split("/")
    tails = [key] if not key.startswith("/") else ["/".join(pieces[-n:]) for n in (3, 2, 1)]
    return next((zone for tail in tails if (zone := _zone(tail)) is not None), None)


def _zone(key: str) -> ZoneInfo | None:
    if not _KEY.fullmatch(key):
        return None
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a directory is no zone either
        return None


@cache
def _windows_names() -> dict[str, str]:
    path = Path(__file__).with_name("windows_zones.yaml")
    names = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name.casefold(): key for name, key in names.items()}
