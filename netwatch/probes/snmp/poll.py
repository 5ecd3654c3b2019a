"""All that one poll asks of a device, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.core.result import Sample
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.errors import UnreadableError
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.walk import walk
from netwatch.snmp import Instance, Table, load_profile
from netwatch.snmp.rows import Rows, table_samples, to_sample
from netwatch.snmp.values import Value

_OBJECTS = 16
"""In one GET: sixteen texts of 255 octets still fit gufo_snmp's buffer of 4 080."""

_TRIES = 3
"""For a GET whose answer is not readable; the datagram may have been somebody else's."""


class Poll:
    """Collects values until it is done or its caller stops it; either way ``samples`` has them."""

    def __init__(self, params: SnmpParams) -> None:
        profiles = [load_profile(name) for name in params.profiles]
        self._repetitions = params.max_repetitions
        self._scalars = [scalar for profile in profiles for scalar in profile.scalars]
        self._tables = [table for profile in profiles for table in profile.tables]
        self._values: dict[str, Value] = {}
        self._rows: list[tuple[Table, list[Rows]]] = []

    async def run(self, agent: Agent) -> None:
        """Ask for everything.

        Raises:
            PollError: something stopped it.
        """
        for first in range(0, len(self._scalars), _OBJECTS):
            await self._get(agent, self._scalars[first : first + _OBJECTS])
        for table in self._tables:
            entries: list[Rows] = []
            self._rows.append((table, entries))
            for entry in table.entries:
                entries.append(Rows(entry))
                await walk(agent, entries[-1], self._repetitions)

    def samples(self) -> tuple[Sample, ...]:
        """What came, as far as it can be shown."""
        return tuple(self._samples())

    def unfinished(self) -> str:
        """Names of the tables that were not read to their end, or not begun; empty if none."""
        finished = {
            table.name
            for table, entries in self._rows
            if len(entries) == len(table.entries) and all(rows.finished for rows in entries)
        }
        return ", ".join(table.name for table in self._tables if table.name not in finished)

    async def _get(self, agent: Agent, scalars: list[Instance]) -> None:
        for tries_left in reversed(range(_TRIES)):
            try:
                self._values |= await agent.get([scalar.oid for scalar in scalars])
            except UnreadableError:
                if not tries_left:
                    raise
            else:
                return

    def _samples(self) -> Iterator[Sample]:
        for scalar in self._scalars:
            if scalar.oid in self._values:
                sample = to_sample(scalar, (), self._values[scalar.oid])
                if sample is not None:
                    yield sample
        for table, entries in self._rows:
            yield from table_samples(table, entries)
