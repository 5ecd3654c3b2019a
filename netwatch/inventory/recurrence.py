"""Calendar rules: when something recurs, as RFC 5545 writes it. All times are local wall times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Annotated

from dateutil.rrule import rrule, rrulestr
from pydantic import AfterValidator, BeforeValidator

from netwatch.inventory.recurrence_bounds import refusal

EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 - wall time
"""Begin of the first occurrence at the earliest: a rule is followed from there on."""

_LONGEST = 256
_PART = "[A-Z]{4,10}=[A-Z0-9,+-]{1,64}"
_COMPARED = 60
"""Occurrences that are held against the duration: a year of a weekly rule."""


def parse_local(text: object) -> datetime:
    """A wall time from ``2026-12-05 22:00``."""
    try:
        moment = datetime.strptime(str(text), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - wall time
    except ValueError:
        moment = None
    if moment is None or moment < EARLIEST:
        raise ValueError(
            f"{str(text)[:64]!r} is not a time since 2000; write year-month-day hour:minute,"
            " e.g. 2026-12-05 22:00"
        )
    return moment


LocalTime = Annotated[datetime, BeforeValidator(parse_local)]
"""Date and time in the province's time zone."""


def _rule(text: str) -> str:
    if len(text) > _LONGEST or not re.fullmatch(rf"{_PART}(?:;{_PART})*", text):
        raise ValueError(f"{text[:64]!r} is not a rule; write e.g. FREQ=WEEKLY;BYDAY=SA (RFC 5545)")
    given = [part.partition("=") for part in text.split(";")]
    parts = {name: values.split(",") for name, _, values in given}
    if len(parts) != len(given):
        raise ValueError(f"{text[:64]!r} is not a rule; it says something twice")
    if why := refusal(parts):
        raise ValueError(f"the rule {why}")
    return text


RecurrenceRule = Annotated[str, AfterValidator(_rule)]
"""RFC 5545, section 3.3.10, as far as people need it and it can soon be worked out."""


def parse_rule(text: str, starts: datetime) -> rrule:
    """The rule of ``FREQ=WEEKLY;BYDAY=SA``, from ``starts`` on.

    Raises:
        ValueError: it is no rule, for all its form.
    """
    try:
        rule = rrulestr(text, dtstart=starts)
    except (ValueError, TypeError) as error:
        raise ValueError(f"the rule can't be read: {error}") from None
    assert isinstance(rule, rrule)  # what one line without DTSTART gives
    return rule


def check_rule(rule: rrule, duration: timedelta) -> None:
    """Whether a rule makes sense for something that lasts so long.

    Raises:
        ValueError: it never happens, or begins anew before it is over.
    """
    first = list(islice(rule, _COMPARED))
    if not first:
        raise ValueError("never happens; correct the rule or starts")
    if any(after - before < duration for before, after in pairwise(first)):
        raise ValueError("begins anew before it is over; make it shorter, or the rule rarer")


def latest(rule: rrule | None, starts: datetime, now: datetime) -> datetime | None:
    """The last begin that is not after ``now``; without a rule, there is one only."""
    if rule is None:
        return starts if starts <= now else None
    found: datetime | None = rule.before(now, inc=True)
    return found


def following(rule: rrule | None, starts: datetime, now: datetime) -> datetime | None:
    """The first begin after ``now``; None when there is none."""
    if rule is None:
        return starts if starts > now else None
    found: datetime | None = rule.after(now)
    return found
