"""WAN lines as the interfaces at their two ends see them.

An interface is found by the name that the inventory gives it, so a device that numbers its
interfaces anew changes nothing here. Counters are ours: they go on over restarts, wraps of 32 bits
and jumps, and never tell of more than the interface can carry. They begin at 0.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Result, SeriesKey
from netwatch.export.exporter import ResultExporter, Watched
from netwatch.export.restarts import RestartMetrics
from netwatch.inventory.links import all_links
from netwatch.metrics import Registry
from netwatch.snmp.progress import Count, progress

_LABELS = ("link", "end", "site", "target")
_MIN_FRAME = 64 * 8
"""Bits of the shortest frame of an Ethernet, which bounds how many packets a speed allows."""

_COUNTERS = {
    ("octets", "in"): ("ifHCInOctets", "ifInOctets"),
    ("octets", "out"): ("ifHCOutOctets", "ifOutOctets"),
    ("errors", "in"): (None, "ifInErrors"),
    ("errors", "out"): (None, "ifOutErrors"),
    ("discards", "in"): (None, "ifInDiscards"),
    ("discards", "out"): (None, "ifOutDiscards"),
}
"""By counter and direction: the object of 64 bits, None if there is none, and the one of 32."""

_OBJECTS = frozenset(
    {"ifOperStatus", "ifHighSpeed", "ifSpeed", "ifCounterDiscontinuityTime"}
    | {name for names in _COUNTERS.values() for name in names if name}
)
_UP = 1.0

Device = tuple[str, str]
"""Site and target."""

Row = dict[str, int]
"""Place of each object of one interface among the values of a poll, by its name."""


@dataclass(slots=True)
class _End:
    """One end of one line, and what was last seen of it."""

    link: str
    end: str
    interface: str
    series: tuple[SeriesKey, ...] = ()
    row: Row = field(default_factory=dict)
    at: float = -math.inf
    counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    totals: dict[tuple[str, str], float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)


class LinkMetrics(ResultExporter):
    """Shows the ends of lines whose interface the inventory names and a poll has found."""

    def __init__(self, registry: Registry, restarts: RestartMetrics) -> None:
        self._restarts = restarts
        self._up = registry.gauge(
            "netwatch_link_interface_up", "1 if the interface of the line is up, else 0.", _LABELS
        )
        self._speed = registry.gauge(
            "netwatch_link_interface_speed_bits_per_second",
            "Speed that the interface of the line has.",
            _LABELS,
        )
        self._totals = {
            what: registry.counter(f"netwatch_link_{what}_total", text, (*_LABELS, "direction"))
            for what, text in (
                ("octets", "Octets that an end of the line received (in) or sent (out)."),
                ("errors", "Packets with errors at an end of the line."),
                ("discards", "Packets that an end of the line threw away without fault."),
            )
        }
        self._ends: dict[Device, list[_End]] = {}
        self._by_link: dict[str, list[_End]] = {}

    def watch(self, watched: Watched) -> None:
        """Show the lines of this inventory; what is in both goes on counting."""
        known = {
            (device, end.link, end.end, end.interface): end
            for device, ends in self._ends.items()
            for end in ends
        }
        ends: dict[Device, list[_End]] = defaultdict(list)
        for link_id, link in all_links(watched.inventory).items():
            for name, place in (("a", link.a), ("b", link.b)):
                if place.interface is not None:
                    site, _, target = place.target.partition("/")
                    key = (site, target), link_id, name, place.interface
                    end = known.pop(key, None) or _End(link_id, name, place.interface)
                    ends[site, target].append(end)
        for device, *_ in known:
            self._hide(device)
        self._ends = dict(ends)
        self._by_link = defaultdict(list)
        for end in (end for ends in self._ends.values() for end in ends):
            self._by_link[end.link].append(end)

    def report(self, result: Result) -> None:
        """Take what a poll says of the interfaces of lines."""
        if not result.check.params.traits.reads_interfaces:
            return
        device = result.check.site, result.check.target
        if device not in self._ends or result.outcome is Outcome.INVALID:
            return
        if result.outcome is Outcome.FAILURE:
            self._hide(device)
            return
        for end in self._ends[device]:
            self._show(device, end, result)

    def load(self, link: str) -> float | None:
        """Bits a second in the busier direction between the last two polls; None when not known."""
        ends = self._by_link.get(link, ())
        return max((rate for end in ends for rate in end.rates.values()), default=None)

    def forget(self, check: Check) -> None:
        """Take off what is too old to be true; what was counted is kept."""
        if check.params.traits.reads_interfaces and check.flow is None:
            self._hide((check.site, check.target))

    def _show(self, device: Device, end: _End, result: Result) -> None:
        if end.series is not result.samples.series:
            end.series = result.samples.series
            end.row = _find(end.series, end.interface)
        read = {name: result.samples.values[at] for name, at in end.row.items()}
        labels = end.link, end.end, *device
        if "ifOperStatus" not in read:
            self._hide_end(device, end)
            return
        self._up.cell(*labels).set(read["ifOperStatus"] == _UP)
        # Few devices tell a speed above 4 Gb/s in bits, and few below 1 Mb/s in millions.
        speed = read.get("ifHighSpeed", 0.0) * 1e6 or read.get("ifSpeed", 0.0)
        self._speed.cell(*labels).set(speed)
        seconds = result.finished - end.at + (result.duration or 0.0)
        restarts = self._restarts.count(result.check)
        discontinuity = read.get("ifCounterDiscontinuityTime", 0.0)
        for (what, direction), (wide, narrow) in _COUNTERS.items():
            value = read.get(wide) if wide else None
            is_narrow = value is None
            value = read.get(narrow) if value is None else value
            if value is None:
                self._totals[what].remove(*labels, direction)
                continue
            now = Count(value, is_narrow, restarts, discontinuity)
            before = end.counts.get((what, direction))
            unit = 8 if what == "octets" else _MIN_FRAME
            most = speed / unit * seconds if speed else math.inf
            step = progress(before, now, most) if before else 0.0
            if what == "octets" and before and result.finished > end.at:
                end.rates[direction] = step * 8 / (result.finished - end.at)
            end.counts[what, direction] = now
            total = end.totals[what, direction] = end.totals.get((what, direction), 0.0) + step
            self._totals[what].cell(*labels, direction).set(total)
        end.at = result.finished

    def _hide(self, device: Device) -> None:
        for end in self._ends.get(device, ()):
            self._hide_end(device, end)

    def _hide_end(self, device: Device, end: _End) -> None:
        labels = end.link, end.end, *device
        end.rates.clear()
        self._up.remove(*labels)
        self._speed.remove(*labels)
        for what, direction in _COUNTERS:
            self._totals[what].remove(*labels, direction)


def _find(series: Iterable[SeriesKey], interface: str) -> Row:
    """The objects of the interface of this name, or of this description where none has the name."""
    rows: dict[str, dict[str, Row]] = {"ifName": {}, "ifDescr": {}}
    for at, (name, labels) in enumerate(series):
        if name in _OBJECTS:
            row = dict(labels)
            for label, found in rows.items():
                if row.get(label) == interface:
                    found.setdefault(row["ifIndex"], {})[name] = at
    for found in rows.values():
        for row_found in found.values():
            return row_found
    return {}
