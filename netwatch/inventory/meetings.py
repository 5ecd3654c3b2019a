"""The grammar of meetings: written in the inventory, or read from a calendar."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from netwatch.core.units import BitRate, Duration
from netwatch.inventory.recurrence import LocalTime
from netwatch.inventory.recurrence_bounds import refusal
from netwatch.inventory.terms import Entry, Identifier, Text


def _rule(value: str) -> str:
    parts = [part.partition("=") for part in value.split(";")]
    rule = {name: values.split(",") for name, _, values in parts}
    if not re.fullmatch(r"(?:[A-Z]{4,10}=[A-Z0-9,+-]{1,64};?)+", value) or len(rule) != len(parts):
        raise ValueError(f"{value[:64]!r} is not a rule; write e.g. FREQ=WEEKLY;BYDAY=MO")
    if why := refusal(rule):
        raise ValueError(f"the rule {why}")
    return value


RecurrenceRule = Annotated[str, AfterValidator(_rule)]
"""RFC 5545, section 3.3.10, as far as meetings need it."""


_CALL = 2e6
"""Bits a second: a call in high definition, as codecs dial it unless told otherwise."""


class Participants(Entry):
    """Who takes part: the meeting endpoints of some sites.

    Attributes:
        tiers: all sites of these tiers.
        below: of them, only those that stand below this site.
        sites: these as well.
        roles: of the targets that are endpoints.
    """

    tiers: tuple[Identifier, ...] = ()
    below: Identifier | None = None
    sites: tuple[Identifier, ...] = ()
    roles: tuple[Identifier, ...] = Field(default=("codec",), min_length=1)


class MeetingSpec(Entry):
    """A meeting that is held once, or again and again.

    Attributes:
        level: between whom, e.g. ``province-district``; what its objective is counted by.
        start: of the first one.
        repeat: when it is held again.
        mcu: ``site/target`` that joins the rooms.
        bandwidth: bits a second of one room's call, each way.
        online: it is planned to be held online; one that is not counts as such, and no room is
            measured for it.
    """

    name_vi: Text
    name: Text | None = None
    level: Identifier
    start: LocalTime
    duration: Duration = Field(gt=0, le=86400)
    repeat: RecurrenceRule | None = None
    participants: Participants
    mcu: str | None = None
    bandwidth: BitRate = _CALL
    online: bool = True


class CalendarSpec(Entry):
    """A calendar whose events are meetings (iCalendar, RFC 5545).

    Attributes:
        file: where it is kept.
        level: of its meetings.
        participants: of events that name no rooms.
        mcu: ``site/target`` that joins the rooms.
        bandwidth: bits a second of one room's call, each way.
    """

    name_vi: Text
    file: Annotated[str, Field(min_length=1, max_length=4096)]
    level: Identifier
    participants: Participants = Participants()
    mcu: str | None = None
    bandwidth: BitRate = _CALL


class Preflight(Entry):
    """When, and how fast, the rooms of a meeting are measured.

    Attributes:
        before: seconds before the start at which all rooms are measured; the first one opens the
            watch over the meeting.
        within: seconds that such a measurement takes at most.
        every: seconds between two measurements while the meeting is held.
    """

    before: tuple[Annotated[Duration, Field(gt=0, le=86400)], ...] = Field(
        default=(3600.0, 1800.0, 600.0), min_length=1, max_length=8
    )
    within: Duration = Field(default=60.0, ge=10, le=600)
    every: Duration = Field(default=15.0, ge=5, le=600)
