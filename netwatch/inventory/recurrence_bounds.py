"""Which recurrence rules are allowed: those that are computed quickly, whoever wrote them.

A rule of every second since 1970, or of every 30th of February, keeps any library busy for minutes:
what never occurs is searched until the year 9999. Calendars that people keep have no such rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_PARTS: Mapping[str, frozenset[str]] = {
    "DAILY": frozenset({"BYDAY", "BYMONTH"}),
    "WEEKLY": frozenset({"BYDAY", "BYMONTH"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY"}),
}
"""For each frequency, the parts with which an occurrence is always found quickly."""

_ALWAYS_ALLOWED = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_MAX_VALUES = 62
_MAX_INTERVAL = 1000

_MAX_MONTH_DAYS = {"2": 29, "4": 30, "6": 30, "9": 30, "11": 30}
_WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_WEEKDAY = re.compile(r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)")


def refusal(rule: Mapping[str, Sequence[object]]) -> str | None:
    """Why a rule (RFC 5545, section 3.3.10) is not allowed; None when it is.

    Args:
        rule: the values of each of its parts.
    """
    parts = _texts(rule)
    frequency = "".join(parts.get("FREQ", []))
    if frequency not in _PARTS:
        return f"repeats {frequency[:16] or 'never'}; only days, weeks, months and years are taken"
    if unknown := parts.keys() - _PARTS[frequency] - _ALWAYS_ALLOWED:
        return f"{frequency} with {min(unknown)[:16]} is not taken"
    if any(len(values) > _MAX_VALUES for values in parts.values()):
        return "has too many values"
    intervals = parts.get("INTERVAL", ["1"])
    if len(intervals) != 1 or not _is_within(intervals[0], _MAX_INTERVAL):
        return f"INTERVAL must be 1 to {_MAX_INTERVAL}"
    return next(_impossible(frequency, parts), None)


def _texts(rule: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    return {name.upper(): [str(value) for value in values] for name, values in rule.items()}


def _impossible(frequency: str, parts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Why a combination of parts may never occur, one reason each.

    The 31st, or a fifth Monday, is found soon when every month is looked at; with an INTERVAL only
    months that lack one may be.
    """
    leaps = parts.get("INTERVAL", ["1"]) != ["1"]
    if frequency == "DAILY" and leaps and (chosen := parts.keys() & _PARTS["DAILY"]):
        yield f"DAILY with INTERVAL and {min(chosen)} is not taken"
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        yield f"{frequency} by weekday and day of the month at once is not taken"
    months = parts.get("BYMONTH", ())
    if frequency == "YEARLY" and months and not parts.keys() & {"BYDAY", "BYMONTHDAY"}:
        yield "YEARLY with BYMONTH needs BYMONTHDAY or BYDAY"
    plain = [day for day in parts.get("BYDAY", ()) if day.upper() in _WEEKDAYS]
    most = (
        4 * len(plain)
        if plain and len(plain) == len(parts["BYDAY"]) and len({*plain}) == len(plain)
        else 1
    )
    if not all(_is_within(place.removeprefix("-"), most) for place in parts.get("BYSETPOS", ())):
        yield f"BYSETPOS must be 1 to {most}, or -1 to -{most}: no month has less of these days"
    if not all(_is_within(month, 12) for month in months):
        yield "BYMONTH must be 1 to 12"
    longest = max((_MAX_MONTH_DAYS.get(month.lstrip("0"), 31) for month in months), default=31)
    days = 28 if leaps else longest
    if not all(_is_within(day.removeprefix("-"), days) for day in parts.get("BYMONTHDAY", ())):
        yield f"BYMONTHDAY must be 1 to {days}, or -1 to -{days}"
    weeks = (52 if frequency == "YEARLY" and not months else 4) + (not leaps)
    if not all(_is_weekday(day, weeks) for day in parts.get("BYDAY", ())):
        yield f"BYDAY must be weekdays, of which there are up to {weeks}: MO, 1MO, -1MO"


def _is_within(value: str, maximum: int) -> bool:
    return value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= maximum


def _is_weekday(value: str, weeks: int) -> bool:
    """Whether this is a weekday that occurs: a month may have a fifth Monday, never a sixth."""
    day = _WEEKDAY.fullmatch(value.upper())
    return day is not None and abs(int(day[1] or 1)) <= weeks
