"""Opens the journal, an SQLite file. A file that isn't ours is renamed, and never changed."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
import time
from pathlib import Path

from netwatch.disk.private import ensure_file, make_directory
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.present_ids import show_present_ids, stored_ids
from netwatch.journal.schema import OLDEST, VERSION, migrate

logger = logging.getLogger(__name__)

NAME = "journal.sqlite"

APPLICATION = 0x4E574A31
"""PRAGMA application_id of our files: "NWJ1"."""

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process that holds the file locked."""

_STATE = (
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
    " FROM pragma_application_id, pragma_user_version"
)
_NOTHING = "has nothing in it yet"


def open_journal(path: Path) -> sqlite3.Connection:
    """Open the journal for writing, or make a new one; call it in the thread that will use it.

    A file of an older layout is migrated; one that isn't ours is moved aside first.

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
        # Each transaction is on the disk when it is over (fsync), so a power failure loses at most
        # what came since: a second or so (``ALIVE_INTERVAL`` of the writer), and never the file.
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, APPLICATION)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path, former: FormerIds | None = None) -> sqlite3.Connection:
    """Open the journal read-only, also on a disk where nothing can be written.

    What is found in it is called as it is now.

    Args:
        path: of the journal.
        former: ids of before, by the inventory; None: as the daemon wrote them down last.

    Raises:
        sqlite3.Error: there is no journal, it may not be read, or it is not ours.
    """
    if not _is_regular(path):
        raise sqlite3.DatabaseError("is not a regular file")
    connection = _open_read_only(path)
    try:
        show_present_ids(connection, stored_ids(connection) if former is None else former)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _open_read_only(path: Path) -> sqlite3.Connection:
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
    """The reason why a file isn't a journal that this version knows; None when it is one."""
    try:
        if _is_regular(path) and not path.stat().st_size:
            return None  # made, but not written yet
        open_for_reading(path).close()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return None if str(error) == _NOTHING else str(error)
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
    # In one statement, for another process may be writing the first layout just now.
    application, version, tables = connection.execute(_STATE).fetchone()
    if not application and not tables:
        return _NOTHING
    if application != APPLICATION:
        return "is not a journal of netwatch"
    if not OLDEST <= version <= VERSION:
        return f"has layout {version}, this version knows {OLDEST} to {VERSION}"
    return None
