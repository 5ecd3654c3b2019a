"""One poll: everything that a device is asked for, and the readings that come of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress

from netwatch.core.result import Readings, Reason
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.device import Device, PollPlan
from netwatch.probes.snmp.errors import PollError, SnmpRefusedError, UnreadableError
from netwatch.probes.snmp.session import Dialogue
from netwatch.probes.snmp.walk import walk
from netwatch.process.pace import Steps
from netwatch.snmp.identify import OBJECT_ID
from netwatch.snmp.oids import true_text
from netwatch.snmp.reader import TableReader
from netwatch.snmp.values import Value
from netwatch.snmp.walked import BadTableError, Cells, Walked

_MAX_OBJECTS_PER_GET = 16
"""Objects in one GET: sixteen texts of 255 octets still fit gufo_snmp's buffer of 4 080."""

_MAX_TRIES = 3
"""Times that a GET is sent whose answers are not readable; one may have been somebody else's."""

_MAX_UNREADABLE = 4
"""Single objects in a row that are not readable before the poll ends, if none is."""


class Poll:
    """Collects the values of one device.

    Whether it comes to its end or is stopped before, ``readings`` has what came until then.

    Attributes:
        unfinished: names of the tables that were not read to their end, or not begun.
        capped: names of the tables that had more rows than may be shown.
        unreadable: names of single objects that can't be read.
        answered: the agent said at least of one object that it has it, or that it has it not.
        error: why a table was cut short, where its answers could not be read, or were refused.
    """

    def __init__(self, device: Device) -> None:
        self.unfinished: list[str] = []
        self.capped: list[str] = []
        self.unreadable: list[str] = []
        self.answered = False
        self.error: UnreadableError | SnmpRefusedError | None = None
        self._device = device
        self._plan: PollPlan | None = None
        self._young = False
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
        device = self._device
        device.engine_id = yield from agent.open()
        device.begin_poll()
        plan = self._plan = device.plan or device.identify(None)
        yield from self._get(agent, plan)
        self._young = device.is_young(self._scalars, time.monotonic())
        object_id = self._scalars.get(OBJECT_ID)
        if isinstance(object_id, str) and object_id != plan.object_id:
            plan = self._plan = device.identify(object_id)
            yield from self._get(agent, plan)
        for reader in plan.tables:
            if not self._may_have(plan, reader):
                continue
            due = [backoff.is_due(at_once=self._young) for backoff in reader.backoffs]
            if any(due):
                cells = Cells()
                walks: list[Walked] = []
                self._walks.append((reader, cells, walks))
                yield from self._walk(agent, reader, due, cells, walks)

    def _may_have(self, plan: PollPlan, reader: TableReader) -> bool:
        """Whether the device may have a table, by the single objects that came with it."""
        known = any(backoff.expected for backoff in reader.backoffs)
        return known or self._is_met(plan, reader.table.name)

    def _is_met(self, plan: PollPlan, name: str) -> bool:
        needs = plan.needs.get(name)
        return needs is None or not needs.isdisjoint(self._scalars)

    def _walk(
        self,
        agent: Agent,
        reader: TableReader,
        due: Sequence[bool],
        cells: Cells,
        walks: list[Walked],
    ) -> Dialogue[None]:
        for entry, backoff, is_due in zip(reader.table.entries, reader.backoffs, due, strict=True):
            walked = Walked(entry, cells, unordered=reader.unordered)
            walks.append(walked)
            if not is_due:
                walked.end(proven=True)
                continue
            try:
                yield from self._walk_entry(agent, walked)
            except (UnreadableError, SnmpRefusedError) as error:
                if isinstance(error, SnmpRefusedError) and not self.answered:
                    raise
                self.error = error  # other tables may be readable, or open to this credential
            reader.note(walked, backoff)
            self.answered |= walked.proven

    def _walk_entry(self, agent: Agent, walked: Walked) -> Dialogue[None]:
        """Walk an entry; one that has turned out endless in two polls is not walked in each."""
        device, entry = self._device, walked.entry.oid
        former = device.distrusted.get(entry)
        if former is not None and not former.backoff.is_due():
            raise PollError(Reason.BAD_AGENT, former.detail)
        try:
            yield from walk(agent, walked, device.bulk_size)
        except PollError as error:
            if error.reason is Reason.BAD_AGENT:
                device.distrust(entry, error.detail)
            raise
        device.distrusted.pop(entry, None)

    def readings(self) -> Steps[Readings]:
        """The series and values that came, at most ``max_series`` of them, read in small steps.

        Tables that tell which of their rows matter less come last, so that many interfaces leave
        room for the sensors.

        Raises:
            PollError: the agent repeats itself.
        """
        plan = self._plan
        if plan is None:
            return Readings()
        parts = [plan.read_scalars(self._scalars)]
        left = self._device.params.max_series - len(parts[0][0])
        for reader, cells, walks in sorted(self._walks, key=_has_lesser_rows):
            try:
                reading = yield from reader.read(walks, cells, left)
            except BadTableError as error:
                raise PollError(Reason.BAD_AGENT, str(error)) from None
            left -= len(reading.series)
            parts.append((reading.series, reading.values))
            if not reading.finished:
                self.unfinished.append(reader.table.name)
            if reading.capped:
                self.capped.append(reader.table.name)
        begun = {reader for reader, _, _ in self._walks}
        missed = [r for r in plan.tables if r not in begun and self._may_have(plan, r)]
        self.unfinished += [reader.table.name for reader in missed if reader.is_expected]
        order = [reader.table.name for reader in plan.tables]
        self.unfinished.sort(key=order.index)
        return Readings(
            *self._device.join(parts),
            capped=bool(self.capped),
            incomplete=tuple(self.unfinished),
        )

    def _get(self, agent: Agent, plan: PollPlan) -> Dialogue[None]:
        """Ask for the single objects: what others need first, then the others that may be there."""
        oids = [scalar.oid for scalar in plan.scalars if scalar.oid not in self._asked]
        yield from self._get_due(agent, plan, [oid for oid in oids if oid not in plan.needs])
        needy = [oid for oid in oids if oid in plan.needs and self._is_met(plan, oid)]
        yield from self._get_due(agent, plan, needy)

    def _get_due(self, agent: Agent, plan: PollPlan, oids: list[str]) -> Dialogue[None]:
        self._asked.update(oids)
        due = [oid for oid in oids if plan.backoffs[oid].is_due()]
        for first in range(0, len(due), _MAX_OBJECTS_PER_GET):
            yield from self._get_some(agent, plan, due[first : first + _MAX_OBJECTS_PER_GET])

    def _get_some(self, agent: Agent, plan: PollPlan, oids: list[str]) -> Dialogue[None]:
        """Ask for these objects, in halves where the device can't answer so many (tooBig).

        Halves also find the one object that can't be read, or that the agent has an error for.
        """
        if len(oids) == 1:
            yield from self._get_one(agent, plan, oids[0])
            return
        found = yield from self._get_once(agent, oids)
        if found:
            for oid in oids:
                self._note(plan, oid, found.get(oid))
            self.answered = True
            return
        middle = len(oids) // 2
        yield from self._get_some(agent, plan, oids[:middle])
        yield from self._get_some(agent, plan, oids[middle:])

    def _get_once(self, agent: Agent, oids: list[str]) -> Dialogue[dict[str, Value]]:
        for _ in range(_MAX_TRIES if not self.unreadable else 1):
            with suppress(UnreadableError):
                return (yield from agent.get(oids))
        return {}

    def _get_one(self, agent: Agent, plan: PollPlan, oid: str) -> Dialogue[None]:
        value = None
        try:
            value = (yield from agent.get([oid])).get(oid)
            self.answered |= value is not None or (yield from agent.has_not(oid))
        except UnreadableError:
            self.unreadable.append(next(s.name for s in plan.scalars if s.oid == oid))
            if len(self.unreadable) >= _MAX_UNREADABLE and not self.answered:
                raise
        self._note(plan, oid, value)

    def _note(self, plan: PollPlan, oid: str, value: Value) -> None:
        if value is None:
            plan.backoffs[oid].fail()
            return
        plan.backoffs[oid].succeed()
        # Its first two numbers may be more than gufo_snmp takes them for.
        if oid == OBJECT_ID and isinstance(value, str):
            value = true_text(value)
        self._scalars[oid] = value


def _has_lesser_rows(walked: tuple[TableReader, Cells, list[Walked]]) -> bool:
    return walked[0].table.lesser is not None
