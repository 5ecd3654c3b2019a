"""Writes the audit: by the journal's own thread in the daemon, or at once by a command."""

from __future__ import annotations

import logging
import sqlite3
import syslog
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netwatch.audit.line import AuditLine, What
from netwatch.audit.who import PROGRAM, Who
from netwatch.disk.private import working_in
from netwatch.journal.file import open_journal
from netwatch.journal.writer import JournalWriter

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LineAdded:
    """A line that is added to the end of the chain. A record of the journal."""

    line: AuditLine

    def write(self, connection: sqlite3.Connection) -> None:
        """Add it; the caller commits."""
        append(connection, self.line)


@dataclass(frozen=True, slots=True)
class DaemonStarted:
    """The daemon started; that the run before had no end is told first. A record of the journal."""

    line: AuditLine

    def write(self, connection: sqlite3.Connection) -> None:
        """Add a line, or two; the caller commits."""
        last = connection.execute(
            "SELECT what FROM audit WHERE what IN ('start', 'stop') ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if last == ("start",):
            (alive,) = connection.execute("SELECT max(at) FROM alive").fetchone()
            until = self.line.at / 1000
            details = {"alive_until": round(alive, 3)} if alive else {}
            append(connection, AuditLine.of(until, PROGRAM, "unclean-end", "", details))
        append(connection, self.line)


class AuditLog:
    """Takes down who does what, and logs it as well, so that another machine may keep it too.

    Args:
        writer: of the journal; None where nothing is kept.
    """

    def __init__(self, writer: JournalWriter | None = None) -> None:
        self._writer = writer

    def record(self, who: Who, what: What, subject: str, details: Mapping[str, Any]) -> None:
        """Take down that somebody did something just now; returns at once.

        Args:
            who: did it.
            what: they did.
            subject: to what, as ``flow:party-portal``; may be empty.
            details: values of JSON, none of which is a secret; what is too large is left out.
        """
        line = _now(who, what, subject, details)
        if self._writer is not None:
            self._writer.put(DaemonStarted(line) if what == "start" else LineAdded(line))


def record_at_once(
    journal: Path, who: Who, what: What, subject: str, details: Mapping[str, Any]
) -> None:
    """Take down what a command does, beside a daemon that may be running.

    Raises:
        OSError, sqlite3.Error: it can't be written, as when the disk is full.
    """
    line = AuditLine.of(time.time(), who, what, subject, details)
    with working_in(journal.parent), closing(open_journal(journal)) as connection, connection:
        append(connection, line)
    # To the system's log, where the daemon's lines come as well; the terminal is for the answer.
    syslog.openlog("netwatch", 0, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_INFO, _logged(line))


def _now(who: Who, what: What, subject: str, details: Mapping[str, Any]) -> AuditLine:
    line = AuditLine.of(time.time(), who, what, subject, details)
    logger.info("%s", _logged(line))
    return line


def _logged(line: AuditLine) -> str:
    subject = line.subject or "-"
    return f"audit {line.what} by {line.who} ({line.known_by}) subject={subject} {line.details}"


def append(connection: sqlite3.Connection, line: AuditLine) -> None:
    """Add a line to the end of the chain; the caller commits.

    Raises:
        sqlite3.Error: it can't be written.
    """
    # This first, for it takes the right to write: nobody else adds a line until the caller commits.
    connection.execute("UPDATE audit_chain SET last = last + 1")
    number, before = connection.execute("SELECT last, head FROM audit_chain").fetchone()
    head = line.hash(number, before)
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, line.at, line.who, line.known_by, line.what, line.subject, line.details, head),
    )
    connection.execute("UPDATE audit_chain SET head = ?", (head,))
