"""When each check runs. Rounds on APScheduler; slots on the monotonic clock.

A round is all checks of one kind of probe and one interval. APScheduler starts it once an interval;
the round then launches each check at its own phase. What can't be launched in time is skipped and
counted, never queued: a late measurement says when the collector had time, not how the line was.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, cast

import numpy as np
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from netwatch.core.check import Check
from netwatch.core.clock import SlotClock, phase
from netwatch.core.streams import Streams, is_stream
from netwatch.probes.base import Probe, StreamProbe

ROWS_PER_WAKE_UP = 100
"""Echoes to launch together, where that is possible: a wake-up costs as much as tens of them."""

CHECKS_PER_WAKE_UP = 1
"""Checks that are launched one by one: each costs more than a wake-up, and those that begin
together wait for each other, the good ones for those of devices that lie."""

TICK_INTERVALS = (0.05, 0.1, 0.2, 0.4)
"""Seconds from one wake-up to the next. Each divides the next one, so that all rounds and the beat
of ``netwatch.process.heartbeat`` wake up together."""

MAX_TICK_SHARE = 0.08
"""Share of an interval, beyond which no check waits for a wake-up."""

LATE_AFTER = 0.1
"""Share of an interval after which a launch is counted as late."""

SKIP_AFTER = 0.5
"""Share of an interval after which a slot is skipped."""

RoundKey: TypeAlias = tuple[str, float, bool]
"""The kind and interval of a round's checks, and whether they are launched by rows."""


class SlotAccount(Protocol):
    """Counts slots."""

    def launched(self, kind: str, slots: int, late: int, slip: float) -> None:
        """Slots of a probe were launched.

        Args:
            kind: of the probe.
            slots: how many.
            late: how many of them were late.
            slip: seconds by which the first of them was launched after it was due.
        """

    def skipped(self, kind: str, slots: int) -> None:
        """Slots passed without a launch."""


