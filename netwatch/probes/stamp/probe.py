"""Sends streams that look like calls, and judges what came back of them."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.facts import MEDIA_LOSS
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.media.clock import clock_error
from netwatch.media.figures import quantile
from netwatch.net.errors import explain
from netwatch.net.peer import MAX_STALL
from netwatch.probes.service import failed
from netwatch.probes.stamp.pacer import Pacer
from netwatch.probes.stamp.params import StampParams
from netwatch.probes.stamp.stream import Stream, StreamReport
from netwatch.probes.stamp.verdict import facts, round_trips
from netwatch.probes.tasks import STALLED, Measured, TaskProbe

MAX_CONCURRENT = 128
"""Streams at one time; each holds a file descriptor, and costs processor time."""

_REPORT_RESERVE = 0.05
"""Seconds before the check's timeout at which a stream ends, so that its result is in time."""

_MAX_CLOCK_STEP = 1_000_000
"""Nanoseconds by which wall clock and monotonic clock may drift apart during a stream; more means
that the clock was set, and time stamps can't be compared."""


class StampProbe(TaskProbe[StampParams]):
    """Sends one stream in each slot of a check."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)
        self._pacer: Pacer | None = None

    async def open(self) -> None:
        """Make the pacer, which needs the running event loop."""
        self._pacer = Pacer()

    async def close(self) -> None:
        """End all streams without a result."""
        await super().close()
        if self._pacer is not None:
            self._pacer.close()

    async def measure(self, check: Check[StampParams]) -> Measured:
        """Send a stream, and say what came of it."""
        params = check.params
        assert self._pacer is not None
        deadline = time.monotonic() + check.timeout - _REPORT_RESERVE
        error = clock_error()
        try:
            stream = Stream(check.address, params, error)
            report = await self._pacer.run(stream, params.gap, deadline)
        except OSError as refused:
            return failed(explain(refused))
        if time.monotonic() - deadline > MAX_STALL or report.sent < params.packets:
            return STALLED
        return judged(report, params, error)


def judged(report: StreamReport, params: StampParams, error: float | None) -> Measured:
    """The outcome and the facts of a stream of which every packet was sent.

    Args:
        report: what became of its packets.
        params: what it was like.
        error: seconds by which this machine's clock may be wrong; None when it isn't synchronized.
    """
    if report.dropped:
        detail = "answers were dropped by this machine"
        return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
    if abs(report.stepped) > _MAX_CLOCK_STEP:
        detail = "the clock was set meanwhile"
        return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
    if not len(report.answers):
        known = (MEDIA_LOSS.sample(1.0, "round-trip"),)
        if report.unexpected:
            detail = "what it sends is no answer"
            return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail, facts=known)
        return Measured(Outcome.FAILURE, Reason.TIMEOUT, facts=known)
    lost = report.sent - len(report.answers)
    trips = round_trips(report)
    return Measured(
        Outcome.SUCCESS,
        Reason.OK,
        duration=quantile(trips, 0.5),
        detail=f"{lost} of {report.sent} lost",
        facts=facts(report, trips, params, error),
    )
