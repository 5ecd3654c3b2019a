"""Refused logins: the first is told at once, a flood of them in one line now and then."""

from __future__ import annotations

import asyncio
from collections import Counter

from netwatch.audit.log import AuditLog
from netwatch.audit.who import PROGRAM

INTERVAL = 600.0
"""Seconds between two lines."""

MAX_NAMED = 20
"""Users and sources that a line names; the others are counted together."""

OTHERS = "others"
UNKNOWN = "unknown name"


class RefusedLogins:
    """Counts refused logins until a line is due. It is used by the event loop alone.

    Args:
        audit: takes the lines.
    """

    def __init__(self, audit: AuditLog) -> None:
        self._audit = audit
        self._users: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, user: str, source: str, *, is_known: bool) -> None:
        """One more login was refused.

        Args:
            user: as it was given. The name of nobody is not told: it may be a password that was
                typed into the wrong field.
            source: the address.
            is_known: whether there is such a user.
        """
        _count(self._users, user if is_known else UNKNOWN)
        _count(self._sources, source)
        if self._timer is None:
            self._write()

    def close(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
        if self._users:
            self._record()

    def _write(self) -> None:
        """Write a line, and the next one after ``INTERVAL`` if there is anything to tell."""
        self._timer = None
        if self._users:
            self._record()
            self._timer = asyncio.get_running_loop().call_later(INTERVAL, self._write)

    def _record(self) -> None:
        details = {
            "count": self._users.total(),
            "users": dict(self._users),
            "sources": dict(self._sources),
        }
        self._audit.record(PROGRAM, "login-refused", "web", details)
        self._users.clear()
        self._sources.clear()


def _count(counts: Counter[str], name: str) -> None:
    counts[name if name in counts or len(counts) < MAX_NAMED else OTHERS] += 1
