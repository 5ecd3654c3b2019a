"""What outlives the daemon: journal, announced maintenance, meetings, incidents, lasting facts."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from netwatch.audit.chain_watch import AuditChainWatch
from netwatch.audit.log import AuditLog
from netwatch.audit.seen import NAME as SEEN
from netwatch.audit.seen import SeenInventory
from netwatch.disk.lock import NAME as LOCK
from netwatch.disk.lock import DirectoryLock
from netwatch.disk.private import close_to_others, make_directory
from netwatch.disk.worker import DiskWorker
from netwatch.history.columns import DayColumns
from netwatch.history.store import HistoryStore
from netwatch.incidents.follower import REOPEN_TIME
from netwatch.incidents.incident import Incident
from netwatch.incidents.store import IncidentStore, find_kept
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import NAME
from netwatch.journal.reader import PreviousRun, find_previous_run
from netwatch.journal.recorder import JournalRecorder
from netwatch.journal.writer import JournalWriter
from netwatch.lasting import LastingStore
from netwatch.maintenance import announcements
from netwatch.maintenance.announced import AnnouncedMaintenance
from netwatch.meetings.records.store import MeetingRecords
from netwatch.settings import Settings

PATHS = "paths.json"
"""The file of how long paths usually are."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """What uses the files of ``NETWATCH_STATE_DIR``.

    Attributes:
        recorder: writes the journal; None without a directory.
        announced: reads what was announced by hand; None without a directory.
        records: of meetings; without a directory they last as long as the daemon.
        audit: who does what; without a directory it is only logged.
        seen: the inventory of the run before.
        chain: verifies the audit.
        incidents: likewise.
        history: keeps the last day of the sites.
        day: what it kept of the run before; None when nothing.
        journal: the journal's file; None without a directory.
        lasting: what is true until another value is told.
        paths: how long the path to each target usually is.
    """

    recorder: JournalRecorder | None = None
    announced: AnnouncedMaintenance | None = None
    records: MeetingRecords = field(default_factory=MeetingRecords)
    audit: AuditLog = field(default_factory=AuditLog)
    seen: SeenInventory = field(default_factory=SeenInventory)
    chain: AuditChainWatch = field(default_factory=AuditChainWatch)
    incidents: IncidentStore = field(default_factory=IncidentStore)
    history: HistoryStore = field(default_factory=HistoryStore)
    day: DayColumns | None = None
    journal: Path | None = None
    lasting: LastingStore = field(default_factory=LastingStore)
    paths: LastingStore = field(default_factory=LastingStore)


async def open_state_directory(
    settings: Settings, stack: AsyncExitStack, former: FormerIds
) -> StateDirectory:
    """Lock the directory, open the journal, and read what a former run left in it.

    A broken disk, or one that hangs, stops nothing: it is logged, and tried again by those who use
    the files.

    Args:
        settings: name the directory.
        stack: closes the journal and releases the lock when it ends.
        former: ids under which a former run may have left something.

    Raises:
        StartError: another daemon uses the directory, or it is open to others.
    """
    directory = settings.state_dir
    if directory is None:
        return StateDirectory()
    lock, disk = DirectoryLock(), DiskWorker()
    stack.callback(lock.release)
    past, incidents = None, list[Incident]()
    try:
        past, incidents = await disk.run(lambda: _enter(directory, lock, former))
    except OSError as error:
        logger.error("state_dir %s can't be used: %s", directory, error.strerror)
    writer = JournalWriter(directory / NAME, keep=settings.journal_days * 86400.0)
    writer.start()
    stack.push_async_callback(asyncio.to_thread, writer.stop)
    announced = AnnouncedMaintenance(directory / announcements.NAME)
    await announced.look()
    known_until = past.states.known_until if past else None
    history, lasting = HistoryStore(directory), LastingStore(directory)
    paths = LastingStore(directory, PATHS, "how long paths usually are")
    for kept in lasting, paths:
        await kept.load()
    return StateDirectory(
        JournalRecorder(writer, past),
        announced,
        MeetingRecords(writer, directory / NAME),
        AuditLog(writer),
        SeenInventory(directory / SEEN),
        AuditChainWatch(directory / NAME),
        IncidentStore(writer, directory / NAME, incidents, known_until),
        history,
        await history.load(),
        directory / NAME,
        lasting,
        paths,
    )


def _enter(
    directory: Path, lock: DirectoryLock, former: FormerIds
) -> tuple[PreviousRun | None, list[Incident]]:
    """Make the directory where there is none, lock it, and read what the previous run left."""
    make_directory(directory)
    close_to_others(directory, LOCK)
    lock.acquire(directory)
    journal, ended = directory / NAME, time.time() - REOPEN_TIME
    past = find_previous_run(journal, former)
    return past, find_kept(journal, ended, former) if past else []
