"""Sends streams that look like calls, and judges what came back of them."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.facts import MEDIA_LOSS
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.media.clock import clock_error
from netwatch.media.figures import quantile
from netwatch.probes.sockets import failed
from netwatch.probes.stamp.pacer import Pacer
from netwatch.probes.stamp.params import StampParams
from netwatch.probes.stamp.stream import Account, Stream
from netwatch.probes.stamp.verdict import facts, round_trips
from netwatch.probes.tasks import STALL, STALLED, Measured, TaskProbe

MAX_CONCURRENT = 128
"""Streams at one time; each holds a file descriptor, and costs processor time."""

_RESERVE = 0.05
"""Seconds before the timeout at which a stream ends, so that it can be reported."""

_STEP = 1_000_000
"""Nanoseconds: a wall clock that went so far from the monotonic one was set, not steered."""


class StampProbe(TaskProbe[StampParams]):
    """One stream a slot."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)
        self._pacer: Pacer | None = None

    async def open(self) -> None:
        """Get ready to pace streams."""
        self._pacer = Pacer()

    async def close(self) -> None:
        """End all streams without a result."""
        await super().close()
        if self._pacer is not None:
            self._pacer.close()

    async def measure(self, check: Check[StampParams]) -> Measured:
        """Send a stream, and judge it."""
        params = check.params
        assert self._pacer is not None
        deadline = time.monotonic() + check.timeout - _RESERVE
        error = clock_error()
        try:
            stream = Stream(check.address, params, error)
            account = await self._pacer.run(stream, params.gap, deadline)
        except OSError as refused:
            return failed(refused)
        if time.monotonic() - deadline > STALL or account.sent < params.packets:
            return STALLED
        return judged(account, params, error)


def judged(account: Account, params: StampParams, error: float | None) -> Measured:
    """The outcome of a stream that was sent as a whole.

    Args:
        account: what became of it.
        params: how it looked.
        error: how wrong this machine's clock may be, seconds; None when nobody knows.
    """
    if account.dropped:
        detail = "answers were dropped by this machine"
        return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
    if abs(account.stepped) > _STEP:
        detail = "the clock was set meanwhile"
        return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
    if not len(account.answers):
        known = (MEDIA_LOSS.sample(1.0, "round-trip"),)
        if account.strange:
            detail = "what it sends is no answer"
            return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail, facts=known)
        return Measured(Outcome.FAILURE, Reason.TIMEOUT, facts=known)
    lost = account.sent - len(account.answers)
    trips = round_trips(account)
    return Measured(
        Outcome.SUCCESS,
        Reason.OK,
        duration=quantile(trips, 0.5),
        detail=f"{lost} of {account.sent} lost",
        facts=facts(account, trips, params, error),
    )
