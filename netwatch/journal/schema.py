"""The tables of the journal: an ordered list of migrations, each of which adds to the one before.

A new table or column is a new migration at the end of ``MIGRATIONS``. One that was released is
never changed: there are files that it made.
"""

from __future__ import annotations

import sqlite3

OLDEST = 2
"""PRAGMA user_version of the oldest files that are read and migrated."""

Migration = tuple[str, ...]
"""Statements, one each, that are carried out in one transaction."""

_EVENTS: Migration = (
    """CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        site TEXT NOT NULL,
        target TEXT NOT NULL,  -- empty: the site as a whole
        state INTEGER NOT NULL,
        began REAL NOT NULL,  -- unix time
        ended REAL,  -- unix time; NULL: it goes on
        root TEXT NOT NULL,
        cause TEXT NOT NULL,
        evidence TEXT NOT NULL  -- JSON
    )""",
    "CREATE INDEX event_began ON event (began)",
    "CREATE INDEX event_open ON event (site, target) WHERE ended IS NULL",
    """CREATE TABLE place (
        site TEXT NOT NULL,
        target TEXT NOT NULL,
        state INTEGER NOT NULL,
        since REAL NOT NULL,
        root TEXT NOT NULL,
        at REAL NOT NULL,  -- when this row was written
        seconds TEXT NOT NULL,  -- not used any more: {}
        PRIMARY KEY (site, target)
    ) WITHOUT ROWID""",
    """CREATE TABLE flow_event (
        id INTEGER PRIMARY KEY,
        flow TEXT NOT NULL,
        state TEXT NOT NULL,
        began REAL NOT NULL,  -- unix time
        ended REAL,  -- unix time; NULL: it goes on
        evidence TEXT NOT NULL  -- JSON
    )""",
    "CREATE INDEX flow_event_began ON flow_event (began)",
    "CREATE INDEX flow_event_open ON flow_event (flow) WHERE ended IS NULL",
    """CREATE TABLE flow (
        flow TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        since REAL NOT NULL
    ) WITHOUT ROWID""",
    "CREATE TABLE alive (at REAL NOT NULL)",
    "INSERT INTO alive VALUES (0)",
)
"""Layout 2."""

