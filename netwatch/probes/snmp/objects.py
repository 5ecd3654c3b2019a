"""Lists everything that a device has below an OID, for people who write a profile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from netwatch.core.check import Check
from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent, first_wait
from netwatch.probes.snmp.bulk_size import BulkSize
from netwatch.probes.snmp.cursor import Cursor
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.params import SnmpParams
from netwatch.snmp.oids import MAX_ARCS, arcs_of, true_text, wire_text
from netwatch.snmp.values import Value

MAX_OBJECTS = 1_000_000
"""Objects that are listed; some large devices have three times as many, mostly routes."""


async def objects(check: Check[SnmpParams], root: str) -> AsyncIterator[tuple[str, Value]]:
    """The objects below ``root`` with their values, in the device's order.

    Ends after ``MAX_OBJECTS``.

    Raises:
        PollError: an answer does not come within ``check.timeout``, the agent repeats itself, or
            answers with an error: then there may be more.
    """
    assert check.credential is not None
    bulk_size = BulkSize(check.params.max_repetitions)
    wait, count = first_wait(check.timeout), 0
    with Agent(check.address, check.params.port, check.credential, wait) as agent:
        agent.listen_elsewhere()
        answers = below(agent, wire_text(root), bulk_size)
        try:
            async with asyncio.timeout(check.timeout):
                await agent.run(agent.open())
            while count <= MAX_OBJECTS:
                async with asyncio.timeout(check.timeout):
                    answer = await anext(answers)
                for oid, value in answer:
                    yield true_text(oid), value
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
        PollError: the answers can't be read, the agent repeats itself, or answers with an error.
    """
    cursor, last = Cursor(agent, root, bulk_size), arcs_of(root)
    seen: set[str] | None = None
    while True:
        answer = await agent.run(cursor.advance())
        found = [varbind for varbind in answer if varbind is not None]
        for oid, _ in found:
            # Some agents keep an order of their own; as long as no object comes twice, they end.
            arcs = arcs_of(oid)
            if len(arcs) > MAX_ARCS:
                raise PollError(Reason.BAD_AGENT, f"shows an identifier without end: {oid:.64}")
            if arcs <= last and seen is None:
                seen = {".".join(map(str, last))}
            if seen is not None:
                if oid in seen:
                    raise PollError(Reason.BAD_AGENT, f"repeats itself at {oid:.64}")
                seen.add(oid)
            last = arcs
        if found:
            yield found
        if not answer:
            detail = f"answers with an error to what follows {cursor.after:.64}"
            raise PollError(Reason.PROTOCOL_ERROR, detail)
        if len(found) < len(answer):
            return
