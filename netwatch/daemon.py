"""Floor 6: the daemon's life: start, reload on SIGHUP, stop on SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack

from netwatch import probes, sd
from netwatch.collector import Collector
from netwatch.configuration import read_configuration
from netwatch.core.errors import ConfigError
from netwatch.heartbeat import beat
from netwatch.metrics.own import OwnMetrics
from netwatch.probes.base import Probe
from netwatch.schedule import Schedule
from netwatch.settings import Settings
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import start_web

logger = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run until told to stop.

    Raises:
        ConfigError: settings or inventory are wrong; nothing was started.
        StartError: this machine doesn't allow what is needed; nothing is left behind.
    """
    configuration = read_configuration(settings)
    collector = Collector(configuration, settings.vantage)
    async with AsyncExitStack() as stack:
        running = await _open_probes(collector, stack)
        inherited = sd.listen_sockets()
        listener = inherited[0] if inherited else open_listener(*settings.listen_address)
        web = await start_web(create_app(collector), listener)
        stack.push_async_callback(web.stop)
        schedule = Schedule(running, _Slots(collector.own))
        schedule.start(configuration.checks)
        stack.callback(schedule.stop)
        daemon = _Daemon(settings, collector, schedule)
        daemon.took_over()
        await daemon.live()


async def _open_probes(collector: Collector, stack: AsyncExitStack) -> Mapping[str, Probe]:
    running: dict[str, Probe] = {}
    for name, kind in probes.kinds().items():
        probe = kind.create(collector.report)
        stack.push_async_callback(probe.close)
        await probe.open()
        running[name] = probe
    return running


class _Slots:
    """Counts slots in the program's own metrics."""

    def __init__(self, own: OwnMetrics) -> None:
        self._own = own

    def launched(self, kind: str, slip: float, *, late: bool) -> None:
        self._own.slots.labels(kind, "late" if late else "run").inc()
        self._own.schedule_slip.observe(slip)

    def skipped(self, kind: str, slots: int) -> None:
        self._own.slots.labels(kind, "skipped").inc(slots)


class _Daemon:
    """What happens between start and stop."""

    def __init__(self, settings: Settings, collector: Collector, schedule: Schedule) -> None:
        self._settings = settings
        self._collector = collector
        self._schedule = schedule
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
            ]
            await self._stop.wait()
            sd.notify("STOPPING=1")
            logger.info("stopping")
            for worker in workers:
                worker.cancel()

    def took_over(self) -> None:
        """Say that the configuration that was read last is in force."""
        self._collector.own.reload_successful.set(1)
        self._collector.own.reload_timestamp.set_to_current_time()
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
            configuration = await asyncio.to_thread(read_configuration, self._settings)
        except ConfigError as error:
            self._collector.own.reload_successful.set(0)
            sd.notify(f"STATUS=reload refused: {error.problems[0]}")
            for problem in error.problems:
                logger.error("reload refused: %s", problem)
            return
        self._collector.replace(configuration)
        self._schedule.replace(configuration.checks)
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
