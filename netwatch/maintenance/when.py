"""Times as people write them, in the time zone of the province."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_FORMS = ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
"""The last one is what a browser sends for a field of date and time."""


def parse_when(text: str, zone: ZoneInfo, now: float) -> float:
    """The unix time of ``05/12/2026 22:00``, ``2026-12-05 22:00``, or of the next ``22:00``.

    Raises:
        ValueError: it is written differently; the message says what to write.
    """
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
        return _next(text, zone, now)
    for form in _FORMS:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - the zone comes next
        except ValueError:
            continue
        if 2000 <= moment.year < 3000:
            return moment.replace(tzinfo=zone).timestamp()
    raise _refused(text)


def _next(text: str, zone: ZoneInfo, now: float) -> float:
    hour, _, minute = text.partition(":")
    today = datetime.fromtimestamp(now, zone)
    try:
        moment = today.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    except ValueError:
        raise _refused(text) from None
    return (moment if moment.timestamp() > now else moment + timedelta(days=1)).timestamp()


def _refused(text: str) -> ValueError:
    return ValueError(
        f"{text[:64]!r} is not a time; write day/month/year hour:minute, e.g. 05/12/2026 22:00,"
        " or 22:00 for the next time that it is"
    )
