"""The grammar of meetings: written in the inventory, or read from a calendar."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from netwatch.core.units import BitRate, Duration
from netwatch.inventory.recurrence import LocalTime, RecurrenceRule, check_repeat
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
"""An https URL without user or password; secrets belong into a login."""


_DEFAULT_BANDWIDTH = 2e6
"""Bits a second of a call in high definition, as codecs dial by default."""


class Participants(Entry):
    """The meeting endpoints that take part.

    Attributes:
        tiers: those at all sites of these tiers.
        below: id of a site; of ``tiers`` only the sites below it count.
        sites: those at these sites as well.
        roles: roles of the targets that are endpoints.
    """

    tiers: tuple[Identifier, ...] = ()
    below: Identifier | None = None
    sites: tuple[Identifier, ...] = ()
    roles: tuple[Identifier, ...] = Field(default=("codec",), min_length=1)


class MeetingSpec(Entry):
    """A meeting that is held once or repeatedly.

    Attributes:
        level: between whom, e.g. ``province-district``; objectives count meetings by it.
        start: of the first meeting, in the province's time zone.
        duration: seconds.
        repeat: RFC 5545 rule of further meetings; None for a single one.
        mcu: ``site/target`` of the bridge that joins the rooms.
        bandwidth: bits a second of one room's call, each way.
        online: whether it is planned to be held online. One that is not is counted as that, and
            none of its rooms is measured.
    """

    name_vi: Text
    name: Text | None = None
    level: Identifier
    start: LocalTime
    duration: Duration = Field(gt=0, le=86400)
    repeat: RecurrenceRule | None = None
    participants: Participants
    mcu: str | None = None
    bandwidth: BitRate = _DEFAULT_BANDWIDTH
    online: bool = True

    @model_validator(mode="after")
    def _can_be_held(self) -> MeetingSpec:
        check_repeat(self.repeat, self.start, self.duration)
        return self


class CalendarSpec(Entry):
    """A calendar whose events are meetings (iCalendar, RFC 5545).

    Attributes:
        file: path of the calendar on this machine; None when ``url`` is given.
        url: where it is fetched from.
        address: IP address of the server in ``url``, so that no name has to be looked up.
        login: id of the login for the server; None when it needs none.
        ca: path of the CA certificates for the server, or ``system``.
        level: of all its meetings.
        participants: of events that name no rooms.
        mcu: ``site/target`` of the bridge that joins the rooms.
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
    bandwidth: BitRate = _DEFAULT_BANDWIDTH

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
    """When the rooms of a meeting are measured.

    Attributes:
        before: seconds before the start at which all rooms are measured; the meeting is monitored
            from the first of these on.
        within: seconds within which such a round over all rooms ends.
        every: seconds between two measurements while the meeting is held.
    """

    before: tuple[Annotated[Duration, Field(gt=0, le=86400)], ...] = Field(
        default=(3600.0, 1800.0, 600.0), min_length=1, max_length=8
    )
    within: Duration = Field(default=60.0, ge=10, le=600)
    every: Duration = Field(default=15.0, ge=5, le=600)
