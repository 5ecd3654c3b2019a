"""The daemon's life: start, reload on SIGHUP, stop on SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from contextlib import AsyncExitStack
from socket import SOCK_DGRAM, SOCK_STREAM

from netwatch import __version__
from netwatch.audit.chain_watch import AuditChainWatch
from netwatch.audit.who import PROGRAM, SIGNAL, Who
from netwatch.configuration import Configuration, read_configuration
from netwatch.core.errors import NetwatchError
from netwatch.core.streams import Streams
from netwatch.disk.worker import in_thread, read_first
from netwatch.export.described import described
from netwatch.export.row_family import target_labels
from netwatch.fleet import Fleet
from netwatch.incidents.alerting import alerting
from netwatch.incidents.links import IncidentLinks
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory
from netwatch.metrics.own import OwnMetrics
from netwatch.metrics.slots import SlotCounter
from netwatch.process import garbage, systemd
from netwatch.process.heartbeat import beat
from netwatch.process.log_thread import logging_without_waiting
from netwatch.schedule import Schedule
from netwatch.settings import Settings
from netwatch.state_dir import open_state_directory
from netwatch.traps.service import TrapService
from netwatch.web.listener import open_listener
from netwatch.web.start import WebServer
from netwatch.wiring import Parts

logger = logging.getLogger(__name__)

_MAX_TOLD = 100
"""Mistakes of a refused reload that are logged: 12 000 lines would hold the loop for a second."""


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigError: settings or inventory are wrong; nothing was started.
        StartError: this machine doesn't allow what is needed; nothing is left behind.
    """
    own = OwnMetrics(__version__)
    with logging_without_waiting(own.log_lines_dropped.inc):
        await _run(settings, own)


async def _run(settings: Settings, own: OwnMetrics) -> None:
    streams, fleet = Streams(), Fleet()
    with garbage.paused():
        configuration, web = await read_first(
            lambda: (_read(settings), WebServer(settings, own.web))
        )
    schedule = Schedule(fleet.probes, SlotCounter(own), streams)
    async with AsyncExitStack() as stack:
        former = former_ids(configuration.written)
        kept = await open_state_directory(settings, stack, former)
        links = IncidentLinks(settings.page_url, settings.runbooks_url)
        measure_now = schedule.measure_now
        with garbage.paused():
            parts = Parts(configuration, settings.vantage, streams, own, measure_now, kept, links)
        alerts = alerting(parts.incidents, settings.alertmanager_url, links)
        await stack.enter_async_context(alerts)
        await stack.enter_async_context(parts.history.kept())
        await stack.enter_async_context(parts.lasting.kept())
        await stack.enter_async_context(parts.usual_paths.kept())
        stack.push_async_callback(fleet.close)
        await fleet.open(configuration.measured, parts.collector)
        inherited = {sock.type: sock for sock in systemd.listen_sockets()}
        listener = inherited.get(SOCK_STREAM) or open_listener(*settings.listen_address)
        await stack.enter_async_context(web.serving(parts.pages, listener, kept.audit))
        fleet.watch(streams, parts.collector)
        traps = None
        trap_place = inherited.get(SOCK_DGRAM) or settings.traps_address
        if trap_place is not None:
            traps = TrapService(schedule.measure_now, parts.traps.count, configuration.checks)
            await stack.enter_async_context(traps.listening(trap_place))
            parts.traps.begin()
        schedule.start(configuration.measured)
        stack.callback(schedule.stop)
        daemon = _Daemon(settings, own, parts, fleet, schedule, traps, kept.chain)
        daemon.report_configuration()
        garbage.freeze()
        kept.audit.record(PROGRAM, "start", "netwatch", {"version": __version__})
        stack.callback(kept.audit.record, PROGRAM, "stop", "netwatch", {})
        await daemon.live(configuration)


