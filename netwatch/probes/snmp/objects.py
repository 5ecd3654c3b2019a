"""Lists everything that a device has below an OID, for people who write a profile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from gufo.snmp._fast import GetIter

from netwatch.core.check import Check
from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.errors import PollError, UnreadableError
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.walk import Pace
from netwatch.snmp.oids import arcs_of
from netwatch.snmp.values import Value

MOST = 1_000_000
"""Objects; the largest devices that were recorded have three times as many, mostly routes."""


async def objects(check: Check, root: str) -> AsyncIterator[tuple[str, Value]]:
    """The objects below ``root``, in order.

    Raises:
        PollError: the device does not answer within ``check.timeout``, or can't be trusted.
    """
    assert isinstance(check.params, SnmpParams)
    assert check.credential is not None
    pace = Pace(check.params.max_repetitions)
    inside, after, count = GetIter(root), root, 0
    wait = check.timeout / 8
    with Agent(check.address, check.params.port, check.credential, wait) as agent:
        try:
            async with asyncio.timeout(check.timeout):
                await agent.converse(agent.open())
        except TimeoutError:
            raise agent.silence() from None
        while True:
            try:
                async with asyncio.timeout(check.timeout):
                    answer = await agent.converse(agent.get_bulk(after, inside, pace.after))
            except UnreadableError:
                if not pace.shrink():
                    raise
                continue
            except TimeoutError:
                raise agent.silence() from None
            for varbind in answer:
                if varbind is None:
                    return
                if arcs_of(varbind[0]) <= arcs_of(after):
                    raise PollError(Reason.BAD_AGENT, f"goes backwards at {varbind[0]:.64}")
                after = varbind[0]
                yield varbind
            count += len(answer)
            if not answer or count > MOST:
                return
