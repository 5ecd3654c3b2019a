"""What devices report of the interfaces that lines are plugged into."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from netwatch.core.result import Outcome, Result
from netwatch.inventory.model import Link
from netwatch.state.attachment import Key, target_key

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
    """

    oper: float
    admin: float | None
    changed: float | None
    read: float

    @property
    def has_no_line(self) -> bool:
        """Whether it is down although nobody has set it down."""
        return self.oper in _NOT_CONNECTED and self.admin in {_UP, None}


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

    def record(self, result: Result) -> set[str]:
        """Take in an SNMP poll; returns the ids of lines that are newly cut, or no longer."""
        key = result.check.site, result.check.target
        if key not in self._ends or not result.samples or result.outcome is not Outcome.SUCCESS:
            return set()
        return self._replace(key, _interfaces(result, self._ends[key]))

    def forget(self, key: Key) -> set[str]:
        """Drop what a device reported, because it is too old; returns the same as ``record``."""
        return self._replace(key, {}) if key in self._read else set()

    def interface(self, key: Key, link_id: str) -> Interface | None:
        """What was last read of a line's interface at a target; None when nothing was."""
        return self._read.get(key, {}).get(link_id)

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


def _interfaces(result: Result, lines: Mapping[str, str]) -> dict[str, Interface]:
    """The interfaces in a poll that lines are plugged into, by line id."""
    columns: dict[str, dict[str, float]] = {name: {} for name in _COLUMNS}
    uptime: float | None = None
    for sample in result.samples:
        if sample.name in columns:
            name = dict(sample.labels).get("ifName", "")
            if name in lines:
                columns[sample.name][lines[name]] = sample.value
        elif sample.name == "sysUpTime":
            uptime = sample.value
    oper, admin, changed = (columns[name] for name in _COLUMNS)
    now = time.time()
    return {
        link: Interface(oper[link], admin.get(link), _unix(changed.get(link), uptime, now), now)
        for link in oper
    }


def _unix(ticks: float | None, uptime: float | None, now: float) -> float | None:
    """The unix time at which a device's sysUpTime was ``ticks``, in hundredths of a second."""
    if ticks is None or uptime is None:
        return None
    unix = now - (uptime - ticks) / 100
    return unix if isfinite(unix) else None