class Round:
    """The checks of one kind and interval, and how far the present slot has come."""

    def __init__(
        self,
        kind: str,
        interval: float,
        checks: Iterable[Check],
        clock: SlotClock,
        streams: Streams | None = None,
    ) -> None:
        self.kind = kind
        self.interval = interval
        self.name = f"{kind} every {interval:g} s" + ("" if streams is None else " by rows")
        self._clock = clock
        self._streams = streams
        self._start: float | None = None
        self._launched_until = math.inf
        self.replace(checks)

    def replace(self, checks: Iterable[Check]) -> None:
        """Launch these checks from now on; the slot goes on where it was.

        So a check that stays loses no slot and gets none twice, and of the old checks none is
        launched any more, whose row may belong to another one by now.
        """
        by_phase = sorted((phase(check.id, self.interval), check.id, check) for check in checks)
        self._phases = np.array([offset for offset, _, _ in by_phase])
        self._checks = [check for _, _, check in by_phase]
        self._rows = None if self._streams is None else self._streams.rows(self._checks)
        together = CHECKS_PER_WAKE_UP if self._rows is None else ROWS_PER_WAKE_UP
        self.tick = _tick(self.interval, len(self._checks) / together)
        self._position = self._due_until(self._launched_until)

    def join(self, now: float) -> None:
        """Begin at ``now``; checks that were due earlier in this slot are left out."""
        self._start = self._clock.slot_start(self.interval, now)
        self._launched_until = now - self._start
        self._position = self._due_until(self._launched_until)

    def begin(self, now: float, probe: Probe, account: SlotAccount) -> None:
        """Start the slot that ``now`` lies in, after closing the one before.

        The wall clock, which the round is started by, may run a little ahead of the monotonic
        clock; then the slot that is about to begin is meant.
        """
        is_complete = self._position == len(self._checks)
        ahead = LATE_AFTER * self.interval if is_complete else 0.0
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
        self._start, self._position, self._launched_until = start, 0, -math.inf

    def advance(self, now: float, probe: Probe, account: SlotAccount) -> float | None:
        """Launch all that is due.

        Returns:
            Monotonic time at which the next check is due; None when this slot has no other.
        """
        if self._start is None:
            return None
        passed = now - self._start
        begin = max(self._position, self._due_before(passed - SKIP_AFTER * self.interval))
        if begin > self._position:
            account.skipped(self.kind, begin - self._position)
        end = max(begin, self._due_until(passed))
        if end > begin:
            late = max(0, self._due_before(passed - LATE_AFTER * self.interval) - begin)
            slip = passed - float(self._phases[begin])
            self._launch(probe, begin, end, self._start)
            account.launched(self.kind, end - begin, late, slip)
        self._position = end
        self._launched_until = max(self._launched_until, passed)
        if self._position == len(self._checks):
            return None
        return self._start + float(self._phases[self._position])

    def wake_up(self, due: float, now: float) -> float:
        """Monotonic time at which to launch what is due at ``due``: the end of that tick."""
        return self._clock.next_start(self.tick, max(due, now))

    def _launch(self, probe: Probe, begin: int, end: int, start: float) -> None:
        due = start + self._phases[begin:end]
        if self._rows is not None:
            cast("StreamProbe", probe).launch_streams(self._rows[begin:end], due)
            return
        for check, moment in zip(self._checks[begin:end], due.tolist(), strict=True):
            probe.launch(check, moment)

    def _due_until(self, passed: float) -> int:
        """How many checks are due ``passed`` seconds after the slot began."""
        return int(self._phases.searchsorted(passed, side="right"))

    def _due_before(self, passed: float) -> int:
        """How many checks were due less than ``passed`` seconds after the slot began."""
        return int(self._phases.searchsorted(passed, side="left"))


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
        account: counts the slots.
        streams: the rows of the checks that a ``StreamProbe`` launches many at once.
    """

    def __init__(
        self,
        probes: Mapping[str, Probe],
        account: SlotAccount,
        streams: Streams | None = None,
    ) -> None:
        self._probes = probes
        self._account = account
        self._streams = Streams() if streams is None else streams
        self._clock = SlotClock()
        self._rounds: dict[RoundKey, Round] = {}
        self._running: dict[Round, asyncio.Task[None]] = {}
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
        before, self._rounds = self._rounds, {}
        for key, members in sorted(self._groups(checks).items()):
            round_ = before.pop(key) if key in before else self._new_round(key, now)
            self._rounds[key] = round_
            round_.replace(members)
            self._go_on(round_, now)
        for round_ in before.values():
            self._scheduler.remove_job(round_.name)
        self._running = {round_: task for round_, task in self._running.items() if not task.done()}

    def measure_now(self, check: Check) -> None:
        """Launch a check once more, outside its slots, as soon as the loop is free.

        This is the ``netwatch.core.measure_now.MeasureNow`` of those who are in doubt.
        """
        probe = self._probes.get(check.kind)
        if probe is not None and self._rounds:
            asyncio.get_running_loop().call_soon(probe.launch, check, time.monotonic())

    def realign(self) -> None:
        """Aim all rounds anew after the wall clock, which APScheduler waits by, was stepped."""
        self._scheduler.remove_all_jobs()
        for round_ in self._rounds.values():
            self._add_job(round_)

    def stop(self) -> None:
        """Stop launching checks."""
        self._rounds = {}
        for task in self._running.values():
            task.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _groups(self, checks: Iterable[Check]) -> dict[RoundKey, list[Check]]:
        """The checks of each round."""
        groups: dict[RoundKey, list[Check]] = defaultdict(list)
        by_row = {kind for kind, probe in self._probes.items() if isinstance(probe, StreamProbe)}
        for check in checks:
            by_rows = is_stream(check) and check.kind in by_row
            groups[check.kind, check.interval, by_rows].append(check)
        return groups

    def _new_round(self, key: RoundKey, now: float) -> Round:
        """A round without checks that begins now."""
        kind, interval, by_rows = key
        round_ = Round(kind, interval, (), self._clock, self._streams if by_rows else None)
        round_.join(now)
        self._add_job(round_)
        return round_

    def _add_job(self, round_: Round) -> None:
        """Let APScheduler start the round now and at the beginning of each slot."""
        self._scheduler.add_job(
            self._start_slot,
            SlotTrigger(round_.interval, self._clock),
            args=(round_,),
            id=round_.name,
            next_run_time=datetime.now(self._scheduler.timezone),
        )

    def _go_on(self, round_: Round, now: float) -> None:
        """Launch what is due, and wait for what is due next, whatever was waited for until now."""
        round_.begin(now, self._probes[round_.kind], self._account)
        running = self._running.pop(round_, None)
        if running is not None:
            running.cancel()
        self._running[round_] = asyncio.get_running_loop().create_task(self._run(round_))

    async def _start_slot(self, round_: Round) -> None:
        """What APScheduler calls: short, so that a job never overlaps with its next run."""
        round_.begin(time.monotonic(), self._probes[round_.kind], self._account)
        running = self._running.get(round_)
        if running is None or running.done():  # else it goes on with this slot
            self._running[round_] = asyncio.get_running_loop().create_task(self._run(round_))

    async def _run(self, round_: Round) -> None:
        """One slot of one round, from its start to its last check."""
        probe = self._probes[round_.kind]
        while round_ in self._rounds.values():
            due = round_.advance(time.monotonic(), probe, self._account)
            if due is None:
                return
            now = time.monotonic()
            await asyncio.sleep(round_.wake_up(due, now) - now)


def _tick(interval: float, wake_ups: float) -> float:
    """Seconds from one wake-up of a round to the next, of which so many are wanted a slot."""
    longest = MAX_TICK_SHARE * interval
    wanted = min(longest, max(TICK_INTERVALS[0], interval / max(1, wake_ups)))
    return max((tick for tick in TICK_INTERVALS if tick <= wanted), default=longest)