_MEETINGS: Migration = (
    # Files of layout 2 may have these: they were added without a new number.
    """CREATE TABLE IF NOT EXISTS meeting (
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
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS violations (
        flow TEXT PRIMARY KEY,
        count INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS retention (steady REAL NOT NULL)",
)
"""Layout 3."""

_INCIDENTS: Migration = (
    """CREATE TABLE incident (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        cause TEXT NOT NULL,  -- link:LINK, target:SITE/TARGET, flow:FLOW ...
        severity TEXT NOT NULL,
        began REAL NOT NULL,  -- unix time
        named REAL NOT NULL,  -- unix time
        confirmed REAL NOT NULL,  -- unix time
        ended REAL,  -- unix time; NULL: it goes on
        site TEXT,  -- where it is
        carrier TEXT,  -- as it was then
        sites INTEGER NOT NULL,  -- behind it, at most
        flaps INTEGER NOT NULL,
        details TEXT NOT NULL,  -- JSON: titles, contract, owner, evidence, as they were then
        acknowledged_by TEXT,
        acknowledged_at REAL,  -- unix time
        acknowledged_note TEXT,
        notes INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX incident_open ON incident (began) WHERE ended IS NULL",
    "CREATE INDEX incident_ended ON incident (ended)",
    "CREATE INDEX incident_carrier ON incident (carrier, ended)",
    """CREATE TABLE incident_site (
        incident TEXT NOT NULL,
        site TEXT NOT NULL,
        name_vi TEXT NOT NULL,  -- as it was then
        name TEXT NOT NULL,
        began REAL NOT NULL,  -- unix time at which it was cut off first
        ended REAL,  -- unix time at which it was back last; NULL: it is cut off
        seconds REAL NOT NULL,  -- cut off, all times together that have ended
        since REAL,  -- unix time since when it is cut off; NULL: it is back
        PRIMARY KEY (incident, site)
    ) WITHOUT ROWID""",
    "CREATE INDEX incident_site_of ON incident_site (site, incident)",
    """CREATE TABLE incident_entry (
        id INTEGER PRIMARY KEY,
        incident TEXT NOT NULL,
        at REAL NOT NULL,  -- unix time
        what TEXT NOT NULL,
        vi TEXT NOT NULL,
        en TEXT NOT NULL,
        author TEXT  -- who acknowledged or noted; NULL: the daemon
    )""",
    "CREATE INDEX incident_entry_of ON incident_entry (incident, at)",
)
"""Layout 4."""

_AUDIT: Migration = (
    """CREATE TABLE audit (
        number INTEGER PRIMARY KEY,  -- 1, 2, 3 ... without a gap
        at INTEGER NOT NULL,  -- milliseconds of unix time
        who TEXT NOT NULL,
        known_by TEXT NOT NULL,  -- how the name is known
        what TEXT NOT NULL,
        subject TEXT NOT NULL,
        details TEXT NOT NULL,  -- JSON
        hash TEXT NOT NULL  -- of this line and the hash of the line before
    )""",
    "CREATE INDEX audit_at ON audit (at)",
    """CREATE TABLE audit_chain (
        last INTEGER NOT NULL,  -- number of the last line
        head TEXT NOT NULL,  -- its hash
        removed INTEGER NOT NULL,  -- number of the last line that was removed by its age
        anchor TEXT NOT NULL  -- its hash
    )""",
    "INSERT INTO audit_chain VALUES (0, '', 0, '')",
)
"""Layout 5."""

_COVERAGE: Migration = (
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        began REAL NOT NULL,  -- unix time since when the daemon measured without a break
        until REAL NOT NULL  -- unix time until which it did, as far as that is written down
    )""",
    """CREATE TABLE watched (
        run INTEGER NOT NULL,
        site TEXT NOT NULL,
        began REAL NOT NULL,  -- unix time of its first state in this run
        ended REAL,  -- unix time at which it left the inventory; NULL: it is watched
        PRIMARY KEY (run, site, began)
    ) WITHOUT ROWID""",
    """CREATE TABLE province (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        name TEXT NOT NULL,
        zone TEXT NOT NULL  -- of the days in which old time is summed up
    )""",
    """CREATE TABLE day (
        day INTEGER NOT NULL,  -- number of the day in the province's zone, 1 is 0001-01-01
        site TEXT NOT NULL,
        unknown INTEGER NOT NULL,  -- milliseconds in each state
        up INTEGER NOT NULL,
        degraded INTEGER NOT NULL,
        unreachable INTEGER NOT NULL,
        down INTEGER NOT NULL,
        maintenance INTEGER NOT NULL,
        outages INTEGER NOT NULL,  -- that began on this day
        PRIMARY KEY (day, site)
    ) WITHOUT ROWID""",
    # Days that were summed up are those before ``until``; of a site without a row no event is left
    # out: it was up as far as it was watched.
    "CREATE TABLE summed (until INTEGER NOT NULL)",
)
"""Layout 6: when the daemon measured, which sites it watched then, and the sums of old days."""

_FORMER_IDS: Migration = (
    """CREATE TABLE renamed (
        kind TEXT NOT NULL,  -- as the attributes of FormerIds
        former TEXT NOT NULL,
        present TEXT NOT NULL,
        PRIMARY KEY (kind, former)
    ) WITHOUT ROWID""",
)
"""Layout 7: what the inventory calls otherwise now. What is written of before stays as it is."""

MIGRATIONS: tuple[Migration, ...] = (
    *(_EVENTS, _MEETINGS, _INCIDENTS, _AUDIT, _COVERAGE),
    _FORMER_IDS,
)
"""The first one makes layout ``OLDEST``, each further one the next layout."""

VERSION = OLDEST + len(MIGRATIONS) - 1
"""PRAGMA user_version of the layout that this program writes."""


def migrate(connection: sqlite3.Connection, application: int) -> None:
    """Bring a file to layout ``VERSION``; each step is whole or not done at all.

    Args:
        connection: to a journal, or to an empty file; no transaction is open.
        application: PRAGMA application_id that marks the file as ours.

    Raises:
        sqlite3.Error: it can't be written; what was done before stays, and is gone on from.
    """
    while _layout(connection) < VERSION:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            layout = _layout(connection)  # another process may have been faster
            if layout < VERSION:
                for statement in MIGRATIONS[max(0, layout - OLDEST + 1)]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {application}")
                connection.execute(f"PRAGMA user_version = {max(OLDEST, layout + 1)}")


def _layout(connection: sqlite3.Connection) -> int:
    """PRAGMA user_version; 0 in an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
