"""Recurrence rules of RFC 5545. All times are wall times of the province."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Annotated

from dateutil.rrule import rrule, rrulestr
from pydantic import AfterValidator, BeforeValidator

from netwatch.inventory.recurrence_bounds import refusal

MIN_START = datetime(2000, 1, 1)  # noqa: DTZ001 - wall time
"""The earliest begin: a rule is expanded from its begin on, which must not take long."""

_MAX_RULE_LENGTH = 256
"""Characters."""

_PART = "[A-Z]{4,10}=[A-Z0-9,+-]{1,64}"
_COMPARED = 60
"""Occurrences that are compared with the duration: a year of a weekly rule."""


def parse_local(text: object) -> datetime:
    """The wall time that is written as ``2026-12-05 22:00``.

    Raises:
        ValueError: it is written differently, or before ``MIN_START``.
    """
    try:
        moment = datetime.strptime(str(text), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - wall time
    except ValueError:
        moment = None
    if moment is None or moment < MIN_START:
        raise ValueError(
            f"{str(text)[:64]!r} is not a time since 2000; write year-month-day hour:minute,"
            " e.g. 2026-12-05 22:00"
        )
    return moment


LocalTime = Annotated[datetime, BeforeValidator(parse_local)]
"""Date and time in the province's time zone."""


def _rule(text: str) -> str:
    if len(text) > _MAX_RULE_LENGTH or not re.fullmatch(rf"{_PART}(?:;{_PART})*", text):
        raise ValueError(f"{text[:64]!r} is not a rule; write e.g. FREQ=WEEKLY;BYDAY=SA (RFC 5545)")
    given = [part.partition("=") for part in text.split(";")]
    parts = {name: values.split(",") for name, _, values in given}
    if len(parts) != len(given):
        raise ValueError(f"{text[:64]!r} is not a rule; it says something twice")
    if why := refusal(parts):
        raise ValueError(f"the rule {why}")
    return text


RecurrenceRule = Annotated[str, AfterValidator(_rule)]
"""A rule of RFC 5545, section 3.3.10, of the kinds that ``recurrence_bounds`` allows."""


def parse_rule(text: str, starts: datetime) -> rrule:
    """The rule of a text such as ``FREQ=WEEKLY;BYDAY=SA``, from ``starts`` on.

    Raises:
        ValueError: its parts are well-formed, but make no rule together.
    """
    try:
        rule = rrulestr(text, dtstart=starts)
    except (ValueError, TypeError) as error:
        raise ValueError(f"the rule can't be read: {error}") from None
    assert isinstance(rule, rrule)  # what one line without DTSTART gives
    return rule


def check_repeat(repeat: str | None, starts: datetime, duration: float) -> None:
    """Check that a rule makes sense for something that lasts ``duration`` seconds.

    Raises:
        ValueError: it is no rule, never occurs, or occurs again before it is over.
    """
    if repeat is None:
        return
    first = list(islice(parse_rule(repeat, starts), _COMPARED))
    if not first:
        raise ValueError("never happens; correct the rule or starts")
    if any(after - before < timedelta(seconds=duration) for before, after in pairwise(first)):
        raise ValueError("begins anew before it is over; make it shorter, or the rule rarer")


def latest(rule: rrule | None, starts: datetime, now: datetime) -> datetime | None:
    """The last begin that is not after ``now``, None when there is none.

    Without a rule ``starts`` is the only begin.
    """
    if rule is None:
        return starts if starts <= now else None
    found: datetime | None = rule.before(now, inc=True)
    return found


def following(rule: rrule | None, starts: datetime, now: datetime) -> datetime | None:
    """The first begin after ``now``, None when there is none; without a rule as in ``latest``."""
    if rule is None:
        return starts if starts > now else None
    found: datetime | None = rule.after(now)
    return found
