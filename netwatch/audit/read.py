"""Reads the audit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from netwatch.audit.line import AuditLine
from netwatch.journal.file import has_table, open_for_reading

_COLUMNS = "number, at, who, known_by, what, subject, details, hash"


class StoredLine(NamedTuple):
    """A line with its number, and the hash that stands beside it."""

    number: int
    line: AuditLine
    hash: str


def read_lines(
    journal: Path, since: float, who: str | None, what: str | None, limit: int
) -> list[StoredLine]:
    """The last lines since a time, the oldest first.

    Args:
        journal: its file.
        since: unix time.
        who: part of the name, in any case of letters; None for all.
        what: was done; None for all.
        limit: how many lines are returned at most.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    query = (
        f"SELECT {_COLUMNS} FROM audit WHERE at >= ? AND what = coalesce(?, what)"  # noqa: S608
        " AND (? IS NULL OR instr(lower(who), lower(?))) ORDER BY number DESC LIMIT ?"
    )
    with closing(open_for_reading(journal)) as connection:
        connection.text_factory = lambda octets: octets.decode("utf-8", "replace")
        if not has_table(connection, "audit"):
            return []
        rows = connection.execute(query, (round(since * 1000), what, who, who, limit)).fetchall()
    return [_stored(row) for row in rows[::-1]]


def stored_lines(connection: sqlite3.Connection) -> Iterator[StoredLine]:
    """Every line, the first one first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY number")  # noqa: S608
    yield from map(_stored, rows)


def _stored(row: tuple[Any, ...]) -> StoredLine:
    number, *fields, stored = row
    return StoredLine(number, AuditLine(*fields), stored)
