"""Walks one entry of a table by GETBULK (RFC 3416, section 4.2.3), and lets no agent abuse it."""

from __future__ import annotations

from gufo.snmp._fast import GetIter

from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.errors import PollError, UnreadableError
from netwatch.snmp.profile import Entry
from netwatch.snmp.rows import Rows, TooManyRowsError

MAX_CELLS = 131_072
"""Of one entry, the columns that nobody wants included: 4 096 rows of 32 columns."""

MAX_OID = 512
"""Characters of an object identifier; an index by two IPv6 addresses has some 150."""

_SHRINK = 4
"""By which an unreadable answer divides the rows asked for: it may have been too long."""


async def walk(agent: Agent, rows: Rows, repetitions: int) -> None:
    """Read an entry into ``rows``, which keeps what came before an error.

    Raises:
        PollError: the agent goes backwards or never ends, or its answers can't be read.
    """
    while True:
        try:
            await _walk(agent, rows, repetitions)
        except UnreadableError:
            if repetitions == 1:
                raise
            repetitions = max(repetitions // _SHRINK, 1)
            rows.clear()
        else:
            return


async def _walk(agent: Agent, rows: Rows, repetitions: int) -> None:
    root = rows.entry.oid
    place = GetIter(root, repetitions)
    last: tuple[int, ...] = ()
    cells = 0
    while answer := await agent.get_bulk(place):
        for varbind in answer:
            if varbind is None:
                rows.end(proven=True)
                return
            oid, value = varbind
            arcs = _below(root, oid)
            if arcs <= last:
                raise PollError(Reason.BAD_AGENT, f"the agent goes backwards at {oid:.64}")
            last = arcs
            try:
                rows.add(arcs[0], arcs[1:], value)
            except TooManyRowsError:
                raise _endless(rows.entry) from None
        cells += len(answer)
        if cells > MAX_CELLS:
            raise _endless(rows.entry)
    rows.end(proven=False)


def _below(root: str, oid: str) -> tuple[int, ...]:
    """The numbers of ``oid`` that follow ``root`` and a dot: column, then index."""
    below = oid[len(root) + 1 :]
    if below and oid.startswith(root) and len(oid) <= MAX_OID:
        arcs = tuple(map(int, below.split(".")))
        if len(arcs) > 1:
            return arcs
    raise PollError(Reason.BAD_AGENT, f"the agent shows {oid:.64} as a cell of {root}")


def _endless(entry: Entry) -> PollError:
    return PollError(Reason.BAD_AGENT, f"the table at {entry.oid} has no end")
