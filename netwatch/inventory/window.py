"""The grammar of time windows that may recur."""

from __future__ import annotations

from pydantic import Field, model_validator

from netwatch.core.units import Duration
from netwatch.inventory.recurrence import LocalTime, RecurrenceRule, check_repeat
from netwatch.inventory.terms import Entry


class Window(Entry):
    """A time window, once or repeated.

    Attributes:
        starts: local time, in the time zone of the province.
        duration: seconds (``for`` in the file).
        repeat: RFC 5545 rule of further begins; None when it happens once.
    """

    starts: LocalTime
    duration: Duration = Field(alias="for", gt=0, le=31 * 86400)
    repeat: RecurrenceRule | None = None

    @model_validator(mode="after")
    def _recurs_sensibly(self) -> Window:
        check_repeat(self.repeat, self.starts, self.duration)
        return self
