"""How much of a calendar is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

DEFAULT_OCTETS = 8 << 20
"""Octets of a calendar: some ten years of an office that meets every day."""

DEFAULT_EVENTS = 5000
"""Events of this month and the next days that are kept; of a series, each time that it is held."""

DEFAULT_SECONDS = 20
"""Seconds of processor time for one calendar."""

MAX_OCTETS = 64 << 20
"""Octets that may be set at the most."""


@dataclass(frozen=True, slots=True)
class CalendarBounds:
    """The bounds of one reading.

    Attributes:
        octets: of the calendar.
        events: within the time that is asked for; of more those around ``now``.
        seconds: of processor time.
        now: with zone.
    """

    octets: int = DEFAULT_OCTETS
    events: int = DEFAULT_EVENTS
    seconds: int = DEFAULT_SECONDS
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def too_large(self) -> str:
        """What is said of a calendar that is larger."""
        return f"is larger than {self.octets} octets; set calendar_octets, or let it have less"

    def at(self, now: datetime) -> CalendarBounds:
        """The same at another time."""
        return replace(self, now=now)
