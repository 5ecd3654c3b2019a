"""The daemon's life: start, reload on SIGHUP, stop on SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from functools import lru_cache

from netwatch import announcements, garbage, probes, sd
from netwatch.announcements import AnnouncedMaintenance
from netwatch.collector import Collector
from netwatch.configuration import read_configuration
from netwatch.core.check import Check
from netwatch.core.errors import NetwatchError
from netwatch.core.result import Sink
from netwatch.heartbeat import beat
from netwatch.journal.file import NAME
from netwatch.journal.reader import recall
from netwatch.journal.recorder import JournalRecorder
from netwatch.journal.writer import JournalWriter
from netwatch.meetings.records.store import MeetingRecords
from netwatch.metrics.own import OwnMetrics
from netwatch.probes.base import Probe, StreamProbe
from netwatch.schedule import Schedule
from netwatch.settings import Settings
from netwatch.traps.service import TrapService
from netwatch.web.app import create_app
from netwatch.web.server import open_listener, serve

logger = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run until told to stop.

    Raises:
        ConfigError: settings or inventory are wrong; nothing was started.
        StartError: this machine doesn't allow what is needed; nothing is left behind.
    """
    with garbage.kept_off():
        configuration = read_configuration(settings)
    async with AsyncExitStack() as stack:
        chronicle = await _open_chronicle(settings, stack)
        collector = Collector(
            configuration,
            settings.vantage,
            chronicle,
            _noticeboard(settings),
            _meeting_records(settings, chronicle),
        )
        fleet = _Fleet(collector.report)
        stack.push_async_callback(fleet.close)
        await fleet.open(configuration.checks)
        inherited = sd.listen_sockets()
        listener = inherited[0] if inherited else open_listener(*settings.listen_address)
        await stack.enter_async_context(serve(create_app(collector), listener))
        fleet.watch(collector)
        schedule = Schedule(fleet.probes, _Slots(collector.own), collector.streams)
        traps = None
        if settings.traps_address is not None:
            traps = TrapService(schedule.probe_now, collector.traps.count, configuration.checks)
            await stack.enter_async_context(traps.listening(settings.traps_address))
            collector.traps.begin()
        schedule.start(configuration.checks)
        stack.callback(schedule.stop)
        collector.verify_by(schedule.probe_now)
        daemon = _Daemon(settings, collector, fleet, schedule, traps)
        daemon.took_over()
        await daemon.live()


async def _open_chronicle(settings: Settings, stack: AsyncExitStack) -> JournalRecorder | None:
    """The journal, and what a former run left in it; a broken disk stops nothing."""
    if settings.state_dir is None:
        return None
    path = settings.state_dir / NAME
    past = await asyncio.to_thread(recall, path)
    writer = JournalWriter(path, keep=settings.journal_days * 86400.0)
    writer.start()
    stack.push_async_callback(asyncio.to_thread, writer.stop)
    return JournalRecorder(writer, past)


def _noticeboard(settings: Settings) -> AnnouncedMaintenance | None:
    directory = settings.state_dir
    return None if directory is None else AnnouncedMaintenance(directory / announcements.NAME)


def _meeting_records(
    settings: Settings, chronicle: JournalRecorder | None
) -> MeetingRecords | None:
    directory = settings.state_dir
    if directory is None or chronicle is None:
        return None
    return MeetingRecords(chronicle.writer, directory / NAME)


class _Fleet:
    """The running probes, one of each kind that some check needs."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.probes: dict[str, Probe] = {}

    async def open(self, checks: Iterable[Check]) -> None:
        """Open what these checks need beyond what is open.

        Raises:
            StartError: this machine doesn't allow it.
        """
        kinds = probes.kinds()
        for name in {check.kind for check in checks} - self.probes.keys():
            probe = kinds[name].create(self._sink)
            await probe.open()
            self.probes[name] = probe

    def watch(self, collector: Collector) -> None:
        """Let the probes of streams know the rows that the collector gave them."""
        for probe in self.probes.values():
            if isinstance(probe, StreamProbe):
                probe.watch(collector.streams, collector)

    async def close(self) -> None:
        for probe in self.probes.values():
            await probe.close()


class _Slots:
    """Counts slots in the program's own metrics."""

    def __init__(self, own: OwnMetrics) -> None:
        self._own = own
        self._counter = lru_cache(own.slots.labels)

    def launched(self, kind: str, slots: int, late: int, slip: float) -> None:
        self._counter(kind, "run").inc(slots - late)
        if late:
            self._counter(kind, "late").inc(late)
        self._own.schedule_slip.observe(slip)

    def skipped(self, kind: str, slots: int) -> None:
        self._counter(kind, "skipped").inc(slots)


class _Daemon:
    """What happens between start and stop."""

    def __init__(
        self,
        settings: Settings,
        collector: Collector,
        fleet: _Fleet,
        schedule: Schedule,
        traps: TrapService | None,
    ) -> None:
        self._settings = settings
        self._collector = collector
        self._fleet = fleet
        self._schedule = schedule
        self._traps = traps
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._watchdog = sd.watchdog_interval()
        self._fed = time.monotonic()
        self._reports_when_fed = 0

    async def live(self) -> None:
        """Beat, and answer signals, until told to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        sd.notify("READY=1")
        async with asyncio.TaskGroup() as tasks:
            workers = [
                tasks.create_task(beat(self._beat, self._lagged, self._stepped)),
                tasks.create_task(self._reload_when_told()),
                tasks.create_task(self._collector.monitor.run()),
            ]
            await self._stop.wait()
            sd.notify("STOPPING=1")
            logger.info("stopping")
            for worker in workers:
                worker.cancel()

    def took_over(self) -> None:
        """Say that the configuration that was read last is in force."""
        self._collector.own.count_slots_of(self._fleet.probes)
        self._collector.own.reload_successful.set(1)
        self._collector.own.reload_timestamp.set_to_current_time()
        garbage.spare_what_stays()
        board = self._collector.board
        sd.notify(f"STATUS=watching {len(board.sites)} sites, {len(board.targets)} targets")
        logger.info("watching sites=%d targets=%d", len(board.sites), len(board.targets))

    async def _reload_when_told(self) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            sd.notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
            await self._take_over()
            sd.notify("READY=1")

    async def _take_over(self) -> None:
        """Work by what the files say now; when they are wrong, go on as before."""
        try:
            # In a thread, because a large inventory takes longer to read than an echo may wait.
            with garbage.kept_off():
                configuration = await asyncio.to_thread(read_configuration, self._settings)
            await self._fleet.open(configuration.checks)
        except NetwatchError as error:
            self._collector.own.reload_successful.set(0)
            for line in str(error).splitlines():
                logger.error("reload refused: %s", line)
            sd.notify(f"STATUS=reload refused: {str(error).splitlines()[0]}")
            return
        self._collector.replace(configuration)
        self._fleet.watch(self._collector)
        self._schedule.replace(configuration.checks)
        if self._traps is not None:
            self._traps.replace(configuration.checks)
        self.took_over()

    def _beat(self) -> None:
        self._collector.tick()
        if self._watchdog is None or time.monotonic() - self._fed < self._watchdog / 3:
            return
        # A watchdog that is fed although nothing is measured proves nothing.
        if self._collector.reports > self._reports_when_fed:
            self._fed = time.monotonic()
            self._reports_when_fed = self._collector.reports
            sd.notify("WATCHDOG=1")

    def _lagged(self, seconds: float) -> None:
        self._collector.own.loop_lag.observe(seconds)

    def _stepped(self, seconds: float) -> None:
        logger.warning("wall clock stepped seconds=%.3f", seconds)
        self._schedule.realign()
