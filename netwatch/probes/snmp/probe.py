"""The SNMP probe: polls each device once a slot, within the check's timeout."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.credential import Credential
from netwatch.core.result import Outcome, Readings, Reason, Sink
from netwatch.net.peer import MAX_STALL
from netwatch.probes.snmp.agent import Agent, first_wait
from netwatch.probes.snmp.device import Device
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.interface import read_interface
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.poll import Poll
from netwatch.probes.snmp.reading_queue import ReadingQueue
from netwatch.probes.tasks import Measured, TaskProbe
from netwatch.process.pace import Steps
from netwatch.snmp.derived_facts import facts

MAX_CONCURRENT = 512
"""Polls at one time; nearly all of them wait for dead devices. Each holds a file descriptor."""

MAX_LISTENING = 16
"""Silent agents at one time whose answers from other addresses are looked for, each by a socket."""

_SILENCE = 0.9
"""Share of the wait for a first answer after which an agent counts as silent; just before it is
asked again, so that what it then answers is seen."""

_REPORT_RESERVE = 0.5
"""Seconds before the check's timeout at which a poll is stopped, so that its result is in time,
which is made in small steps; a tenth of the timeout at the most."""

_SLICE = 0.002
"""Seconds for which devices are read at a time before the event loop does its other work."""

_RESTLESS_SLICE, _RESTLESS_REST = 0.001, 5.0
"""The same of devices that show other rows in every poll, and the seconds of rest for each second
of that work: however many they are, they take no more than a sixth of the event loop. Where that is
not enough for all of them, some are not measured."""

_INTERFACE_WAIT = 0.5
"""Seconds after which a question for one interface is asked again, at the most."""

_DEVICE_TIMEOUT = 7200.0
"""Seconds without a poll after which a device is forgotten."""

_STALLED = PollError(Reason.LOCAL_ERROR, "event loop stalled", Outcome.INVALID)


class SnmpProbe(TaskProbe[SnmpParams]):
    """Reads the profiles of a check from its device."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)
        self._polled: set[tuple[str, int]] = set()
        self._devices: OrderedDict[str, Device] = OrderedDict()  # the one polled last at the end
        self._listening: set[Agent] = set()
        self._queue = ReadingQueue(_SLICE)
        self._restless = ReadingQueue(_RESTLESS_SLICE, _RESTLESS_REST)

    async def measure(self, check: Check[SnmpParams]) -> Measured:
        """Poll the device, unless another check is polling it now."""
        if check.credential is None:
            return _invalid("the target has no SNMP credential")
        if isinstance(check, InterfaceCheck):
            return await self._read_interface(check, check.credential)
        address = check.address, check.params.port
        if address in self._polled:
            return _invalid("another poll of the device is under way")
        self._polled.add(address)
        try:
            return await self._poll(check, check.params, check.credential)
        finally:
            self._polled.discard(address)

    def silence(self, check: Check[SnmpParams]) -> Measured:
        """A poll ends before its time is up, so what was late is our reading of what came."""
        if isinstance(check, InterfaceCheck):
            return super().silence(check)
        return _invalid("what it answered could not be read in time")

    async def _poll(
        self, check: Check[SnmpParams], params: SnmpParams, credential: Credential
    ) -> Measured:
        begin = time.monotonic()
        limit = check.timeout - min(_REPORT_RESERVE, check.timeout / 10)
        device = self._device(check, params)
        poll = Poll(device)
        error: PollError | None = None
        crossed = False
        wait = first_wait(check.timeout)
        try:
            with Agent(check.address, params.port, credential, wait, device.engine_id) as agent:
                listening = asyncio.get_running_loop().call_later(
                    wait * _SILENCE, self._listen_elsewhere, agent
                )
                try:
                    async with asyncio.timeout(limit):
                        await agent.run(poll.run(agent))
                except TimeoutError:
                    stalled = time.monotonic() - begin - limit > MAX_STALL
                    error = _STALLED if stalled else agent.silence()
                finally:
                    listening.cancel()
                    self._listening.discard(agent)
                    crossed = agent.has_answered
        except PollError as failure:
            error = failure
        if error is not None:
            device.engine_id = b""
        queue = self._restless if device.is_restless else self._queue
        read = partial(queue.read, account=device.account)
        measured = await _outcome(poll, error, time.monotonic() - begin, read)
        return replace(measured, crossed=crossed)

    async def _read_interface(
        self, check: InterfaceCheck[SnmpParams], credential: Credential
    ) -> Measured:
        """Ask for one interface; it needn't wait for a poll that is under way."""
        begin = time.monotonic()
        device = self._device(check, check.params)
        wait = min(first_wait(check.timeout), _INTERFACE_WAIT)
        try:
            with Agent(
                check.address, check.params.port, credential, wait, device.engine_id
            ) as agent:
                readings = await agent.run(read_interface(agent, device, check.interface))
        except PollError as failure:
            return Measured(failure.outcome, failure.reason, detail=failure.detail)
        return Measured(Outcome.SUCCESS, Reason.OK, time.monotonic() - begin, readings)

    def _listen_elsewhere(self, agent: Agent) -> None:
        if len(self._listening) < MAX_LISTENING:
            self._listening.add(agent)
            agent.listen_elsewhere()

    def _device(self, check: Check, params: SnmpParams) -> Device:
        """What is remembered of this check's device."""
        device = self._devices.pop(check.id, None)
        if device is None or device.params != params or device.address != check.address:
            device = Device(check.address, params)
            self._forget_old_devices()
        device.used = time.monotonic()
        self._devices[check.id] = device
        return device

    def _forget_old_devices(self) -> None:
        """Forget devices that a reload has taken out; the least recently polled come first."""
        now = time.monotonic()
        # No more of them are looked at than are forgotten: with each new device this is called.
        while self._devices:
            check_id = next(iter(self._devices))
            if now - self._devices[check_id].used < _DEVICE_TIMEOUT:
                return
            del self._devices[check_id]


