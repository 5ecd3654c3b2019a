"""What the page asks of incidents: the list, a story, to acknowledge one, to add a note."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from netwatch.audit.who import Who
from netwatch.disk.worker import DiskWorker
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.incident import Incident
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.notes import Noted, NoteRefusedError, Word, clean_note, write_note
from netwatch.incidents.reader import Wanted, is_behind, read_ended, read_story
from netwatch.incidents.shape import ListView, StoryView
from netwatch.incidents.view import incident_view, story_view

logger = logging.getLogger(__name__)

T = TypeVar("T")

_KEEP_TIMEOUT = 3.0
"""Seconds in which an incident that has just begun is in the journal."""

_KEEP_TRIES = 6
"""Tries in that time to write to it."""

UNWRITTEN = NoteRefusedError(
    503,
    "nhật ký không ghi được (đĩa đầy?); chưa có gì được lưu, hãy thử lại",
    "the journal can't be written (disk full?); nothing was kept, try again",
)


UNREADABLE = NoteRefusedError(
    503,
    "đã lưu, nhưng chưa đọc lại được; hãy tải lại trang",
    "it was kept, but can't be read back; load the page again",
)


class IncidentDesk:
    """Reads what goes on from memory and what is over from the journal.

    Args:
        follower: keeps those that go on.
        links: where one reads on; none: nowhere.
    """

    def __init__(self, follower: IncidentFollower, links: IncidentLinks | None = None) -> None:
        self._follower = follower
        self._links = links or IncidentLinks()
        self._disk = DiskWorker()
        self._turn = asyncio.Lock()  # the worker does one thing at a time

    async def list(self, wanted: Wanted) -> ListView:
        """What goes on, and what ended since then.

        What goes on is known even when the journal can't be read; that is said.
        """
        now, path = time.time(), self._follower.path
        ended, left_out, is_unreadable = list[Incident](), 0, False
        if path is not None:
            try:
                ended, left_out = await self._run(lambda: _read_ended(path, wanted))
            except (sqlite3.Error, OSError) as error:
                is_unreadable = True
                logger.warning("incidents can't be read: %s", error)
        fresh = self._just_ended(ended, wanted)
        return {
            "time": now,
            "open": [incident_view(each, now) for each in self._follower if _is(each, wanted)],
            "ended": [incident_view(each, now) for each in (*fresh, *ended)],
            "left_out": left_out,
            "unreadable": is_unreadable,
        }

    def _just_ended(self, kept: Sequence[Incident], wanted: Wanted) -> Sequence[Incident]:
        """What ended a moment ago and isn't in the journal yet, or can't be."""
        known = {incident.id for incident in kept}
        ended = [each for each in self._follower.ended.values() if each.id not in known]
        wanted_ones = [each for each in ended if _is(each, wanted)]
        fresh = [each for each in wanted_ones if each.ended and each.ended > wanted.since]
        return sorted(fresh, key=lambda each: -(each.ended or 0.0))

    async def story(self, incident_id: str) -> StoryView | None:
        """All of an incident; None when there is none.

        Raises:
            OSError, sqlite3.Error: the journal can't be read.
        """
        known, path = self._follower.find(incident_id), self._follower.path
        kept = None
        if path is not None:
            kept = await self._run(lambda: _read_story(path, incident_id))
        if known is None or (kept is not None and kept.ended is not None):
            return None if kept is None else story_view(kept, self._links)
        if kept is not None:  # what people wrote stands there only
            written = [each for each in kept.timeline if each.by is not None]
            known.timeline = [each for each in known.timeline if each.by is None] + written
        return story_view(known, self._links)

    async def write(
        self, incident_id: str, who: Who, note: str, *, acknowledges: bool
    ) -> StoryView:
        """Acknowledge an incident, or add a note to it; returns its story.

        Raises:
            NoteRefusedError: why not; nothing was written.
        """
        word = Word(who, clean_note(note, may_be_empty=acknowledges), acknowledges)
        path = self._follower.path
        if path is None:
            raise NoteRefusedError(
                503, "không có state_dir, không lưu được", "without state_dir nothing is kept"
            )
        known = self._follower.find(incident_id)
        if known is not None and known.is_suspected:
            raise NoteRefusedError(
                409, "còn đang xác minh; chờ vài giây", "it is not certain yet; wait some seconds"
            )
        try:
            noted = await self._once_kept(
                lambda: write_note(path, incident_id, word), is_open=known is not None
            )
        except (sqlite3.Error, OSError) as error:
            raise UNWRITTEN from error
        if known is not None:
            known.acknowledged, known.notes = noted.acknowledged, noted.notes
        try:
            story = await self.story(incident_id)
        except (sqlite3.Error, OSError) as error:
            raise UNREADABLE from error
        assert story is not None, "what was just written to is there"
        return story

    async def _once_kept(self, write: Callable[[], Noted], *, is_open: bool) -> Noted:
        """Write to an incident; one that has just begun may not be in the journal yet."""
        for _ in range(_KEEP_TRIES):
            try:
                return await self._run(write)
            except NoteRefusedError as refused:
                if refused.status != 404 or not is_open:
                    raise
            await asyncio.sleep(_KEEP_TIMEOUT / _KEEP_TRIES)
        raise UNWRITTEN

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._turn:
            return await self._disk.run(work)


def _read_ended(path: Path, wanted: Wanted) -> tuple[list[Incident], int]:
    """As ``read_ended``; nothing while no journal was made."""
    return read_ended(path, wanted) if path.exists() else ([], 0)


def _read_story(path: Path, incident_id: str) -> Incident | None:
    """As ``read_story``; nothing while no journal was made."""
    return read_story(path, incident_id) if path.exists() else None


def _is(incident: Incident, wanted: Wanted) -> bool:
    is_here = wanted.site is None or is_behind(incident, wanted.site)
    return is_here and wanted.carrier in {None, incident.carrier}
