"""What was read of a calendar last, and what was refused: kept, so that nothing is read twice."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarReading

RETRY_INTERVAL = 86400.0
"""Seconds after which a calendar that was refused is tried again though it is unchanged."""


class LastReading(BaseModel):
    """The last good reading of a calendar, and the last content that was refused.

    Attributes:
        source: path or URL of the calendar.
        bounds: octets, events and seconds that it was read with.
        digest: of the content that ``reading`` is of.
        refused: digest of a content that could not be read.
        refusal: why.
        refused_at: Unix time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    bounds: tuple[int, int, int]
    digest: str = ""
    reading: CalendarReading | None = None
    refused: str = ""
    refusal: str = ""
    refused_at: float = 0.0

    @classmethod
    def nothing(cls, source: str, bounds: CalendarBounds) -> LastReading:
        """Nothing was read yet."""
        return cls(source=source, bounds=(bounds.octets, bounds.events, bounds.seconds))

    def is_of(self, digest: str, begin: datetime, end: datetime) -> bool:
        """Whether the reading is of this content, and of the whole time from begin to end."""
        found = self.reading
        return (
            found is not None
            and self.digest == digest
            and found.begin <= begin
            and end <= found.end
        )

    def refuses(self, digest: str) -> bool:
        """Whether this content was refused lately."""
        return self.refused == digest and 0 <= time.time() - self.refused_at < RETRY_INTERVAL

    def with_reading(self, digest: str, reading: CalendarReading) -> LastReading:
        """The same, with a newer reading."""
        return self.model_copy(update={"digest": digest, "reading": reading})

    def with_refusal(self, digest: str, why: str) -> LastReading:
        """The same, with a newer refusal; the reading stands."""
        found = {"refused": digest, "refusal": why, "refused_at": time.time()}
        return self.model_copy(update=found)


def digest_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