class _Daemon:
    """A daemon that has started: its beat, its reloads, its end."""

    def __init__(  # noqa: PLR0913, PLR0917 (what it reloads)
        self,
        settings: Settings,
        own: OwnMetrics,
        parts: Parts,
        fleet: Fleet,
        schedule: Schedule,
        traps: TrapService | None,
        chain: AuditChainWatch,
    ) -> None:
        self._settings = settings
        self._own = own
        self._parts = parts
        self._fleet = fleet
        self._schedule = schedule
        self._traps = traps
        self._chain = chain
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._watchdog = systemd.watchdog_interval()
        self._fed = time.monotonic()
        self._reports_when_fed = 0
        self._renewed: float | None = None
        self._reloader = SIGNAL

    async def live(self, configuration: Configuration) -> None:
        """Run the heartbeat, and serve signals, until SIGTERM or SIGINT.

        Args:
            configuration: by which it started.
        """
        self._renewed = configuration.renewed
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        systemd.notify("READY=1")
        async with asyncio.TaskGroup() as tasks:
            workers = [
                tasks.create_task(beat(self._beat, self._lagged, self._stepped)),
                tasks.create_task(self._serve_reloads()),
                tasks.create_task(self._parts.meetings.run()),
                tasks.create_task(self._parts.audit.started(configuration.written)),
                tasks.create_task(self._chain.run()),
            ]
            await self._stop.wait()
            systemd.notify("STOPPING=1")
            logger.info("stopping")
            for worker in workers:
                worker.cancel()

    def report_configuration(self) -> None:
        """Report that the configuration that was read last is in force."""
        self._own.count_slots_of(self._fleet.probes)
        self._own.reload_successful.set(1)
        self._own.reload_timestamp.set_to_current_time()
        sites, targets = len(self._parts.states.sites), len(self._parts.states.targets)
        systemd.notify(f"STATUS=watching {sites} sites, {targets} targets")
        logger.info("watching sites=%d targets=%d", sites, targets)

    async def _serve_reloads(self) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            who, self._reloader = self._reloader, SIGNAL
            systemd.notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
            with garbage.kept():
                inventory = await self._reload_configuration(who)
                if inventory is None:
                    gc.collect()  # mistakes, and all that was read, refer to each other
            systemd.notify("READY=1")
            if inventory is not None:
                await self._parts.audit.reloaded(who, inventory)

    async def _reload_configuration(self, who: Who) -> Inventory | None:
        """Read the files again and work by them; returns what they say.

        None: they are wrong. Why is logged, and all goes on as before.
        """
        try:
            # In a thread, because a large inventory takes longer to read than an echo may wait, and
            # a disk may hang: this thread doesn't keep the daemon from stopping.
            reading = in_thread(lambda: _read(self._settings))
            configuration = await asyncio.wrap_future(reading)
            await self._fleet.open(configuration.measured, self._parts.collector)
        except NetwatchError as error:
            self._parts.audit.refused(who, error)
            self._own.reload_successful.set(0)
            lines = str(error).splitlines()
            for line in lines[:_MAX_TOLD]:
                logger.error("reload refused: %s", line)
            if len(lines) > _MAX_TOLD:
                logger.error("and %d more: netwatch check tells all", len(lines) - _MAX_TOLD)
            systemd.notify(f"STATUS=reload refused: {lines[0]}")
            return None
        self._parts.replace(configuration)
        self._fleet.watch(self._parts.streams, self._parts.collector)
        self._schedule.replace(configuration.measured)
        if self._traps is not None:
            self._traps.replace(configuration.checks)
        self.report_configuration()
        self._renewed = configuration.renewed
        return configuration.written

    def _beat(self) -> None:
        self._parts.tick()
        if self._renewed is not None and time.time() >= self._renewed:
            self._renewed = None
            self._reloader = PROGRAM  # the day has come on which something begins, or ends
            self._reload.set()
        if self._watchdog is None or time.monotonic() - self._fed < self._watchdog / 3:
            return
        # A watchdog that is fed although nothing is measured proves nothing.
        reports = self._parts.collector.reports
        if reports > self._reports_when_fed:
            self._fed = time.monotonic()
            self._reports_when_fed = reports
            systemd.notify("WATCHDOG=1")

    def _lagged(self, seconds: float) -> None:
        self._own.loop_lag.observe(seconds)

    def _stepped(self, seconds: float) -> None:
        logger.warning("wall clock stepped seconds=%.3f", seconds)
        self._schedule.realign()


def _read(settings: Settings) -> Configuration:
    """Read the configuration, and make of it in this thread what the parts will ask for."""
    configuration = read_configuration(settings)
    former_ids(configuration.written)
    target_labels(configuration.inventory)
    described(configuration.inventory)
    return configuration
