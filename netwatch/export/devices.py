"""Values that devices report over SNMP, under the names that snmp_exporter made known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from zlib import crc32

from netwatch.core.check import Check
from netwatch.core.result import NOTHING_READ, Outcome, Readings, Result, SeriesKey
from netwatch.core.streams import is_stream
from netwatch.export.device_family import DeviceFamily, DeviceValues
from netwatch.export.exporter import ResultExporter, Watched
from netwatch.metrics import Registry, series
from netwatch.metrics.text import clean
from netwatch.snmp import catalogue
from netwatch.snmp.identity import identity

Labels = tuple[tuple[str, str], ...]

_IDENTITY = ("model", "serial", "software")
"""Labels of ``netwatch_device_info``."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What one device shows: its series, and where their values are."""

    series: tuple[SeriesKey, ...]
    values: DeviceValues


class DeviceMetrics(ResultExporter):
    """Shows exactly what the last poll of each device read; of a silent device, nothing."""

    def __init__(self, registry: Registry) -> None:
        self._families = {
            name: DeviceFamily("counter" if found.counter else "gauge", name, found.help)
            for name, found in catalogue().items()
        }
        for family in self._families.values():
            registry.add(family)
        self._capped = registry.gauge(
            "netwatch_snmp_capped",
            "1 if the device has more series than it may have, and rows were left out, else 0.",
            ("site", "target"),
        )
        self._incomplete = registry.gauge(
            "netwatch_snmp_table_incomplete",
            "1 for each table of a device that the last poll could not read as a whole.",
            ("site", "target", "table"),
        )
        self._info = registry.gauge(
            "netwatch_device_info",
            "1 for each device that tells its model, serial number or software.",
            ("site", "target", *_IDENTITY),
        )
        self._identities: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, tuple[str, ...]] = {}
        self._shown: dict[str, _Shown] = {}
        self._checks: dict[str, Check] = {}

    def watch(self, watched: Watched) -> None:
        """Take off the series of all devices but those of these checks."""
        kept = {
            check.id: check
            for check in watched.checks
            if check.flow is None and not is_stream(check)
        }
        for check_id in self._checks.keys() - kept.keys():
            self._show(self._checks[check_id], NOTHING_READ)
        self._checks = kept

    def report(self, result: Result) -> None:
        """Show what a poll read."""
        if result.check.id in self._checks and result.outcome is not Outcome.INVALID:
            self._show(result.check, result.samples)

    def forget(self, check: Check) -> None:
        """Take off what a device reported, because it is too old to be true."""
        if check.id in self._checks:
            self._show(check, NOTHING_READ)

    def _show(self, check: Check, read: Readings) -> None:
        self._tell_incomplete(check, read.incomplete)
        shown = self._shown.get(check.id)
        if shown is not None and read.series is shown.series:
            shown.values.latest = read.values
        else:
            if shown is not None:
                self._take_off(check, self._shown.pop(check.id))
            self._identify(check, read)
            if not read.series:
                return
            self._shown[check.id] = _Shown(read.series, self._put(check, read))
        self._capped.cell(check.site, check.target).set(read.capped)

    def _identify(self, check: Check, read: Readings) -> None:
        """Show what the device says that it is; only asked when its texts have changed."""
        found = identity(read)
        now = tuple(clean(found[name]) for name in _IDENTITY)
        before = self._identities.pop(check.id, None)
        if before is not None and before != now:
            self._info.remove(check.site, check.target, *before)
        if any(now):
            self._info.cell(check.site, check.target, *now).set(1)
            self._identities[check.id] = now

    def _tell_incomplete(self, check: Check, tables: tuple[str, ...]) -> None:
        before = self._told.get(check.id, ())
        if tables == before:
            return
        for table in before:
            self._incomplete.remove(check.site, check.target, table)
        for table in tables:
            self._incomplete.cell(check.site, check.target, table).set(1)
        self._told[check.id] = tables
        if not tables:
            del self._told[check.id]

    def _put(self, check: Check, read: Readings) -> DeviceValues:
        """Put the lines of a device into the families, each once even if the device repeats it."""
        values = DeviceValues(read.values, crc32(f"{check.site}/{check.target}".encode()))
        lines: dict[str, dict[str, int]] = defaultdict(dict)
        place = ("site", check.site), ("target", check.target)
        written: dict[Labels, str] = {}  # most rows have many series
        for at, (name, labels) in enumerate(read.series):
            if labels not in written:
                cleaned = ((label, clean(value)) for label, value in labels)
                written[labels] = series("", (*place, *cleaned))
            lines[name].setdefault(f"{name}{written[labels]}", at)
        for name, of_name in lines.items():
            self._families[name].put(values, of_name)
        return values

    def _take_off(self, check: Check, shown: _Shown) -> None:
        for name in {name for name, _ in shown.series}:
            self._families[name].remove(shown.values)
        self._capped.remove(check.site, check.target)
