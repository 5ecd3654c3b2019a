"""One announcement against the clock: is it under way, and when is it next?"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from netwatch.maintenance.announcements import Announcement
from netwatch.maintenance.request import window_of
from netwatch.state.maintenance import Scope, Work
from netwatch.state.occurrences import Occurrences, Span


class AnnouncedWork:
    """An announcement with what it affects.

    Args:
        announcement: as it stands in the file; a rule that can't be used makes it happen once.
        scope: what it affects.
        zone: of the province.
    """

    def __init__(self, announcement: Announcement, scope: Scope, zone: ZoneInfo) -> None:
        self._announcement = announcement
        self._scope = scope
        self._occurrences = _occurrences(announcement, zone)

    def at(self, now: float) -> Work | None:
        """The work that is under way at a unix time; None when it isn't."""
        if self._occurrences is None:
            begins, ends = self._announcement.begins, self._announcement.ends
            return self._work((begins, ends)) if begins <= now < ends else None
        span = self._occurrences.at(now)
        return self._work(span) if span is not None and now < self._announcement.ends else None

    def after(self, now: float) -> Work | None:
        """The work that begins next after a unix time; None when there is no more."""
        if self._occurrences is None:
            begins, ends = self._announcement.begins, self._announcement.ends
            return self._work((begins, ends)) if now < begins < ends else None
        span = self._occurrences.after(now)
        return self._work(span) if span is not None and span[0] < self._announcement.ends else None

    def _work(self, span: Span) -> Work:
        it = self._announcement
        begins, ends = span[0], min(span[1], it.ends)
        return Work(it.id, it.reason, begins, ends, self._scope, it.author, is_announced=True)


def _occurrences(announcement: Announcement, zone: ZoneInfo) -> Occurrences | None:
    if announcement.repeat is None or announcement.lasts is None:
        return None
    try:
        return Occurrences(window_of(announcement, zone), zone)
    except (ValueError, OverflowError):  # written by hand; a ValidationError is a ValueError
        return None
