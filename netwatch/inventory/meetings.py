"""The grammar of meetings: written in the inventory, or read from a calendar."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from netwatch.core.units import Duration
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
    """

    name_vi: Text
    name: Text | None = None
    level: Identifier
    start: LocalTime
    duration: Duration = Field(gt=0, le=86400)
    repeat: RecurrenceRule | None = None
    participants: Participants
    mcu: str | None = None


class CalendarSpec(Entry):
    """A calendar whose events are meetings (iCalendar, RFC 5545).

    Attributes:
        file: where it is kept.
        level: of its meetings.
        participants: of events that name no rooms.
        mcu: ``site/target`` that joins the rooms.
    """

    name_vi: Text
    file: Annotated[str, Field(min_length=1, max_length=4096)]
    level: Identifier
    participants: Participants = Participants()
    mcu: str | None = None
