"""What outlives the daemon: the journal, announced maintenance and the records of meetings."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from netwatch.journal.file import NAME
from netwatch.journal.reader import find_previous_run
from netwatch.journal.recorder import JournalRecorder
from netwatch.journal.writer import JournalWriter
from netwatch.maintenance import announcements
from netwatch.maintenance.announcements import AnnouncedMaintenance
from netwatch.meetings.records.store import MeetingRecords
from netwatch.settings import Settings


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """What uses the files of ``NETWATCH_STATE_DIR``.

    Attributes:
        recorder: writes the journal; None without a directory.
        announced: reads what was announced by hand; None without a directory.
        records: of meetings; without a directory they last as long as the daemon.
    """

    recorder: JournalRecorder | None = None
    announced: AnnouncedMaintenance | None = None
    records: MeetingRecords = field(default_factory=MeetingRecords)


async def open_state_directory(settings: Settings, stack: AsyncExitStack) -> StateDirectory:
    """Open the journal, and read what a former run left in it; a broken disk stops nothing.

    Args:
        settings: name the directory.
        stack: closes the journal when it ends.
    """
    directory = settings.state_dir
    if directory is None:
        return StateDirectory()
    path = directory / NAME
    past = await asyncio.to_thread(find_previous_run, path)
    writer = JournalWriter(path, keep=settings.journal_days * 86400.0)
    writer.start()
    stack.push_async_callback(asyncio.to_thread, writer.stop)
    return StateDirectory(
        JournalRecorder(writer, past),
        AnnouncedMaintenance(directory / announcements.NAME),
        MeetingRecords(writer, path),
    )
