"""Polls devices: one poll at a time each, all it asks for within the check's timeout."""

from __future__ import annotations

import asyncio
import time

from netwatch.core.check import Check
from netwatch.core.credential import Credential
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.poll import Poll
from netwatch.probes.tasks import STALL, Measured, TaskProbe

SIMULTANEOUS = 256
"""Open polls; nearly all of them wait for devices that are dead. Each holds a file descriptor."""

_RESERVE = 0.05
"""Seconds before the timeout at which the asking stops, so that what came can be reported."""

_FIRST_WAIT = 8
"""The part of the timeout after which a lost answer is asked for again: once, at the most seven."""

_STALLED = PollError(Reason.LOCAL_ERROR, "event loop stalled", Outcome.INVALID)

Device = tuple[str, int]


class SnmpProbe(TaskProbe):
    """Reads the profiles of a check from its device."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, SIMULTANEOUS)
        self._polled: set[Device] = set()
        self._engines: dict[Device, bytes] = {}

    async def measure(self, check: Check) -> Measured:
        """Poll the device, unless another check does so now."""
        assert isinstance(check.params, SnmpParams)
        if check.credential is None:
            return _invalid("the target has no SNMP credential")
        device = check.address, check.params.port
        if device in self._polled:
            return _invalid("another poll of the device is under way")
        self._polled.add(device)
        try:
            return await self._poll(check, check.params, check.credential, device)
        finally:
            self._polled.discard(device)

    async def _poll(
        self, check: Check, params: SnmpParams, credential: Credential, device: Device
    ) -> Measured:
        begin = time.monotonic()
        limit = check.timeout - min(_RESERVE, check.timeout / 10)
        poll = Poll(params)
        error: PollError | None = None
        engine = self._engines.pop(device, b"")
        try:
            agent = Agent(*device, credential, check.timeout / _FIRST_WAIT, engine)
            try:
                async with asyncio.timeout(limit):
                    self._engines[device] = await agent.open()
                    await poll.run(agent)
            except TimeoutError:
                stalled = time.monotonic() - begin - limit > STALL
                error = _STALLED if stalled else agent.silence()
        except PollError as failure:
            error = failure
        if error is not None:
            self._engines.pop(device, None)
        return _outcome(poll, error, time.monotonic() - begin)


def _outcome(poll: Poll, error: PollError | None, duration: float) -> Measured:
    """A poll that was cut short is a success with what came, unless the agent can't be trusted."""
    trusted = error is None or error.reason is not Reason.BAD_AGENT
    samples = poll.samples() if trusted else ()
    if not samples:
        error = error or PollError(Reason.PROTOCOL_ERROR, "the agent has none of the objects")
        return Measured(error.outcome, error.reason, detail=error.detail)
    detail = ""
    if unfinished := poll.unfinished():
        detail = f"incomplete: {unfinished}" + (f" ({error.detail})" if error else "")
    return Measured(Outcome.SUCCESS, Reason.OK, duration, samples, detail)


def _invalid(detail: str) -> Measured:
    return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
