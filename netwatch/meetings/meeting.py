"""A meeting as it will be held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, on one day.

    Attributes:
        id: of the meeting in the inventory, or of the calendar; the same each time it is held.
        title: as people call it.
        start: with time zone.
        end: with time zone.
        endpoints: ``site/target`` of the rooms that take part, in the inventory's order.
        unknown: rooms that the calendar names and the inventory lacks, as they are written there.
        mcu: ``site/target``.
        bandwidth: bits a second of one room's call, each way.
        online: it is planned to be held online.
        uid: of the event in the calendar; empty for a meeting of the inventory.
        unsure: it stands as it was planned before, since it can't be read whether that is so now.
    """

    id: str
    title: str
    level: str
    start: datetime
    end: datetime
    endpoints: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    mcu: str | None = None
    bandwidth: float = 0.0
    online: bool = True
    uid: str = ""
    unsure: bool = False

    @property
    def series(self) -> str:
        """What names it in metrics: stable over days, and one for each series of a calendar."""
        if not self.uid:
            return self.id
        return f"{self.id}-{hashlib.blake2b(self.uid.encode(), digest_size=4).hexdigest()}"

    @property
    def key(self) -> str:
        """What names this one day of it."""
        return f"{self.series}@{self.start:%Y-%m-%dT%H:%M}"

    @property
    def rooms(self) -> tuple[str, ...]:
        """All that must work: the MCU, and the endpoints."""
        return (self.mcu, *self.endpoints) if self.mcu else self.endpoints


MAX_PAIRS = 10_000
"""Pairs of meetings at one time that are compared: a calendar may have thousands at one time."""


def overlaps(meetings: list[Meeting]) -> list[tuple[str, Meeting, Meeting]]:
    """Endpoints that two meetings want at the same time; each pair of meetings once an endpoint.

    No more than ``MAX_PAIRS`` are compared, the earliest first.
    """
    found = []
    for first, second in islice(_pairs(sorted(meetings, key=lambda each: each.start)), MAX_PAIRS):
        both = set(second.endpoints)
        found += [(each, first, second) for each in first.endpoints if each in both]
    return found


def _pairs(ordered: list[Meeting]) -> Iterator[tuple[Meeting, Meeting]]:
    """Meetings that are held at the same time."""
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 : place + 1 + MAX_PAIRS]:
            if second.start >= first.end:
                break
            yield first, second
