"""What is remembered of a device from poll to poll, so that a poll costs little."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, starmap

from netwatch.core.result import SeriesKey
from netwatch.probes.snmp.bulk_size import BulkSize
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.reading_queue import ReadingAccount
from netwatch.process.pace import at_once
from netwatch.snmp import identify, load_profile
from netwatch.snmp.backoff import Backoff
from netwatch.snmp.layout import Layout, SeriesPlace, lay_out
from netwatch.snmp.oids import SYS_UPTIME
from netwatch.snmp.reader import TableReader
from netwatch.snmp.restart import DeviceClock, restarted
from netwatch.snmp.rows import Choice
from netwatch.snmp.values import Value

YOUNG = 900 * 100
"""Hundredths of a second after its start in which a device may still have to fill its tables."""

_BOOTS_OID = "1.3.6.1.6.3.10.2.1.2.0"  # snmpEngineBoots.0 (RFC 3411)

SeriesValues = tuple[tuple[SeriesKey, ...], Sequence[float]]
"""Series, and a value for each."""

_NOTHING: SeriesValues = ((), ())


class PollPlan:
    """Which objects and tables are read of one device.

    Attributes:
        profiles: names of the profiles.
        object_id: the device's sysObjectID by which they were chosen; None before it is known.
        scalars: single objects.
        tables: what is walked.
        backoffs: by OID of a single object, when it is asked for.
        needs: by OID of a single object or name of a table, the objects of which the device has
            at least one if it has this; what is not in it is asked for in any case.
    """

    def __init__(
        self,
        profiles: Sequence[str],
        choice: Choice,
        object_id: str | None,
        former: PollPlan | None = None,
    ) -> None:
        """Make a plan.

        Args:
            profiles: names of the profiles.
            choice: which rows are shown.
            object_id: the device's sysObjectID.
            former: the plan before, whose knowledge of the device is kept.
        """
        loaded = [load_profile(name) for name in profiles]
        self.profiles = tuple(profiles)
        self.object_id = object_id
        self.scalars = [scalar for profile in loaded for scalar in profile.scalars]
        known = {reader.table.name: reader for reader in former.tables} if former else {}
        self.tables: list[TableReader] = [
            known.get(table.name) or TableReader(table, choice)
            for profile in loaded
            for table in profile.tables
        ]
        self.backoffs: dict[str, Backoff] = former.backoffs if former else {}
        for scalar in self.scalars:
            self.backoffs.setdefault(scalar.oid, Backoff())
        self.needs = {
            name: profile.needs
            for profile in loaded
            if profile.needs
            for name in (*(s.oid for s in profile.scalars), *(t.name for t in profile.tables))
            if name not in profile.needs
        }
        self._layout: Layout | None = None

    def read_scalars(self, cells: Mapping[str, Value]) -> SeriesValues:
        """The series that the single objects of a poll give.

        Args:
            cells: their values by OID.
        """
        layout, values = self._layout, [cells.get(scalar.oid) for scalar in self.scalars]
        read = layout.read(values) if layout else None
        if layout is None or read is None:
            places = list(starmap(SeriesPlace, enumerate(self.scalars)))
            layout = self._layout = at_once(lay_out(values, places))
            read = layout.read(values)
        return layout.series, read or ()


@dataclass(slots=True)
class Distrust:
    """A table entry in which the device repeated itself, or that had no end.

    Attributes:
        detail: what it did, for people.
        backoff: when the entry is walked again.
    """

    detail: str
    backoff: Backoff = field(default_factory=Backoff)


class Device:
    """What is remembered of the device of one check from poll to poll.

    Attributes:
        address: where the device is.
        params: what the check asks for.
        engine_id: of the SNMP v3 engine; empty while it is not known.
        bulk_size: how many rows are asked for in one GETBULK.
        plan: what is read; None until the device is identified.
        used: when it was last polled, monotonic seconds.
        distrusted: by OID, the entries that can't be walked to an end.
        interfaces: the ifIndex of those that were asked for alone, by ifName.
        account: what it took to read it lately.
    """

    def __init__(self, address: str, params: SnmpParams) -> None:
        self.address = address
        self.params = params
        self.engine_id = b""
        self.bulk_size = BulkSize(params.max_repetitions)
        self.plan: PollPlan | None = None
        self.used = 0.0
        self.distrusted: dict[str, Distrust] = {}
        self.interfaces: dict[str, str] = {}
        self.account = ReadingAccount()
        self._clock: DeviceClock | None = None
        self._parts: tuple[tuple[SeriesKey, ...], ...] = ()
        self._series: tuple[SeriesKey, ...] = ()

    def identify(self, object_id: str | None) -> PollPlan:
        """Make the plan for a device with this sysObjectID; None where it is not known.

        Another sysObjectID than before is another device, of which nothing is known.
        """
        names = identify.profiles_for(self.params.profiles, object_id)
        former = self.plan if self.plan is not None and self.plan.object_id is None else None
        self.plan = PollPlan(names, _choice(self.params), object_id, former)
        return self.plan

    @property
    def is_restless(self) -> bool:
        """Whether it changes its tables so often that reading them must not delay others."""
        return self.plan is not None and any(reader.is_restless for reader in self.plan.tables)

    def begin_poll(self) -> None:
        """Prepare for a poll."""
        self.bulk_size.begin_poll()
        self.account.begin_poll()

    def distrust(self, entry: str, detail: str) -> None:
        """Walk an entry ever more seldom: it is in vain, and costs as much as four devices."""
        self.distrusted.setdefault(entry, Distrust(detail)).backoff.fail()

    def is_young(self, cells: Mapping[str, Value], now: float) -> bool:
        """Whether the device started a short time ago, by its uptime and boots.

        Then its tables may not be filled yet. After a restart since the poll before, the number of
        rows to ask for is forgotten.

        Args:
            cells: values of single objects by OID.
            now: monotonic time, seconds.
        """
        uptime, boots = cells.get(SYS_UPTIME), cells.get(_BOOTS_OID)
        if type(uptime) is not int:
            return False
        clock = DeviceClock(now, uptime, boots if type(boots) is int else None)
        before, self._clock = self._clock, clock
        if before is not None and restarted(before, clock):
            self.bulk_size = BulkSize(self.params.max_repetitions)
            self.distrusted.clear()
            return True
        return uptime < YOUNG

    def join(self, parts: Sequence[SeriesValues]) -> SeriesValues:
        """All parts of a poll as one.

        The series are the same object as in the poll before as long as those of the parts are, so
        that whoever knows them need not compare them.
        """
        # A table that turned out to be empty is not asked for again, and that is no change.
        series = tuple(part for part, _ in parts if part)
        same = len(series) == len(self._parts) and all(
            new is old for new, old in zip(series, self._parts, strict=True)
        )
        if not same:
            self._parts = series
            self._series = tuple(key for part in series for key in part)
        return self._series, list(chain.from_iterable(values for _, values in parts))


def _choice(params: SnmpParams) -> Choice:
    kept = re.compile(params.uplinks) if params.uplinks else None
    return Choice(lesser=params.interfaces == "all", kept=kept)
