"""Writes the journal in a thread of its own, so that a slow or full disk can't stop a probe."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from itertools import islice
from pathlib import Path

from netwatch.journal.file import keep_aside, open_journal
from netwatch.journal.records import JournalRecord

logger = logging.getLogger(__name__)

PULSE = 1.0
"""Seconds between two notes that the daemon is alive, and between two attempts on a bad disk."""

BATCH = 500
"""Records that are written at once."""

MOST = 100_000
"""Records that wait for a bad disk; further ones are lost, and counted."""

TIDY = 3600.0
"""Seconds between two looks for what is too old."""

MAX_EVENTS = 1_000_000
"""Events of each sort that are kept at most, however young they are."""

_TIDY = (
    "DELETE FROM event WHERE ended < :old OR id <= (SELECT max(id) FROM event) - :most",
    "DELETE FROM flow_event WHERE ended < :old OR id <= (SELECT max(id) FROM flow_event) - :most",
    "DELETE FROM meeting WHERE end < :old",
)

STOP_WITHIN = 2.0
"""Seconds that a stop may take."""


class JournalWriter:
    """Takes records at once and writes them soon.

    Args:
        path: the file; its directory is made when it is missing.
        keep: seconds for which events are kept after their end.

    Attributes:
        errors: how often something could not be written.
        written: how many records were.
    """

    def __init__(self, path: Path, keep: float) -> None:
        self.errors = 0
        self.written = 0
        self._path = path
        self._keep = keep
        self._waiting: deque[JournalRecord] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._connection: sqlite3.Connection | None = None
        self._tidied = 0.0
        self._complained = ""
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, record: JournalRecord) -> None:
        """Have a record written; returns at once."""
        if len(self._waiting) >= MOST:
            self.errors += 1
            return
        self._waiting.append(record)
        self._wake.set()

    def stop(self) -> None:
        """Write what waits, and stop; a disk that hangs is not waited for."""
        self._stopping = True
        self._wake.set()
        self._thread.join(STOP_WITHIN)

    def _run(self) -> None:
        while True:
            stopping = self._stopping
            works = self._write_all()
            if stopping:
                break
            if works:
                self._wake.wait(PULSE)
            else:
                time.sleep(PULSE)  # what comes meanwhile waits
            self._wake.clear()
        if self._connection is not None:
            self._connection.close()

    def _write_all(self) -> bool:
        """Write what waits, and the pulse; returns whether the disk is well."""
        try:
            while self._write_batch():
                pass
            self._tidy()
        except (sqlite3.Error, OSError) as error:
            self.errors += 1
            self._complain(error)
            return False
        self._complained = ""
        return True

    def _write_batch(self) -> bool:
        """Write a batch in one transaction; returns whether more waits."""
        if self._connection is None:
            self._connection = open_journal(self._path)
        batch = list(islice(self._waiting, BATCH))
        with self._connection:
            for record in batch:
                record.write(self._connection)
            self._connection.execute("UPDATE alive SET at = ?", (time.time(),))
        for _ in batch:
            self._waiting.popleft()
        self.written += len(batch)
        return bool(self._waiting)

    def _tidy(self) -> None:
        """Let go of events that are too old, or too many."""
        now = time.time()
        if self._connection is None or abs(now - self._tidied) < TIDY:
            return
        self._tidied = now
        with self._connection:
            for statement in _TIDY:
                self._connection.execute(statement, {"old": now - self._keep, "most": MAX_EVENTS})

    def _complain(self, error: sqlite3.Error | OSError) -> None:
        """Say once what is wrong; begin a new file when this one is broken."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        is_broken = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        try:
            if is_broken:
                keep_aside(self._path, str(error))
        except OSError as worse:
            error = worse
        if str(error) != self._complained:
            self._complained = str(error)
            logger.error("journal %s can't be written: %s; measuring goes on", self._path, error)
