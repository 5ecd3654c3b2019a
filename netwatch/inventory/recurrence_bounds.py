"""Which recurrence rules are worked out: those that end soon to compute, whoever wrote them.

A rule of every second since 1970, or of every day that is the 30th of February, keeps any library
busy for minutes. The rules that calendars of people write are none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_PARTS: Mapping[str, frozenset[str]] = {
    "DAILY": frozenset({"BYDAY", "BYMONTH"}),
    "WEEKLY": frozenset({"BYDAY", "BYMONTH"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY"}),
}
"""Of each frequency, the parts by which a rule can't be impossible for long."""

_ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_MOST_VALUES = 62
_LARGEST_INTERVAL = 1000


def refusal(rule: Mapping[str, Sequence[object]]) -> str | None:
    """Why a rule (RFC 5545, section 3.3.10) is not worked out; None when it is.

    Args:
        rule: its parts, each with its values.
    """
    parts = {name.upper(): [str(value) for value in values] for name, values in rule.items()}
    frequency = "".join(parts.get("FREQ", []))
    if frequency not in _PARTS:
        return f"repeats {frequency[:16] or 'never'}; only days, weeks, months and years are taken"
    if unknown := parts.keys() - _PARTS[frequency] - _ALWAYS:
        return f"{frequency} with {min(unknown)[:16]} is not taken"
    if any(len(values) > _MOST_VALUES for values in parts.values()):
        return "has too many values"
    if not all(
        value.isdigit() and 1 <= int(value[:9]) <= _LARGEST_INTERVAL
        for value in parts.get("INTERVAL", [])
    ):
        return f"INTERVAL must be 1 to {_LARGEST_INTERVAL}"
    if frequency == "MONTHLY":
        return _monthly(parts)
    return None


def _monthly(parts: Mapping[str, Sequence[str]]) -> str | None:
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        return "MONTHLY by weekday and day of the month at once is not taken"
    if not set(parts.get("BYSETPOS", ())) <= {"1", "-1"}:
        return "of BYSETPOS only 1 and -1 are taken"
    return None
