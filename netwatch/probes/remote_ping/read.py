"""Reads from a router what became of the pings of one operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.bulk_size import BulkSize
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.objects import below
from netwatch.snmp.oids import MAX_OID, SYS_UPTIME
from netwatch.snmp.remote_ping import RemotePing
from netwatch.snmp.values import Value

MAX_PINGS = 1024
"""Pings of one operation that are read; routers keep 50 unless they are configured otherwise."""

_MAX_REPETITIONS = 25
"""Rows asked for in one GETBULK."""
_DATE_OID = "1.3.6.1.2.1.25.1.2.0"  # hrSystemDate.0 (HOST-RESOURCES-MIB): its own time of day


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What the router says of one probe, not judged yet.

    Attributes:
        key: the part of the OID that tells it from the operation's other probes.
        status: its outcome.
        time: when it was.
        response: how long its answer took.
    """

    key: str
    status: Value
    time: Value
    response: Value


@dataclass(frozen=True, slots=True)
class Reading:
    """What the router says of an operation, not judged yet.

    Attributes:
        target: the address that is pinged; None when there is no such operation.
        state: what the operation does.
        uptime: sysUpTime, hundredths of a second.
        date: the router's time of day (DateAndTime); None where it does not show one.
        rows: its probes.
    """

    target: Value
    state: Value
    uptime: Value
    date: Value
    rows: tuple[ResultRow, ...]


async def read(agent: Agent, mib: RemotePing, index: str) -> Reading:
    """Everything about one operation; the caller limits the time.

    Raises:
        PollError: the router can't be understood, or goes on for ever.
    """
    # The clocks are read last, so that no probe can be younger than they say.
    if mib.one_row:
        columns = [mib.status, mib.time.oid, mib.response.oid]
        cells = await agent.run(agent.get([f"{column}.{index}" for column in columns]))
        found = [{"": cells.get(f"{column}.{index}")} for column in columns]
    else:
        bulk_size = BulkSize(_MAX_REPETITIONS)
        # The time of a probe is read first: one that ends meanwhile is left for the next poll.
        times = await column(agent, f"{mib.time.oid}.{index}", bulk_size)
        statuses = await column(agent, f"{mib.status}.{index}", bulk_size)
        responses = await column(agent, f"{mib.response.oid}.{index}", bulk_size)
        found = [statuses, times, responses]
    target, state = f"{mib.target}.{index}", f"{mib.state.oid}.{index}"
    single = await agent.run(agent.get([target, state, SYS_UPTIME, _DATE_OID]))
    return Reading(
        single.get(target),
        single.get(state),
        single.get(SYS_UPTIME),
        single.get(_DATE_OID),
        _rows(*found),
    )


def _rows(
    statuses: Mapping[str, Value], times: Mapping[str, Value], responses: Mapping[str, Value]
) -> tuple[ResultRow, ...]:
    return tuple(
        ResultRow(key, statuses[key], time, responses.get(key))
        for key, time in times.items()
        if statuses.get(key) is not None and time is not None
    )


async def column(agent: Agent, root: str, bulk_size: BulkSize | None = None) -> dict[str, Value]:
    """The cells below ``root``, by what follows it in their OIDs.

    Raises:
        PollError: the router can't be understood, or goes on for ever.
    """
    cells: dict[str, Value] = {}
    bulk_size = bulk_size or BulkSize(_MAX_REPETITIONS)
    async for answer in below(agent, root, bulk_size):
        for oid, value in answer:
            if len(oid) > MAX_OID or not oid.startswith(f"{root}."):
                raise PollError(Reason.BAD_AGENT, f"shows {oid:.64} as a row of {root:.64}")
            cells[oid[len(root) + 1 :]] = value
        if len(cells) > MAX_PINGS:
            raise PollError(Reason.BAD_AGENT, f"the column {root:.64} has no end")
    return cells
