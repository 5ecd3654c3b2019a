"""One poll: everything that a device is asked for, and the readings that come of it."""

from __future__ import annotations

import time
from contextlib import suppress

from netwatch.core.result import Readings, Reason
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.device import MAX_PLAN_AGE, Device, PollPlan
from netwatch.probes.snmp.errors import PollError, UnreadableError
from netwatch.probes.snmp.session import Dialogue
from netwatch.probes.snmp.walk import walk
from netwatch.snmp.identify import OBJECT_ID
from netwatch.snmp.profile import Instance
from netwatch.snmp.reader import TableReader
from netwatch.snmp.values import Value
from netwatch.snmp.walked import BadTableError, Cells, Walked

_MAX_OBJECTS_PER_GET = 16
"""Objects in one GET: sixteen texts of 255 octets still fit gufo_snmp's buffer of 4 080."""

_MAX_TRIES = 3
"""Times that a GET is sent whose answers are not readable; one may have been somebody else's."""


class Poll:
    """Collects the values of one device.

    Whether it comes to its end or is stopped before, ``readings`` has what came until then.

    Attributes:
        unfinished: names of the tables that were not read to their end, or not begun.
        capped: names of the tables that had more rows than may be shown.
        unreadable: why a table was cut short, where its answers could not be read.
    """

    def __init__(self, device: Device) -> None:
        self.unfinished: list[str] = []
        self.capped: list[str] = []
        self.unreadable: UnreadableError | None = None
        self._device = device
        self._plan: PollPlan | None = None
        self._asked: set[str] = set()
        self._scalars: dict[str, Value] = {}
        self._walks: list[tuple[TableReader, Cells, list[Walked]]] = []

    @property
    def profiles(self) -> tuple[str, ...]:
        """Names of the profiles that are read; none before the device is identified."""
        return self._plan.profiles if self._plan is not None else ()

    def run(self, agent: Agent) -> Dialogue[None]:
        """Ask for everything in the device's plan.

        Raises:
            PollError: the agent refuses, does not answer readably, or can't be trusted.
        """
        self._device.engine_id = yield from agent.open()
        plan = yield from self._identified(agent)
        yield from self._get(agent, plan.scalars)
        plan.keep(self._scalars)
        for reader in list(plan.tables):
            cells = Cells()
            walks: list[Walked] = []
            self._walks.append((reader, cells, walks))
            yield from self._walk(agent, reader, cells, walks)
            if not cells.names and all(walked.ended for walked in walks):
                plan.tables.remove(reader)  # the device does not have it

    def _walk(
        self, agent: Agent, reader: TableReader, cells: Cells, walks: list[Walked]
    ) -> Dialogue[None]:
        assert self._plan is not None
        absent = self._plan.absent
        for entry in reader.table.entries:
            walked = Walked(entry, cells)
            walks.append(walked)
            if entry.oid in absent:
                walked.end(proven=True)
                continue
            try:
                yield from walk(agent, walked, self._device.bulk_size)
            except UnreadableError as error:
                self.unreadable = error
                return  # other tables may be readable
            if not walked.reached:
                absent.add(entry.oid)

    def readings(self) -> Readings:
        """The series and values that came, at most ``max_series`` of them.

        Raises:
            PollError: the agent does not keep the order of its objects.
        """
        plan = self._plan
        if plan is None:
            return Readings()
        parts = [plan.read_scalars(self._scalars)]
        left = self._device.params.max_series - len(parts[0][0])
        for reader, cells, walks in self._walks:
            try:
                reading = reader.read(walks, cells, left)
            except BadTableError as error:
                raise PollError(Reason.BAD_AGENT, str(error)) from None
            left -= len(reading.series)
            parts.append((reading.series, reading.values))
            if not reading.finished:
                self.unfinished.append(reader.table.name)
            if reading.capped:
                self.capped.append(reader.table.name)
        begun = {reader for reader, _, _ in self._walks}
        self.unfinished += [r.table.name for r in plan.tables if r not in begun]
        return Readings(*self._device.join(parts), capped=bool(self.capped))

    def _identified(self, agent: Agent) -> Dialogue[PollPlan]:
        """The plan for this device, made anew after a restart, and when it is old."""
        device, now = self._device, time.monotonic()
        plan = device.plan
        if plan is not None and now - plan.made < MAX_PLAN_AGE:
            self._plan = plan
            yield from self._get(agent, plan.scalars)
            if not device.has_restarted(self._scalars, now):
                return plan
        # Before its sysObjectID is known: the profiles that the check names, and for auto the base.
        plan = self._plan = device.identify(None, now)
        yield from self._get(agent, plan.scalars)
        object_id = self._scalars.get(OBJECT_ID)
        if isinstance(object_id, str):
            plan = self._plan = device.identify(object_id, now)
        device.has_restarted(self._scalars, now)
        return plan

    def _get(self, agent: Agent, scalars: list[Instance]) -> Dialogue[None]:
        missing = [scalar.oid for scalar in scalars if scalar.oid not in self._asked]
        self._asked.update(missing)
        for first in range(0, len(missing), _MAX_OBJECTS_PER_GET):
            yield from self._get_some(agent, missing[first : first + _MAX_OBJECTS_PER_GET])

    def _get_some(self, agent: Agent, oids: list[str]) -> Dialogue[None]:
        """Ask for these objects, in halves where the device can't answer so many (tooBig)."""
        found = yield from self._get_once(agent, oids)
        self._scalars |= found
        if not found and len(oids) > 1:
            middle = len(oids) // 2
            yield from self._get_some(agent, oids[:middle])
            yield from self._get_some(agent, oids[middle:])

    @staticmethod
    def _get_once(agent: Agent, oids: list[str]) -> Dialogue[dict[str, Value]]:
        for _ in range(_MAX_TRIES - 1):
            with suppress(UnreadableError):
                return (yield from agent.get(oids))
        return (yield from agent.get(oids))
