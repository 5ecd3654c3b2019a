"""What devices report of the interfaces that lines are plugged into."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from netwatch.core.check import InterfaceCheck
from netwatch.core.result import Outcome, Result
from netwatch.inventory.former_ids import FormerIds
from netwatch.inventory.model import Link
from netwatch.state.attachment import Key, target_key

CLOCK_MARGIN = 2.0
"""Seconds by which a device may date a change too early, by its own clock."""

_UP = 1.0
_NOT_CONNECTED = {2.0, 6.0, 7.0}
"""ifOperStatus down, notPresent, lowerLayerDown (RFC 2863)."""

_COLUMNS = ("ifOperStatus", "ifAdminStatus", "ifLastChange")


@dataclass(frozen=True, slots=True)
class Interface:
    """What SNMP last read of an interface (RFC 2863).

    Attributes:
        oper: ifOperStatus.
        admin: ifAdminStatus; None when the device did not say.
        changed: unix time of ifLastChange; None when the device reported no ifLastChange or no
            sysUpTime.
        read: unix time at which it was read.
        measured: monotonic time of the same moment, seconds.
        down: monotonic time since when it has no line, as far as that is known, seconds; None while
            it has one.
    """

    oper: float
    admin: float | None
    changed: float | None
    read: float
    measured: float
    down: float | None

    @property
    def has_no_line(self) -> bool:
        """Whether it is down although nobody has set it down."""
        return self.down is not None

    @property
    def began(self) -> float:
        """Unix time at which the present ifOperStatus began, as far as that is known."""
        return self.read if self.changed is None else min(self.changed, self.read)


class Lines:
    """The interfaces at both ends of each line.

    Attributes:
        cut: ids of the lines that a device at one end reports as not connected.
    """

    def __init__(self) -> None:
        self.cut: set[str] = set()
        self._ends: dict[Key, dict[str, str]] = {}  # line id by interface name
        self._read: dict[Key, dict[str, Interface]] = {}  # by line id

    def watch(self, links: Mapping[str, Link]) -> None:
        """Watch these lines from now on; what was read of those that stay is kept."""
        ends: dict[Key, dict[str, str]] = defaultdict(dict)
        for link_id, link in links.items():
            for end in (link.a, link.b):
                if end.interface is not None:
                    ends[target_key(end.target)][end.interface] = link_id
        self._ends = dict(ends)
        self._read = {key: self._read[key] for key in ends.keys() & self._read.keys()}
        self._count()

    def rename(self, former: FormerIds) -> None:
        """Know devices and lines by their present ids; call it before ``watch``."""
        self._read = {
            former.key(key): {former.link(line): seen for line, seen in read.items()}
            for key, read in self._read.items()
        }

    def record(self, result: Result) -> set[str]:
        """Take in an SNMP poll, or a part of one.

        Returns:
            The ids of lines that are newly cut, or no longer.
        """
        key = result.check.site, result.check.target
        if key not in self._ends or not result.samples or result.outcome is not Outcome.SUCCESS:
            return set()
        read = self._interfaces(key, result)
        if isinstance(result.check, InterfaceCheck):
            read = self._read.get(key, {}) | read
        return self._replace(key, read)

    def forget(self, key: Key) -> set[str]:
        """Drop what a device reported, because it is too old; returns the same as ``record``."""
        return self._replace(key, {}) if key in self._read else set()

    def interface(self, key: Key, link_id: str) -> Interface | None:
        """What was last read of a line's interface at a target; None when nothing was."""
        return self._read.get(key, {}).get(link_id)

    def cut_at(self, link_id: str) -> float:
        """Monotonic time at which a line of ``cut`` was cut: its ends' first report."""
        return min(each.down for each in self._ends_of(link_id) if each.down is not None)

    def cut_since(self, link_id: str) -> float:
        """Unix time at which a line of ``cut`` was cut."""
        return min(each.began for each in self._ends_of(link_id) if each.down is not None)

    def _ends_of(self, link_id: str) -> list[Interface]:
        return [known[link_id] for known in self._read.values() if link_id in known]

    def _interfaces(self, key: Key, result: Result) -> dict[str, Interface]:
        """The interfaces in a poll that lines are plugged into, by line id."""
        columns, uptime = _columns(result, self._ends[key])
        oper, admin, changed = (columns[name] for name in _COLUMNS)
        now = time.time()
        found = {}
        for link in oper:
            known = self._read.get(key, {}).get(link)
            change = _unix(changed.get(link), uptime, now)
            down = None
            if oper[link] in _NOT_CONNECTED and admin.get(link) in {_UP, None}:
                down = _down_since(known, change, now, result.finished)
            status = oper[link], admin.get(link)
            found[link] = Interface(*status, change, now, result.finished, down)
        return found

    def _replace(self, key: Key, read: dict[str, Interface]) -> set[str]:
        touched = self._without_line(key)
        self._read[key] = read
        touched ^= self._without_line(key)
        before = self.cut & touched
        if touched:
            self._count()
        return before ^ (self.cut & touched)

    def _count(self) -> None:
        """Fill ``cut`` anew. It stays the same set object, because root causes hold on to it."""
        self.cut.clear()
        for key in self._read:
            self.cut |= self._without_line(key)

    def _without_line(self, key: Key) -> set[str]:
        interfaces = self._read.get(key, {}).items()
        return {link for link, interface in interfaces if interface.has_no_line}


def _columns(
    result: Result, lines: Mapping[str, str]
) -> tuple[dict[str, dict[str, float]], float | None]:
    """The values of each column by line id, and sysUpTime."""
    columns: dict[str, dict[str, float]] = {name: {} for name in _COLUMNS}
    uptime: float | None = None
    for sample in result.samples:
        if sample.name in columns:
            name = dict(sample.labels).get("ifName", "")
            if name in lines:
                columns[sample.name][lines[name]] = sample.value
        elif sample.name == "sysUpTime":
            uptime = sample.value
    return columns, uptime


def _down_since(
    known: Interface | None, changed: float | None, now: float, finished: float
) -> float:
    """When an interface went down, on the monotonic clock.

    Args:
        known: what was read of it before; None when nothing was.
        changed: unix time of ifLastChange; None when that is not known.
        now: unix time at which it was read.
        finished: monotonic seconds of the same moment.

    Returns:
        What the device says, unless it was seen up after that, as by an agent that never sets
        ifLastChange; then the moment at which it was read.
    """
    if known is not None and known.down is not None and changed is None:
        return known.down
    if changed is None:
        return finished
    latest = finished - max(0.0, now - changed)
    was_up = known is not None and known.down is None
    if known is None or not was_up:
        return latest
    return finished if latest < known.measured - CLOCK_MARGIN else max(latest, known.measured)


def _unix(ticks: float | None, uptime: float | None, now: float) -> float | None:
    """The unix time at which a device's sysUpTime was ``ticks``, in hundredths of a second."""
    if ticks is None or uptime is None:
        return None
    unix = now - (uptime - ticks) / 100
    return unix if isfinite(unix) else None
