"""When the journal's old events may be removed: only by a clock that time itself has confirmed.

A clock that jumped, while the daemon ran or between two runs, says nothing about the age of an
event, and neither do the times of events that were written down by it. So after a jump nothing is
removed by age until as much time as events are kept for has really passed (CLOCK_BOOTTIME) while a
daemon ran: what is old then was kept for its whole time, whichever clock was wrong.
"""

from __future__ import annotations

import logging
import sqlite3
import time

logger = logging.getLogger(__name__)

MAX_DRIFT = 60.0
"""Seconds by which wall clock and passed time may differ from one look to the next."""

MAX_STALL = 60.0
"""Seconds between two looks; a process that was stopped for longer has measured nothing."""

MAX_PAUSE = 7 * 86400.0
"""Seconds between two runs of the daemon; a longer pause is taken for a jump of the clock."""


class RetentionClock:
    """Knows whether the wall clock may be believed.

    Args:
        keep: the longest time, in seconds, for which anything is kept.
    """

    def __init__(self, keep: float) -> None:
        self._keep = keep
        self._steady = keep
        self._wall, self._boot = _clocks()

    def begin(self, connection: sqlite3.Connection) -> None:
        """Go on from what the journal says, before anything is written to it.

        Raises:
            sqlite3.Error: it can't be read or written.
        """
        with connection:
            row = connection.execute("SELECT steady FROM retention").fetchone()
            (before,) = connection.execute("SELECT max(at) FROM alive").fetchone()
            self._steady = self._keep if row is None else float(row[0])
            self._wall, self._boot = _clocks()
            if before and not -MAX_DRIFT <= self._wall - before <= MAX_PAUSE:
                self._jumped(self._wall - before)
            self.save(connection)

    def look(self, connection: sqlite3.Connection) -> bool:
        """Compare the clocks; call it before each write. The caller commits.

        Returns:
            Whether the time since the last look can be believed: the clock didn't jump, and the
            process was not stopped for more than ``MAX_STALL``.
        """
        wall, boot = _clocks()
        passed = boot - self._boot
        moved = wall - self._wall - passed
        self._wall, self._boot = wall, boot
        self._steady = min(self._keep, self._steady + passed)
        if abs(moved) > MAX_DRIFT:
            self._jumped(moved)
            self.save(connection)
        return abs(moved) <= MAX_DRIFT and passed <= MAX_STALL

    def pass_over(self) -> None:
        """Count no time until now as a stop of the process: it waited for the disk.

        A jump of the clock meanwhile is left for the next look.
        """
        wall, boot = _clocks()
        passed = boot - self._boot
        if abs(wall - self._wall - passed) <= MAX_DRIFT:
            self._wall, self._boot = wall, boot
            self._steady = min(self._keep, self._steady + passed)

    def oldest(self, keep: float) -> float | None:
        """Unix time before which is old what is kept for so many seconds, ``keep`` at the most.

        None: nothing may be removed by its age.
        """
        return self._wall - keep if self._steady >= keep else None

    def save(self, connection: sqlite3.Connection) -> None:
        """Write down for how long the clock has been steady; the caller commits."""
        connection.execute("DELETE FROM retention")
        connection.execute("INSERT INTO retention VALUES (?)", (self._steady,))

    def _jumped(self, seconds: float) -> None:
        self._steady = 0.0
        logger.warning(
            "clock jumped by %.0f s; what is in the journal is kept for its whole time from now on",
            seconds,
        )


def _clocks() -> tuple[float, float]:
    """Unix time, and seconds that really passed since the machine was started."""
    return time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
