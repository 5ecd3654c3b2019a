"""Opens the journal, an SQLite file. A file that isn't ours is renamed, and never changed."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
import time
from pathlib import Path

from netwatch.disk.private import ensure_file, make_directory

logger = logging.getLogger(__name__)

NAME = "journal.sqlite"

APPLICATION = 0x4E574A31
"""PRAGMA application_id of our files: "NWJ1"."""

VERSION = 2
"""PRAGMA user_version: the layout below."""

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process that holds the file locked."""

_LAYOUT = """
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    target TEXT NOT NULL,  -- empty: the site as a whole
    state INTEGER NOT NULL,
    began REAL NOT NULL,  -- unix time
    ended REAL,  -- unix time; NULL: it goes on
    root TEXT NOT NULL,
    cause TEXT NOT NULL,
    evidence TEXT NOT NULL  -- JSON
);
CREATE INDEX event_began ON event (began);
CREATE INDEX event_open ON event (site, target) WHERE ended IS NULL;
CREATE TABLE place (
    site TEXT NOT NULL,
    target TEXT NOT NULL,
    state INTEGER NOT NULL,
    since REAL NOT NULL,
    root TEXT NOT NULL,
    at REAL NOT NULL,  -- when this row was written
    seconds TEXT NOT NULL,  -- JSON: state to seconds until then
    PRIMARY KEY (site, target)
) WITHOUT ROWID;
CREATE TABLE flow_event (
    id INTEGER PRIMARY KEY,
    flow TEXT NOT NULL,
    state TEXT NOT NULL,
    began REAL NOT NULL,  -- unix time
    ended REAL,  -- unix time; NULL: it goes on
    evidence TEXT NOT NULL  -- JSON
);
CREATE INDEX flow_event_began ON flow_event (began);
CREATE INDEX flow_event_open ON flow_event (flow) WHERE ended IS NULL;
CREATE TABLE flow (
    flow TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    since REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE alive (at REAL NOT NULL);
INSERT INTO alive VALUES (0);
"""

_ADDED = """
CREATE TABLE IF NOT EXISTS meeting (
    key TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    start REAL NOT NULL,  -- unix time
    end REAL NOT NULL,  -- unix time
    rooms TEXT NOT NULL,  -- JSON: site/target to what was seen of it
    together INTEGER NOT NULL,
    declared TEXT,  -- NULL: nobody said anything
    is_over INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS violations (
    flow TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) WITHOUT ROWID;
"""
"""Tables that files of older versions lack. Older versions ignore them, so ``VERSION`` stays."""

_MARKS = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"


def open_journal(path: Path) -> sqlite3.Connection:
    """Open the journal for writing, or make a new one; call it in the thread that will use it.

    A file that isn't ours is moved aside first.

    Raises:
        OSError, sqlite3.Error: the directory can't be written to, or the disk is full.
    """
    make_directory(path.parent)
    if os.path.lexists(path) and (reason := reason_not_ours(path)):
        move_aside(path, reason)
    ensure_file(path)  # for its owner alone, as the files are that SQLite makes beside it
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing then; a power failure at most what came after the last
        # checkpoint, and never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        if not connection.execute("PRAGMA application_id").fetchone()[0]:
            connection.executescript(f"BEGIN; {_LAYOUT} {_MARKS} COMMIT;")
        connection.executescript(_ADDED)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the journal read-only, also on a disk where nothing can be written.

    Raises:
        sqlite3.Error: there is no journal, it may not be read, or it is not ours.
    """
    if not _is_regular(path):
        raise sqlite3.DatabaseError("is not a regular file")
    try:
        return _open_as(path, "mode=ro")
    except sqlite3.OperationalError:
        # SQLite wants to make its file of shared memory, even to read. Without a -wal there is
        # nothing to share, and on a disk that can't be written nothing will change.
        if not _is_read_only(path.parent) or _size(path.with_name(path.name + "-wal")):
            raise
        return _open_as(path, "immutable=1")


def _open_as(path: Path, parameters: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{parameters}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT)
    try:
        if reason := _difference(connection):
            raise sqlite3.DatabaseError(reason)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_regular(path: Path) -> bool:
    """Whether it is a file, or not there; a pipe would keep SQLite waiting, a link lead it away."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def _is_read_only(directory: Path) -> bool:
    """Whether it is on a disk that can't be written; one that is not there or is closed isn't."""
    try:
        return bool(os.statvfs(directory).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether the file has this table; files of older versions lack some."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
    return found.fetchone() is not None


def reason_not_ours(path: Path) -> str | None:
    """The reason why a file isn't a journal of this version; None when it is one."""
    try:
        if _is_regular(path) and not path.stat().st_size:
            return None  # made, but not written yet
        open_for_reading(path).close()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return str(error)
    return None


def move_aside(path: Path, reason: str) -> None:
    """Rename a file, with the files that SQLite keeps beside it, to ``NAME.kept-TIME``.

    Raises:
        OSError: it can't be renamed.
    """
    kept = path.with_name(f"{path.name}.kept-{time.strftime('%Y%m%dT%H%M%S')}")
    for suffix in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if os.path.lexists(beside):
            beside.rename(kept.with_name(kept.name + suffix))
    logger.warning("journal %s: %s; kept as %s, and a new one begun", path, reason, kept.name)


def _difference(connection: sqlite3.Connection) -> str | None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        return "is not a journal of netwatch"
    if version != VERSION:
        return f"has layout {version}, this version knows {VERSION}"
    return None
