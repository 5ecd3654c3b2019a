"""Reads incidents from the journal, beside the daemon or without it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netwatch.incidents.incident import (
    Acknowledgement,
    Incident,
    Kind,
    Severity,
    SiteOutage,
    TimelineEntry,
    What,
)
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import has_table, open_for_reading

MAX_LISTED = 500
"""Incidents that ended which one list shows."""

MAX_READ_ENTRIES = 1000
"""Lines of a timeline that are read."""

MAX_READ_SITES = 20_000
"""Sites behind an incident that are read."""

_COLUMNS = (
    "id, kind, cause, severity, began, named, confirmed, ended, site, carrier, sites, flaps,"
    " details, acknowledged_by, acknowledged_at, acknowledged_note, notes"
)
_OF_SITE = "id IN (SELECT incident FROM incident_site WHERE site = ?)"
"""Finds those behind which a site stood by the index of that site."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents are asked for.

    Attributes:
        since: unix time; those that ended before are left out.
        site: id of a site that is behind them, or where they are; None for all.
        carrier: who ran the line; None for all.
        limit: how many that ended are listed at most.
    """

    since: float
    site: str | None = None
    carrier: str | None = None
    limit: int = MAX_LISTED


def read_open(path: Path, wanted: Wanted | None = None) -> list[Incident]:
    """Those that go on, the newest first, without timelines and sites.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    condition, parameters = _restricted("ended IS NULL", (), wanted or Wanted(0.0))
    with closing(open_for_reading(path)) as connection:
        return _select(connection, f"{condition} ORDER BY began DESC", parameters)


def read_ended(path: Path, wanted: Wanted) -> tuple[list[Incident], int]:
    """Those that ended, the newest first, without timelines and sites; and how many more there are.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    condition, parameters = ended_condition(wanted)
    with closing(open_for_reading(path)) as connection:
        found = _select(
            connection, f"{condition} ORDER BY ended DESC LIMIT ?", (*parameters, wanted.limit)
        )
        if len(found) < wanted.limit:
            return found, 0
        count = f"SELECT count(*) FROM incident WHERE {condition}"  # noqa: S608 (fixed words)
        (all_of_them,) = connection.execute(count, parameters).fetchone()
    return found, all_of_them - len(found)


def ended_condition(wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    """The SQL condition for what is asked for, and its parameters."""
    return _restricted("ended > ?", (wanted.since,), wanted)


def _restricted(
    condition: str, parameters: tuple[Any, ...], wanted: Wanted
) -> tuple[str, tuple[Any, ...]]:
    """The same condition, for the site and the carrier that are asked for."""
    if wanted.carrier is not None:
        condition, parameters = f"{condition} AND carrier = ?", (*parameters, wanted.carrier)
    if wanted.site is not None:
        condition = f"{condition} AND (site = ? OR {_OF_SITE})"
        parameters = (*parameters, wanted.site, wanted.site)
    return condition, parameters


def read_story(path: Path, incident_id: str) -> Incident | None:
    """One incident with its timeline and the sites behind it; None when there is none.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(path)) as connection:
        found = _select(connection, "id = ?", (incident_id,))
        for incident in found:
            _complete(connection, incident)
    return found[0] if found else None


def read_kept(path: Path, ended_since: float, former: FormerIds | None = None) -> list[Incident]:
    """What a daemon that starts goes on with: those that are open, or ended after a unix time.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(path, former)) as connection:
        found = [
            *_select(connection, "ended IS NULL ORDER BY began", ()),
            *_select(connection, "ended > ? ORDER BY ended", (ended_since,)),
        ]
        for incident in found:
            _complete(connection, incident)
    return found


def is_behind(incident: Incident, site: str) -> bool:
    """Whether a site is where an incident is, or behind it."""
    return incident.site == site or site in incident.behind


def known_sites(path: Path) -> set[str]:
    """Ids of all sites of which the journal knows something."""
    return {
        *_words(path, "event", "SELECT site FROM place UNION SELECT site FROM event"),
        *_words(path, "incident", "SELECT site FROM incident_site"),
    }


def known_carriers(path: Path) -> set[str]:
    """Carriers of lines that were cut."""
    return _words(path, "incident", "SELECT carrier FROM incident WHERE carrier NOT NULL")


def find_ids(path: Path, beginning: str) -> list[str]:
    """Ids that begin so, two at most."""
    query = "SELECT id FROM incident WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2"
    return sorted(_words(path, "incident", query, beginning))


def _words(path: Path, table: str, query: str, *parameters: str) -> set[str]:
    """The words of a column; none where an older version has made no such table yet."""
    with closing(open_for_reading(path)) as connection:
        if not has_table(connection, table):
            return set()
        return {word for (word,) in connection.execute(query, parameters)}


def _select(
    connection: sqlite3.Connection, condition: str, parameters: Sequence[Any]
) -> list[Incident]:
    if not has_table(connection, "incident"):  # a journal that was not migrated yet
        return []
    query = f"SELECT {_COLUMNS} FROM incident WHERE {condition}"  # noqa: S608 (fixed words)
    return [_incident(row) for row in connection.execute(query, parameters)]


def _incident(row: tuple[Any, ...]) -> Incident:
    id_, kind, cause, severity, began, named, confirmed, ended, site, carrier, sites, *rest = row
    flaps, details, by, at, note, notes = rest
    try:
        told = json.loads(details)
        return Incident(
            kind=Kind(kind),
            cause=cause,
            title=told["title"],
            severity=Severity(severity),
            began=began,
            named=named,
            confirmed=confirmed,
            ended=ended,
            site=site,
            carrier=carrier,
            contract=told["contract"],
            owner=told["owner"],
            first=tuple(told["first"]) if told["first"] else None,
            flaps=flaps,
            since=told["since"],
            earlier=told["earlier"],
            most=sites,
            is_excused=told["excused"],
            evidence=told["evidence"],
            acknowledged=None if by is None else Acknowledgement(by, at, note or ""),
            notes=notes,
            entries=told["entries"],
            id=id_,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise sqlite3.DatabaseError(f"incident {id_} is not readable: {error}") from None


def _complete(connection: sqlite3.Connection, incident: Incident) -> None:
    entries = connection.execute(
        "SELECT at, what, vi, en, author FROM incident_entry WHERE incident = ?"
        " ORDER BY at, id LIMIT ?",
        (incident.id, MAX_READ_ENTRIES),
    )
    incident.timeline = [
        TimelineEntry(at, What(what), {"vi": vi, "en": en}, author)
        for at, what, vi, en, author in entries
    ]
    sites = connection.execute(
        "SELECT site, name_vi, name, began, ended, seconds, since FROM incident_site"
        " WHERE incident = ? LIMIT ?",
        (incident.id, MAX_READ_SITES),
    )
    incident.behind = {each.site: each for each in _outages(sites)}


def _outages(rows: Iterable[tuple[Any, ...]]) -> Iterable[SiteOutage]:
    for site, name_vi, name, began, ended, seconds, since in rows:
        if ended is None:
            yield SiteOutage(site, name_vi, name, began, None, since or began, seconds)
        else:
            yield SiteOutage(site, name_vi, name, began, ended, ended, seconds)


def now_or_ended(incident: Incident) -> float:
    """Unix time up to which an incident has lasted."""
    return incident.ended if incident.ended is not None else time.time()
