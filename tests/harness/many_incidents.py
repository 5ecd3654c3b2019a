"""A journal with as many incidents as in years, made at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from netwatch.incidents.incident import Incident, SiteOutage, What
from netwatch.incidents.records import SavedIncident
from netwatch.incidents.words import LOSS, say
from netwatch.journal.file import open_journal
from tests.harness.incidents import T, line

SITES = 20
"""Behind each incident."""

CARRIERS = ("VNPT", "Viettel", "FPT")


def fill(path: Path, count: int, *, still_open: int = 3) -> None:
    """Write so many incidents, ten minutes each, the last ones of which go on."""
    with closing(open_journal(path)) as connection, connection:
        for number in range(count):
            _write(connection, number, is_open=number >= count - still_open)


def identity(number: int) -> str:
    """The id of an incident, by its place."""
    return f"{number:012x}"


def _write(connection: sqlite3.Connection, number: int, *, is_open: bool) -> None:
    began = T + 600.0 * number
    seen = line(began)
    incident = Incident(
        *(seen.kind, f"link:line-{number}", seen.title, seen.severity, began, began),
        confirmed=began,
        since=began,
        site=f"site-{number % 281}",
        carrier=CARRIERS[number % len(CARRIERS)],
        id=identity(number),
    )
    for place in range(SITES):
        name = f"site-{(number + place) % 281}"
        incident.behind[name] = SiteOutage(name, "Xã", "Commune", began, None, began)
        incident.tell(began + place, What.SITE_DOWN, say(name, name))
    incident.tell(began, What.LOSS, LOSS)
    if not is_open:
        incident.end(began + 300)
    SavedIncident.of(incident, incident.behind.values()).write(connection)
