"""Reads the results of pings that border routers send, and reports them as results of flows.

Whatever goes wrong between us and the router says nothing about the flow: then it is *not
measured*. A forbidden flow does not count as blocked because the router is silent.
"""

from __future__ import annotations

import asyncio
import time

from netwatch.core.check import Check, Router
from netwatch.core.credential import Credential
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.remote_ping.params import RemotePingParams
from netwatch.probes.remote_ping.read import Reading, read
from netwatch.probes.remote_ping.rows import OwnRows
from netwatch.probes.remote_ping.verdict import Key, UnbelievableError, address_of, judged, pings
from netwatch.probes.remote_ping.writer import WriteError
from netwatch.probes.snmp.agent import Agent, first_wait
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.tasks import Measured, TaskProbe

MAX_CONCURRENT = 128
"""Routers that are asked at one time; each takes a file descriptor."""

_MAX_REMEMBERED = 4096
"""Operations whose judged probes are remembered; the one that was read longest ago is forgotten
first."""

_MAX_AGE_INTERVALS = 2.0
"""Intervals after which a probe is too old to count, unless the check says otherwise."""

_ROUTER_REASONS = {Reason.AUTHENTICATION, Reason.BAD_AGENT, Reason.LOCAL_ERROR}
"""Reasons that are reported as they are: they can only be about the router, not about a ping."""


class RemotePingProbe(TaskProbe[RemotePingParams]):
    """Reads one operation of a router in each slot of a check."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)
        self._seen: dict[str, set[Key]] = {}
        self._own = OwnRows()

    async def close(self) -> None:
        """Stop asking, and destroy the operations that were made."""
        await super().close()
        await self._own.close()

    async def measure(self, check: Check[RemotePingParams]) -> Measured:
        """Ask the router, and judge the probes that are new."""
        params = check.params
        if check.via is None or check.credential is None:
            return _not_measured(Reason.LOCAL_ERROR, "no router to ask, or no credential for it")
        try:
            reading = await self._ask(check, check.via, check.credential, params)
            if (target := address_of(reading.target)) != check.address:
                self._own.mark_missing(check)
                return _not_measured(Reason.NO_RESULT, _wrong(target, check.address))
            found = pings(params.mib, reading, time.time(), params.offset)
        except PollError as error:
            reason = error.reason if error.reason in _ROUTER_REASONS else Reason.NO_RESULT
            return _not_measured(reason, f"router {check.via.address}: {error.detail}")
        except WriteError as error:
            return _not_measured(Reason.NO_RESULT, f"router {check.via.address}: {error}")
        except UnbelievableError as error:
            return _not_measured(Reason.BAD_AGENT, f"router {check.via.address}: {error}")
        max_age = params.max_age or _MAX_AGE_INTERVALS * check.interval
        measured = judged(params.mib, reading, found, max_age, self._seen.get(check.id, set()))
        self._remember(check.id, {ping.key for ping in found})
        return measured

    def silence(self, check: Check[RemotePingParams]) -> Measured:
        """The router did not answer: nothing is known of the flow."""
        return _not_measured(Reason.NO_RESULT, "the router does not answer in time")

    async def _ask(
        self, check: Check, router: Router, credential: Credential, params: RemotePingParams
    ) -> Reading:
        wait = first_wait(check.timeout)
        with Agent(router.address, params.port, credential, wait) as agent:
            try:
                # A little before the slot ends, so that the agent can say what its silence means.
                async with asyncio.timeout(check.timeout * 0.95):
                    await agent.run(agent.open())
                    if router.writer is not None:
                        await self._write(check, router, params, agent)
                    return await read(agent, params.mib, params.index)
            except TimeoutError:
                raise agent.silence() from None

    async def _write(
        self, check: Check, router: Router, params: RemotePingParams, agent: Agent
    ) -> None:
        await self._own.sweep(router, params, agent)
        if params.own and await self._own.ensure(check, params, agent):
            self._seen.pop(check.id, None)  # it numbers its pings anew

    def _remember(self, check_id: str, keys: set[Key]) -> None:
        self._seen.pop(check_id, None)
        self._seen[check_id] = keys
        while len(self._seen) > _MAX_REMEMBERED:
            self._seen.pop(next(iter(self._seen)))


def _wrong(target: str | None, wanted: str) -> str:
    if target is None:
        return "the router has no such operation, or none with an address"
    return f"the operation pings {target}, not {wanted}"


def _not_measured(reason: Reason, detail: str) -> Measured:
    return Measured(Outcome.INVALID, reason, detail=detail)
