"""What is remembered of a device from poll to poll, so that a poll costs little."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from itertools import chain, starmap

from netwatch.core.result import SeriesKey
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.walk import BulkSize
from netwatch.snmp import identify, load_profile
from netwatch.snmp.layout import Layout, SeriesPlace
from netwatch.snmp.oids import SYS_UPTIME
from netwatch.snmp.reader import TableReader
from netwatch.snmp.restart import DeviceClock, restarted
from netwatch.snmp.rows import Choice
from netwatch.snmp.values import Value

MAX_PLAN_AGE = 3600.0
"""Seconds after which a device is identified anew: it may have got another module meanwhile."""

_BOOTS_OID = "1.3.6.1.6.3.10.2.1.2.0"  # snmpEngineBoots.0 (RFC 3411)

SeriesValues = tuple[tuple[SeriesKey, ...], Sequence[float]]
"""Series, and a value for each."""

_NOTHING: SeriesValues = ((), ())


class PollPlan:
    """Which objects and tables are read of one device.

    Attributes:
        profiles: names of the profiles.
        object_id: the device's sysObjectID by which they were chosen; None before it is known.
        scalars: single objects. What the device turns out not to have is taken off this list.
        tables: what is walked; likewise.
        absent: OIDs of entries of these tables that the device does not have.
        made: when, monotonic seconds.
    """

    def __init__(
        self, profiles: Sequence[str], choice: Choice, object_id: str | None, made: float
    ) -> None:
        loaded = [load_profile(name) for name in profiles]
        self.profiles = tuple(profiles)
        self.object_id = object_id
        self.made = made
        self.scalars = [scalar for profile in loaded for scalar in profile.scalars]
        self.tables = [TableReader(table, choice) for profile in loaded for table in profile.tables]
        self.absent: set[str] = set()
        self._layout: Layout | None = None

    def keep(self, found: Container[str]) -> None:
        """Read only those single objects from now on whose OIDs are among these."""
        kept = [scalar for scalar in self.scalars if scalar.oid in found]
        if kept != self.scalars:
            self.scalars, self._layout = kept, None

    def read_scalars(self, cells: Mapping[str, Value]) -> SeriesValues:
        """The series that the single objects of a poll give.

        Args:
            cells: their values by OID.
        """
        layout, values = self._layout, [cells.get(scalar.oid) for scalar in self.scalars]
        read = layout.read(values) if layout else None
        if layout is None or read is None:
            layout = self._layout = Layout(values, starmap(SeriesPlace, enumerate(self.scalars)))
            read = layout.read(values)
        return layout.series, read or ()


class Device:
    """What is remembered of the device of one check from poll to poll.

    Attributes:
        address: where the device is.
        params: what the check asks for.
        engine_id: of the SNMP v3 engine; empty while it is not known.
        bulk_size: how many rows are asked for in one GETBULK.
        plan: what is read; None until the device is identified.
        used: when it was last polled, monotonic seconds.
    """

    def __init__(self, address: str, params: SnmpParams) -> None:
        self.address = address
        self.params = params
        self.engine_id = b""
        self.bulk_size = BulkSize(params.max_repetitions)
        self.plan: PollPlan | None = None
        self.used = 0.0
        self._clock: DeviceClock | None = None
        self._parts: tuple[tuple[SeriesKey, ...], ...] = ()
        self._series: tuple[SeriesKey, ...] = ()

    def identify(self, object_id: str | None, now: float) -> PollPlan:
        """Make the plan for a device with this sysObjectID; None where it is not known.

        Args:
            object_id: as the device says.
            now: monotonic time, seconds.
        """
        names = identify.profiles_for(self.params.profiles, object_id)
        self.plan = PollPlan(names, _choice(self.params), object_id, now)
        return self.plan

    def has_restarted(self, cells: Mapping[str, Value], now: float) -> bool:
        """Whether the device was started since the poll before, by its uptime and boots.

        If so, its plan may be wrong, and the number of rows to ask for is forgotten.

        Args:
            cells: values of single objects by OID.
            now: monotonic time, seconds.
        """
        uptime, boots = cells.get(SYS_UPTIME), cells.get(_BOOTS_OID)
        if type(uptime) is not int:
            return False
        clock = DeviceClock(now, uptime, boots if type(boots) is int else None)
        before, self._clock = self._clock, clock
        if before is None or not restarted(before, clock):
            return False
        self.bulk_size = BulkSize(self.params.max_repetitions)
        return True

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
