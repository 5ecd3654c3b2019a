"""What the journal keeps of incidents; written by its thread."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from netwatch.incidents.incident import Incident, SiteOutage, TimelineEntry

_SAVE = """
INSERT INTO incident (id, kind, cause, severity, began, named, confirmed, ended, site, carrier,
 sites, flaps, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, cause = excluded.cause,
 severity = excluded.severity, began = excluded.began, ended = excluded.ended,
 site = excluded.site, carrier = excluded.carrier, sites = excluded.sites, flaps = excluded.flaps,
 details = excluded.details
"""
"""Who acknowledged it, and the number of notes, are written by those who do so."""

_SAVE_SITE = "INSERT OR REPLACE INTO incident_site VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_ENTRY = (
    "INSERT INTO incident_entry (incident, at, what, vi, en, author) VALUES (?, ?, ?, ?, ?, ?)"
)
_OF_ANOTHER = (
    "UPDATE incident_entry SET incident = ? WHERE incident = ? AND author IS NOT NULL",
    "UPDATE incident SET notes = notes + (SELECT notes FROM incident WHERE id = ?2) WHERE id = ?1",
    """UPDATE incident SET (acknowledged_by, acknowledged_at, acknowledged_note) = (
        SELECT acknowledged_by, acknowledged_at, acknowledged_note FROM incident WHERE id = ?2
    ) WHERE id = ?1 AND acknowledged_by IS NULL""",
)
_REMOVE = (
    "DELETE FROM incident_entry WHERE incident = ?",
    "DELETE FROM incident_site WHERE incident = ?",
    "DELETE FROM incident WHERE id = ?",
)


@dataclass(frozen=True, slots=True)
class SavedIncident:
    """An incident as it was at one moment, with what of it is new.

    Attributes:
        row: its columns, in the order of ``_SAVE``.
        sites: rows of the outages that changed.
        entries: rows of the lines that its timeline has more.
    """

    row: tuple[Any, ...]
    sites: tuple[tuple[Any, ...], ...]
    entries: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, incident: Incident, outages: Iterable[SiteOutage]) -> SavedIncident:
        """A copy of what must be written now."""
        return cls(
            _row(incident),
            tuple(_site_row(incident.id, outage) for outage in outages),
            tuple(entry_row(incident.id, entry) for entry in incident.unsaved),
        )

    def write(self, connection: sqlite3.Connection) -> None:
        """Insert it, or bring it up to date."""
        connection.execute(_SAVE, self.row)
        connection.executemany(_SAVE_SITE, self.sites)
        connection.executemany(_ADD_ENTRY, self.entries)


@dataclass(frozen=True, slots=True)
class ReopenedIncident:
    """An incident that came back: nobody has taken it on."""

    id: str

    def write(self, connection: sqlite3.Connection) -> None:
        """Take off the acknowledgement; the timeline keeps it."""
        connection.execute(
            "UPDATE incident SET acknowledged_by = NULL, acknowledged_at = NULL,"
            " acknowledged_note = NULL WHERE id = ?",
            (self.id,),
        )


@dataclass(frozen=True, slots=True)
class MergedIncident:
    """An incident that turned out to be another one."""

    id: str
    other: str

    def write(self, connection: sqlite3.Connection) -> None:
        """Give what people said of it to the other one, and delete it."""
        for statement in _OF_ANOTHER:
            connection.execute(statement, (self.other, self.id))
        for statement in _REMOVE:
            connection.execute(statement, (self.id,))


def entry_row(incident_id: str, entry: TimelineEntry) -> tuple[Any, ...]:
    """The columns of a line of a timeline."""
    text = entry.text
    return incident_id, entry.at, str(entry.what), text["vi"], text["en"], entry.by


def add_entry(connection: sqlite3.Connection, incident_id: str, entry: TimelineEntry) -> None:
    """Write a line of a timeline; the caller commits."""
    connection.execute(_ADD_ENTRY, entry_row(incident_id, entry))


def _row(incident: Incident) -> tuple[Any, ...]:
    details = {
        "title": incident.title,
        "contract": incident.contract,
        "owner": incident.owner,
        "first": incident.first,
        "since": incident.since,
        "earlier": incident.earlier,
        "excused": incident.is_excused,
        "evidence": incident.evidence,
        "entries": incident.entries,
    }
    return (
        *(incident.id, str(incident.kind), incident.cause, str(incident.severity)),
        *(incident.began, incident.named, incident.confirmed, incident.ended),
        *(incident.site, incident.carrier, incident.most, incident.flaps),
        json.dumps(details, ensure_ascii=False),
    )


def _site_row(incident_id: str, outage: SiteOutage) -> tuple[Any, ...]:
    """``seconds`` are those of all outages that ended; of one that goes on, of those before it."""
    ended = outage.ended
    seconds = outage.earlier if ended is None else outage.seconds(ended)
    since = outage.since if ended is None else None
    return (
        *(incident_id, outage.site, outage.name_vi, outage.name),
        *(outage.began, ended, seconds, since),
    )
