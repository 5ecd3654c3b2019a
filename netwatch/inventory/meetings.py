"""The grammar of meetings: written in the inventory, or read from a calendar."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from netwatch.core.units import BitRate, Duration
from netwatch.inventory.recurrence import LocalTime, RecurrenceRule, check_rule, parse_rule
from netwatch.inventory.terms import Address, Entry, Identifier, Text


def _calendar_url(value: str) -> str:
    host = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
    if len(value) > 1024 or not re.fullmatch(rf"https://{host}(?::[0-9]{{1,5}})?/[!-~]*", value):
        raise ValueError(
            f"{value[:64]!r} is no address of a calendar; write https://name/path, without user,"
            " password and spaces"
        )
    if "#" in value:
        raise ValueError("has a part behind #, which is never sent; remove it")
    return value


CalendarUrl = Annotated[str, AfterValidator(_calendar_url)]
"""Of a calendar, over HTTPS. What is secret belongs into a login."""


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

    @model_validator(mode="after")
    def _can_be_held(self) -> MeetingSpec:
        if self.repeat is not None:
            rule = parse_rule(self.repeat, self.start)
            check_rule(rule, timedelta(seconds=self.duration))
        return self


class CalendarSpec(Entry):
    """A calendar whose events are meetings (iCalendar, RFC 5545).

    Attributes:
        file: where it is kept on this machine.
        url: or where it is kept elsewhere; fetched over HTTPS only.
        address: of the server of ``url``, whose name is never looked up.
        login: id of the login that the server wants.
        ca: path of the authorities' certificates, or ``system``.
        level: of its meetings.
        participants: of events that name no rooms.
        mcu: ``site/target`` that joins the rooms.
        bandwidth: bits a second of one room's call, each way.
    """

    name_vi: Text
    file: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    url: CalendarUrl | None = None
    address: Address | None = None
    login: Identifier | None = None
    ca: Annotated[str, Field(min_length=1, max_length=4096)] = "system"
    level: Identifier
    participants: Participants = Participants()
    mcu: str | None = None
    bandwidth: BitRate = _CALL

    @model_validator(mode="after")
    def _is_kept_in_one_place(self) -> CalendarSpec:
        if (self.file is None) == (self.url is None):
            raise ValueError("needs either file or url")
        if (self.url is None) != (self.address is None):
            raise ValueError("url and address belong together; names are never looked up")
        if self.login is not None and self.url is None:
            raise ValueError("login is for url; a file needs none")
        return self

    @property
    def source(self) -> str:
        """The file's path, or the URL."""
        return self.file or self.url or ""


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
