"""Writes the journal in a thread of its own, so that a slow or full disk delays no probe."""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
import time
from collections import deque
from itertools import islice
from pathlib import Path

from netwatch.journal.audit_lines import MIN_KEPT, remove_old_lines
from netwatch.journal.coverage import Coverage, forget_before, forget_old_runs
from netwatch.journal.days import MIN_SUMS_KEPT, sum_up_days
from netwatch.journal.file import move_aside, open_journal
from netwatch.journal.records import JournalRecord
from netwatch.journal.retention import RetentionClock

logger = logging.getLogger(__name__)

ALIVE_INTERVAL = 1.0
"""Seconds between two updates of the time until which the daemon ran, and between two attempts
while the disk fails."""

MAX_BATCH = 500
"""Records that are written in one transaction."""

MAX_WAITING = 100_000
"""Records that wait while the disk fails; further ones are dropped, and counted as errors."""

CLEANUP_INTERVAL = 3600.0
"""Seconds between two deletions of old events."""

MAX_EVENTS = 1_000_000
"""Events of targets and sites, and as many of flows, that are kept, however young they are."""

_TOO_MANY = "DELETE FROM {table} WHERE id <= (SELECT max(id) FROM {table}) - ?"
_NEWEST_DROPPED = (
    "SELECT max(coalesce(ended, began)) FROM event WHERE id <= (SELECT max(id) FROM event) - ?"
)
_OLD_EVENTS = "DELETE FROM event WHERE ended < ?"
MAX_INCIDENTS = 100_000
"""Incidents that are kept, however young they are."""

_OLD_INCIDENTS = (
    "DELETE FROM incident_entry WHERE incident IN (SELECT id FROM incident WHERE ended < ?)",
    "DELETE FROM incident_site WHERE incident IN (SELECT id FROM incident WHERE ended < ?)",
    "DELETE FROM incident WHERE ended < ?",
)
_FIRST_TOO_MANY = "SELECT ended FROM incident ORDER BY ended DESC LIMIT 1 OFFSET ?"
"""The end of the first one that is too many; those that go on stand last."""

_OLD_SUMS = (
    "DELETE FROM flow_event WHERE ended < ?",
    "DELETE FROM meeting WHERE end < ?",
    "DELETE FROM day WHERE day < (719163 + ? / 86400)",  # 1970-01-01
)

STOP_TIMEOUT = 2.0
"""Seconds that ``stop`` waits for the last records to be written."""


class JournalWriter:
    """Queues records, and writes them from its own thread.

    Args:
        path: the journal; its directory is made when it is missing.
        keep: seconds for which events are kept after their end.

    Attributes:
        errors: how many records were dropped and how many writes failed.
        written: how many records were written.
    """

    def __init__(self, path: Path, keep: float) -> None:
        self.errors = 0
        self.written = 0
        self._path = path
        self._keep = keep
        self._keep_audit = max(keep, MIN_KEPT)
        self._keep_sums = max(keep, MIN_SUMS_KEPT)
        self._retention = RetentionClock(max(self._keep_audit, self._keep_sums))
        self._coverage = Coverage()
        self._waiting: deque[JournalRecord] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._connection: sqlite3.Connection | None = None
        self._cleaned_up = -math.inf
        self._logged_error = ""
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, record: JournalRecord) -> None:
        """Queue a record; returns at once."""
        if len(self._waiting) >= MAX_WAITING:
            self.errors += 1
            return
        self._waiting.append(record)
        self._wake.set()

    def stop(self) -> None:
        """Write what is queued and stop, within ``STOP_TIMEOUT`` even if the disk hangs."""
        self._stopping = True
        self._wake.set()
        self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        while True:
            stopping = self._stopping
            works = self._write_all()
            if stopping:
                break
            if works:
                self._wake.wait(ALIVE_INTERVAL)
            else:
                time.sleep(ALIVE_INTERVAL)  # records that come meanwhile are queued
            self._wake.clear()
        if self._connection is not None:
            self._connection.close()

    def _write_all(self) -> bool:
        """Write what is queued and the present time; returns whether that succeeded."""
        try:
            while self._write_batch():
                pass
            self._clean_up()
        except (sqlite3.Error, OSError) as error:
            self.errors += 1
            self._log_error(error)
            return False
        self._logged_error = ""
        return True

    def _write_batch(self) -> bool:
        """Write a batch in one transaction; returns whether more is queued."""
        if self._connection is None:
            connection = open_journal(self._path)
            self._connection = connection
            self._retention.begin(connection)
            with connection:
                self._coverage.begin(connection)
        batch = list(islice(self._waiting, MAX_BATCH))
        with self._connection:
            without_break = self._retention.look(self._connection)
            self._coverage.tell(self._connection, without_break=without_break)
            for record in batch:
                record.write(self._connection)
            self._connection.execute("UPDATE alive SET at = ?", (time.time(),))
        self._retention.pass_over()
        for _ in batch:
            self._waiting.popleft()
        self.written += len(batch)
        return bool(self._waiting)

    def _clean_up(self) -> None:
        """Delete events that are too old or too many, once in ``CLEANUP_INTERVAL``."""
        now = time.monotonic()
        if self._connection is None or now - self._cleaned_up < CLEANUP_INTERVAL:
            return
        self._cleaned_up = now
        oldest = self._retention.oldest(self._keep)
        oldest_line = self._retention.oldest(self._keep_audit)
        oldest_sum = self._retention.oldest(self._keep_sums)
        with self._connection:
            self._retention.save(self._connection)
            newest = self._connection.execute(_NEWEST_DROPPED, (MAX_EVENTS,)).fetchone()[0]
            if newest is not None:
                forget_before(self._connection, newest)
            for table in ("event", "flow_event"):
                self._connection.execute(_TOO_MANY.format(table=table), (MAX_EVENTS,))
            self._remove_incidents(oldest)
            if oldest is not None:
                summed = sum_up_days(self._connection, oldest)
                self._connection.execute(_OLD_EVENTS, (summed,))
            if oldest_line is not None:
                remove_old_lines(self._connection, oldest_line)
            if oldest_sum is not None:
                forget_old_runs(self._connection, oldest_sum)
                for statement in _OLD_SUMS:
                    self._connection.execute(statement, (oldest_sum,))

    def _remove_incidents(self, oldest: float | None) -> None:
        """Delete those that ended before a unix time, or that are too many; the caller commits."""
        assert self._connection is not None
        found = self._connection.execute(_FIRST_TOO_MANY, (MAX_INCIDENTS,)).fetchone()
        ends = [each for each in (oldest, *(found or ())) if each is not None]
        for statement in _OLD_INCIDENTS if ends else ():
            self._connection.execute(statement, (max(ends),))

    def _log_error(self, error: sqlite3.Error | OSError) -> None:
        """Log an error once; begin a new file when this one is damaged."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        is_broken = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        try:
            if is_broken:
                move_aside(self._path, str(error))
        except OSError as worse:
            error = worse
        if str(error) != self._logged_error:
            self._logged_error = str(error)
            logger.error("journal %s can't be written: %s; measuring goes on", self._path, error)
