"""Floor 4: when each check runs. Rounds on APScheduler; slots on the monotonic clock.

A round is all checks of one kind of probe and one interval. APScheduler starts it once an interval;
the round then launches each check at its own phase. What can't be launched in time is skipped and
counted, never queued: a late measurement says when the collector had time, not how the line was.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from netwatch.core.check import Check
from netwatch.core.clock import SlotClock, phase
from netwatch.probes.base import Probe

TICK = 0.02
"""Seconds between two looks at what is due: a wake-up costs more than an echo."""

LATE = 0.1
"""Share of an interval after which a launch is counted as late."""

TOO_LATE = 0.5
"""Share of an interval after which a slot is skipped."""


class SlotAccount(Protocol):
    """Who counts the slots."""

    def launched(self, kind: str, slip: float, *, late: bool) -> None:
        """A slot of a probe was launched ``slip`` seconds after it was due."""

    def skipped(self, kind: str, slots: int) -> None:
        """Slots passed unused."""


class Round:
    """The checks of one kind and interval, and how far the present slot has come."""

    def __init__(
        self, kind: str, interval: float, checks: Iterable[Check], clock: SlotClock
    ) -> None:
        self.kind = kind
        self.interval = interval
        self._clock = clock
        by_phase = sorted((phase(check.id, interval), check.id, check) for check in checks)
        self._phases = [offset for offset, _, _ in by_phase]
        self._checks = [check for _, _, check in by_phase]
        self._start: float | None = None
        self._position = len(self._checks)

    def join(self, now: float) -> None:
        """Take part from ``now`` on; what was due earlier in this slot is none of ours."""
        self._start = self._clock.slot_start(self.interval, now)
        self._position = bisect_right(self._phases, now - self._start)

    def begin(self, now: float, probe: Probe, account: SlotAccount) -> None:
        """Start the slot that ``now`` lies in, after closing the one before.

        The wall clock, which the round is started by, may run a little ahead of the monotonic
        clock; then the slot that is about to begin is meant.
        """
        is_complete = self._position == len(self._checks)
        ahead = LATE * self.interval if is_complete else 0.0
        start = self._clock.slot_start(self.interval, now + ahead)
        if self._start is None:
            self.join(now)
            return
        passed = round((start - self._start) / self.interval)
        if passed < 1:
            return
        self.advance(now, probe, account)
        missed = len(self._checks) * (passed - 1)
        if missed:
            account.skipped(self.kind, missed)
        self._start, self._position = start, 0

    def advance(self, now: float, probe: Probe, account: SlotAccount) -> float | None:
        """Launch all that is due; returns when the next check is, None at the slot's end."""
        if self._start is None:
            return None
        skipped = 0
        while self._position < len(self._checks):
            due = self._start + self._phases[self._position]
            slip = now - due
            if slip < 0:
                break
            if slip > TOO_LATE * self.interval:
                skipped += 1
            else:
                probe.launch(self._checks[self._position], due)
                account.launched(self.kind, slip, late=slip > LATE * self.interval)
            self._position += 1
        if skipped:
            account.skipped(self.kind, skipped)
        if self._position == len(self._checks):
            return None
        return self._start + self._phases[self._position]


class SlotTrigger(BaseTrigger):
    """Fires at the beginning of each slot.

    It asks the monotonic clock each time, so the wall clock's drift can't add up.
    """

    def __init__(self, interval: float, clock: SlotClock) -> None:
        self._interval = interval
        self._clock = clock

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The wall-clock time of the next slot."""
        monotonic = time.monotonic()
        start = self._clock.slot_start(self._interval, monotonic)
        return now + timedelta(seconds=start + self._interval - monotonic)


class Schedule:
    """Runs every check in its slots.

    Args:
        probes: the running probes by kind.
        account: who counts the slots.
    """

    def __init__(self, probes: Mapping[str, Probe], account: SlotAccount) -> None:
        self._probes = probes
        self._account = account
        self._clock = SlotClock()
        self._rounds: list[Round] = []
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )

    def start(self, checks: Iterable[Check]) -> None:
        """Begin with these checks; each runs for the first time within one interval."""
        self._scheduler.start()
        self.replace(checks)

    def replace(self, checks: Iterable[Check]) -> None:
        """Run these checks from now on. A check that stays loses no slot and gets none twice."""
        now = time.monotonic()
        for round_ in self._rounds:
            round_.advance(now, self._probes[round_.kind], self._account)
        self._scheduler.remove_all_jobs()
        groups: dict[tuple[str, float], list[Check]] = defaultdict(list)
        for check in checks:
            groups[check.kind, check.interval].append(check)
        self._rounds = [
            Round(kind, interval, members, self._clock)
            for (kind, interval), members in sorted(groups.items(), key=lambda item: item[0])
        ]
        for round_ in self._rounds:
            round_.join(now)
        self._add_jobs()

    def probe_now(self, check: Check) -> None:
        """Launch a check once more, outside its slots, as soon as the loop is free."""
        probe = self._probes.get(check.kind)
        if probe is not None and self._rounds:
            asyncio.get_running_loop().call_soon(probe.launch, check, time.monotonic())

    def realign(self) -> None:
        """Aim all rounds anew after the wall clock, which APScheduler waits by, was stepped."""
        self._scheduler.remove_all_jobs()
        self._add_jobs()

    def stop(self) -> None:
        """Launch nothing more."""
        self._rounds = []
        for task in self._running:
            task.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _add_jobs(self) -> None:
        for round_ in self._rounds:
            self._scheduler.add_job(
                self._start_slot,
                SlotTrigger(round_.interval, self._clock),
                args=(round_,),
                id=f"{round_.kind} every {round_.interval:g} s",
                next_run_time=datetime.now(self._scheduler.timezone),
            )

    async def _start_slot(self, round_: Round) -> None:
        """What APScheduler calls: short, so that a job never overlaps with its next run."""
        round_.begin(time.monotonic(), self._probes[round_.kind], self._account)
        task = asyncio.get_running_loop().create_task(self._run(round_))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, round_: Round) -> None:
        """One slot of one round, from its start to its last check."""
        probe = self._probes[round_.kind]
        while round_ in self._rounds:
            now = time.monotonic()
            due = round_.advance(now, probe, self._account)
            if due is None:
                return
            await asyncio.sleep(max(TICK, due - now))
