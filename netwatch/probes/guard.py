"""Holds every probe to its contract, so that a mistake in one costs nothing but its own slot.

A slot ends in one result, in time, with facts that its kind declares. When a probe raises, never
answers, answers twice or tells what it has not declared, an invalid result is counted in its place
(``netwatch_probe_results_total``), and the log has the first mistake of each check.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from netwatch.core.check import Check
from netwatch.core.echo import EchoSink, Seconds
from netwatch.core.facts import Fact
from netwatch.core.result import Outcome, Reason, Report, Result, Sample, Sink, Stray
from netwatch.core.streams import Rows, Streams
from netwatch.probes.contract import ErrorResult, Probe, StreamProbe
from netwatch.probes.turns import Turns

logger = logging.getLogger(__name__)

MAX_LOGGED = 1000
"""Checks of one kind whose mistakes are logged; those of others are only counted."""

INTERNAL_ERROR = "internal error of the probe; see the log"
"""The detail of a result that was lost by a mistake of the probe."""

NO_DESCRIPTOR = "no descriptor left for it"
"""The detail of a result of a slot that could not begin."""

GRACE_TIMEOUT = 5.0
"""Seconds beyond a check's timeout after which its slot is ended without the probe."""

MAX_LATE = 0.5
"""Seconds by which that may be noticed late and still be the probe's fault, not the loop's."""


class FirstErrors:
    """Logs the first mistake of each check of one kind of probe."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._logged: set[str] = set()

    def note(self, check: str, what: str, error: Exception | None = None) -> None:
        """Log a mistake, with its traceback, unless one of this check was logged before."""
        if check not in self._logged and len(self._logged) < MAX_LOGGED:
            self._logged.add(check)
            words = "probe error kind=%s check=%s: %s"
            logger.error(words, self._kind, check, what, exc_info=error)


class GuardedProbe:
    """A probe that gives exactly one result for each slot, whatever the one inside does.

    Args:
        kind: its name.
        facts: what it may tell.
        create: makes the one inside.
        sink: where results go.
        turns: which slots may begin, as far as this machine has descriptors.
    """

    def __init__(
        self,
        kind: str,
        facts: Iterable[Fact],
        create: Callable[[Sink], Probe],
        sink: Sink,
        turns: Turns,
    ) -> None:
        self._sink = sink
        self._turns = turns
        self._errors = FirstErrors(kind)
        self._labels = {fact.name: fact.labels for fact in facts}
        self._open: dict[tuple[str, float], asyncio.TimerHandle] = {}
        self._is_closed = False
        self.inner = create(self._report)

    async def open(self) -> None:
        """Open the probe.

        Raises:
            StartError: this machine doesn't allow it.
        """
        await self.inner.open()

    def launch(self, check: Check, due: float) -> None:
        """Begin the slot ``due`` (monotonic seconds) of a check; not measured without a turn."""
        if not self._turns.take(check, due):
            self._pass_on(_not_measured(check, due, NO_DESCRIPTOR))
            return
        self._expect(check, due, check.timeout + GRACE_TIMEOUT)
        try:
            self.inner.launch(check, due)
        except Exception as error:  # noqa: BLE001 - a mistake of the probe, which _fail logs
            self._close_slot(check, due)
            self._fail(check, due, "it raised", error)

    async def close(self) -> None:
        """Close the probe; open slots are dropped without a result."""
        self._is_closed = True
        for timer in self._open.values():
            timer.cancel()
            self._turns.give_back()
        self._open.clear()
        await self.inner.close()

    def _expect(self, check: Check, due: float, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        self._open[check.id, due] = loop.call_at(end, self._overdue, check, due, end)

    def _overdue(self, check: Check, due: float, end: float) -> None:
        if asyncio.get_running_loop().time() - end > MAX_LATE:
            self._expect(check, due, GRACE_TIMEOUT)  # the loop stood still, and the probe with it
        elif self._close_slot(check, due):
            self._fail(check, due, "it gave no result")

    def _report(self, report: Report) -> None:
        """The sink of the probe inside."""
        if self._is_closed:
            return
        if isinstance(report, Stray):
            self._pass_on(report)
            return
        check, due = report.check, report.due
        if not self._close_slot(check, due):
            self._fail(check, due, "it gave a second result for a slot")
        elif isinstance(report, ErrorResult):
            self._fail(check, due, "it raised", report.error)
        elif undeclared := [fact.name for fact in report.facts if not self._is_declared(fact)]:
            self._fail(check, due, f"its kind does not declare the fact {undeclared[0]:.80}")
        else:
            self._pass_on(report)

    def _is_declared(self, fact: Sample) -> bool:
        return self._labels.get(fact.name) == tuple(name for name, _ in fact.labels)

    def _fail(self, check: Check, due: float, what: str, error: Exception | None = None) -> None:
        """Nothing was measured, by a mistake of the probe."""
        self._errors.note(check.id, what, error)
        self._pass_on(_not_measured(check, due, INTERNAL_ERROR))

    def _close_slot(self, check: Check, due: float) -> bool:
        """Wait for no result of a slot any longer; returns whether one was waited for."""
        timer = self._open.pop((check.id, due), None)
        if timer is None:
            return False
        timer.cancel()
        self._turns.give_back()
        return True

    def _pass_on(self, report: Report) -> None:
        try:
            self._sink(report)
        except Exception as error:  # noqa: BLE001 - not the probe's, which must go on; logged
            self._errors.note(report.check.id, "its result could not be taken in", error)


def _not_measured(check: Check, due: float, detail: str) -> Result:
    now, invalid = time.monotonic(), Outcome.INVALID
    return Result(check, due, now, invalid, Reason.LOCAL_ERROR, detail=detail)


class GuardedStreamProbe:
    """A probe of streams: what it raises when it is told to begin ends no round.

    Its results are so many that they are not looked at here.
    """

    def __init__(self, kind: str, inner: StreamProbe) -> None:
        self.inner = inner
        self._errors = FirstErrors(kind)

    async def open(self) -> None:
        """Open the probe.

        Raises:
            StartError: this machine doesn't allow it.
        """
        await self.inner.open()

    def watch(self, streams: Streams, sink: EchoSink) -> None:
        """Know these streams from now on, and report them to ``sink``."""
        self.inner.watch(streams, sink)

    def launch(self, check: Check, due: float) -> None:
        """Begin the slot ``due`` (monotonic seconds) of a check."""
        try:
            self.inner.launch(check, due)
        except Exception as error:  # noqa: BLE001 - a mistake of the probe, logged
            self._errors.note(check.id, "it raised", error)

    def launch_streams(self, rows: Rows, due: Seconds) -> None:
        """Begin the slots ``due`` (monotonic seconds) of streams."""
        try:
            self.inner.launch_streams(rows, due)
        except Exception as error:  # noqa: BLE001 - a mistake of the probe, logged
            self._errors.note("(streams)", "it raised", error)

    async def close(self) -> None:
        """Close the probe; open slots are dropped without a result."""
        await self.inner.close()
