"""DateAndTime (RFC 2579): the time of day as a device writes it. Takes any value from a device."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from netwatch.snmp.values import Value


def unix_time(value: Value, zone: timedelta) -> float | None:
    """Unix seconds of a DateAndTime of 8 or 11 octets; None when the value is no DateAndTime.

    A leap second counts as the second before it.

    Args:
        value: what the device sent.
        zone: how far its time is ahead of UTC where it does not say so.
    """
    if not isinstance(value, bytes) or len(value) not in {8, 11}:
        return None
    year, (month, day, hour, minute, second, tenth) = int.from_bytes(value[:2], "big"), value[2:8]
    try:
        offset = _offset(value[8:]) if len(value) == 11 else zone
        second = min(second, 59) if second == 60 else second
        microsecond = tenth * 100_000 if tenth <= 9 else -1
        moment = datetime(
            year, month, day, hour, minute, second, microsecond, tzinfo=timezone(offset)
        )
        return moment.astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _offset(octets: bytes) -> timedelta:
    sign, hours, minutes = octets
    if sign not in b"+-" or hours > 14 or minutes > 59:
        raise ValueError("not a direction, hours and minutes from UTC")
    offset = timedelta(hours=hours, minutes=minutes)
    return offset if sign == ord("+") else -offset