async def _outcome(
    poll: Poll,
    error: PollError | None,
    duration: float,
    read: Callable[[Steps[Readings]], Awaitable[Readings]],
) -> Measured:
    """The outcome of a poll; one that was cut short is a success with what came until then.

    Args:
        poll: with what came.
        error: what stopped it; None when it came to its end.
        duration: seconds.
        read: does the work of reading what came.
    """
    if error is not None and error.reason is Reason.BAD_AGENT:
        return Measured(error.outcome, error.reason, detail=error.detail)
    try:
        readings = await read(poll.readings())
    except PollError as failure:
        return Measured(failure.outcome, failure.reason, detail=failure.detail)
    error = error or poll.error
    if not readings:
        return _without_readings(poll, error, duration)
    known = facts(poll.profiles, readings) if error is None and not poll.unfinished else ()
    detail = _detail(poll, error)
    return Measured(Outcome.SUCCESS, Reason.OK, duration, readings, detail, known)


def _without_readings(poll: Poll, error: PollError | None, duration: float) -> Measured:
    if error is None and poll.answered:
        detail = "answers, but has none of the objects that are asked for"
        return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail)
    if error is None:
        error = PollError(Reason.PROTOCOL_ERROR, "the agent answers with errors only")
    return Measured(error.outcome, error.reason, detail=error.detail)


def _detail(poll: Poll, error: PollError | None) -> str:
    parts: list[str] = []
    if poll.unfinished:
        parts.append(f"incomplete: {', '.join(poll.unfinished)}")
        parts[0] += f" ({error.detail})" if error else ""
    if poll.unreadable:
        parts.append(f"not readable: {', '.join(poll.unreadable)}")
    if poll.capped:
        parts.append(f"too many rows: {', '.join(poll.capped)}")
    return "; ".join(parts)


def _invalid(detail: str) -> Measured:
    return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
