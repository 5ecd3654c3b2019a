"""Lists everything that a device has below an OID, for people who write a profile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from gufo.snmp._fast import GetIter

from netwatch.core.check import Check
from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent, first_wait
from netwatch.probes.snmp.errors import PollError, UnreadableError
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.walk import BulkSize
from netwatch.snmp.oids import arcs_of
from netwatch.snmp.values import Value

MAX_OBJECTS = 1_000_000
"""Objects that are listed; some large devices have three times as many, mostly routes."""


async def objects(check: Check[SnmpParams], root: str) -> AsyncIterator[tuple[str, Value]]:
    """The objects below ``root`` with their values, in the device's order.

    Ends after ``MAX_OBJECTS``.

    Raises:
        PollError: an answer does not come within ``check.timeout``, or the agent goes backwards.
    """
    assert check.credential is not None
    bulk_size = BulkSize(check.params.max_repetitions)
    wait, count = first_wait(check.timeout), 0
    with Agent(check.address, check.params.port, check.credential, wait) as agent:
        answers = below(agent, root, bulk_size)
        try:
            async with asyncio.timeout(check.timeout):
                await agent.run(agent.open())
            while count <= MAX_OBJECTS:
                async with asyncio.timeout(check.timeout):
                    answer = await anext(answers)
                for varbind in answer:
                    yield varbind
                count += len(answer)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise agent.silence() from None


async def below(
    agent: Agent, root: str, bulk_size: BulkSize
) -> AsyncIterator[list[tuple[str, Value]]]:
    """The objects below ``root`` in order, answer by answer; the caller limits the time.

    Raises:
        PollError: the answers can't be read, or the agent goes backwards.
    """
    inside, after = GetIter(root), root
    while True:
        try:
            answer = await agent.run(agent.get_bulk(after, inside, bulk_size.after_losses))
        except UnreadableError:
            if not bulk_size.shrink():
                raise
            continue
        found = [varbind for varbind in answer if varbind is not None]
        for oid, _ in found:
            if arcs_of(oid) <= arcs_of(after):
                raise PollError(Reason.BAD_AGENT, f"goes backwards at {oid:.64}")
            after = oid
        if found:
            yield found
        if not found or len(found) < len(answer):
            return
