"""Keeps incidents in the journal, and looks there for what commands have written."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

from netwatch.disk.worker import in_thread
from netwatch.incidents.incident import Acknowledgement, Incident, SiteOutage
from netwatch.incidents.reader import read_kept
from netwatch.incidents.records import MergedIncident, ReopenedIncident, SavedIncident
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import open_for_reading
from netwatch.journal.writer import JournalWriter

logger = logging.getLogger(__name__)

LOOK_INTERVAL = 2.0
"""Seconds between two looks for acknowledgements that commands have written."""

_Noted = list[tuple[str, str | None, float, str | None, int]]
"""Id, who acknowledged, when, with which note, and the number of notes."""


class IncidentStore:
    """The journal's incidents; without a journal they last as long as the daemon.

    Args:
        writer: a journal that was started; None without one.
        path: of its file.
        kept: what the previous run left.
        known_until: unix time at which that run ended; None when there was none.
    """

    def __init__(
        self,
        writer: JournalWriter | None = None,
        path: Path | None = None,
        kept: Iterable[Incident] = (),
        known_until: float | None = None,
    ) -> None:
        self.path = path
        self.known_until = known_until
        self._writer = writer
        self._kept = list(kept)
        self._looking: Future[_Noted] | None = None
        self._looked = 0.0

    def take_kept(self) -> list[Incident]:
        """What the previous run left, once."""
        kept, self._kept = self._kept, []
        return kept

    def save(self, incident: Incident, outages: Iterable[SiteOutage]) -> None:
        """Have an incident written as it is now, with the outages that changed."""
        if self._writer is not None:
            self._writer.put(SavedIncident.of(incident, outages))
        incident.unsaved.clear()
        incident.is_changed = False

    def reopen(self, incident: Incident) -> None:
        """Have it written that nobody has taken on what came back."""
        if self._writer is not None:
            self._writer.put(ReopenedIncident(incident.id))

    def merge(self, incident: Incident, other: Incident) -> None:
        """Have it written that an incident turned out to be another one."""
        if self._writer is not None:
            self._writer.put(MergedIncident(incident.id, other.id))

    def take_acknowledged(self, find: Callable[[str], Incident | None]) -> None:
        """Take over what was acknowledged by commands; the file is looked at in a thread."""
        path, looking = self.path, self._looking
        if path is None:
            return
        if looking is not None and looking.done():
            self._looking = None
            for id_, by, at, note, notes in _result(looking):
                incident = find(id_)
                if incident is not None:
                    incident.notes = max(notes, incident.notes)
                    if incident.acknowledged is None and by is not None and at > incident.since:
                        incident.acknowledged = Acknowledgement(by, at, note or "")
        elif looking is None and time.monotonic() - self._looked >= LOOK_INTERVAL:
            self._looked = time.monotonic()
            self._looking = in_thread(lambda: _noted(path))


def _result(looking: Future[_Noted]) -> _Noted:
    try:
        return looking.result()
    except (sqlite3.Error, OSError) as error:
        logger.debug("no acknowledgements can be read: %s", error)
        return []


def _noted(path: Path) -> _Noted:
    """What people said of the incidents that go on."""
    with closing(open_for_reading(path)) as connection:
        return connection.execute(
            "SELECT id, acknowledged_by, acknowledged_at, acknowledged_note, notes FROM incident"
            " WHERE ended IS NULL AND notes > 0"
        ).fetchall()


def find_kept(path: Path, ended_since: float, former: FormerIds | None = None) -> list[Incident]:
    """What the previous run left; none, and a line in the log, when that can't be read."""
    try:
        return read_kept(path, ended_since, former)
    except (sqlite3.Error, OSError) as error:
        logger.warning("incidents of journal %s can't be read, none goes on: %s", path, error)
        return []
