"""Border routers that ping: what each vendor's MIB shows of it. Written from the MIBs, not from the
profiles that netwatch reads by.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address

from pysnmp.proto.api import v2c

Oid = tuple[int, ...]
Objects = dict[Oid, object]

SYS_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
HR_SYSTEM_DATE: Oid = (1, 3, 6, 1, 2, 1, 25, 1, 2, 0)
PING_CTL: Oid = (1, 3, 6, 1, 2, 1, 80, 1, 2, 1)
PING_RESULTS: Oid = (1, 3, 6, 1, 2, 1, 80, 1, 3, 1)
PING_HISTORY: Oid = (1, 3, 6, 1, 2, 1, 80, 1, 4, 1)
JNX_HISTORY: Oid = (1, 3, 6, 1, 4, 1, 2636, 3, 7, 1, 4, 1)
NQA: Oid = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 111)
RTTMON: Oid = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2)


@dataclass
class Ping:
    """One probe of a router: when (Unix seconds), whether it was answered, after what time."""

    at: float
    answered: bool = True
    seconds: float = 0.012
    status: int | None = None
    """In place of the number by which the MIB says ``answered``."""


@dataclass
class Operation:
    """What the network team configured, by number or by owner and test."""

    target: str
    name: tuple[str, str] | int = ("noc", "gw")
    pings: list[Ping] = field(default_factory=list)
    state: int = 1

    @property
    def index(self) -> Oid:
        if isinstance(self.name, int):
            return (self.name,)
        return tuple(arc for text in self.name for arc in _length_first(text))


@dataclass
class Router:
    """A device with operations, and two clocks that may be wrong.

    Attributes:
        age: seconds since it started.
        date: its time of day, Unix seconds; None where it doesn't show one.
        zoned: whether its dates say how far they are from UTC.
    """

    vendor: Vendor
    operations: list[Operation] = field(default_factory=list)
    age: float = 100_000.0
    date: float | None = None
    zoned: bool = True
    started: float = field(default_factory=time.time)

    def objects(self) -> Objects:
        found: Objects = {SYS_UP_TIME: v2c.TimeTicks(self.ticks(time.time()))}
        if self.date is not None:
            found[HR_SYSTEM_DATE] = self.written(self.date)
        for operation in self.operations:
            found |= self.vendor(self, operation)
        return found

    def ticks(self, at: float) -> int:
        """sysUpTime at some Unix time; it begins anew after 497 days."""
        return int((at - self.started + self.age) * 100) % 2**32

    def written(self, at: float) -> object:
        """A DateAndTime; in Vietnamese time where it does not say so."""
        moment = datetime.fromtimestamp(at if self.zoned else at + 7 * 3600, UTC)
        fields = (moment.month, moment.day, moment.hour, moment.minute, moment.second)
        octets = moment.year.to_bytes(2, "big") + bytes((*fields, moment.microsecond // 100_000))
        return v2c.OctetString(octets + (b"+\0\0" if self.zoned else b""))


Vendor = Callable[[Router, Operation], Objects]


def disman(router: Router, operation: Operation) -> Objects:
    """RFC 4560."""
    index = operation.index
    found: Objects = {
        (*PING_CTL, 4, *index): _octets(operation.target),
        (*PING_CTL, 23, *index): v2c.Integer(1),
        (*PING_RESULTS, 1, *index): v2c.Integer(operation.state),
    }
    for number, ping in enumerate(operation.pings, start=1):
        row = (*index, number)
        milliseconds = round(ping.seconds * 1000) if ping.answered else 0
        status = ping.status or (1 if ping.answered else 4)
        found[*PING_HISTORY, 2, *row] = v2c.Gauge32(milliseconds)
        found[*PING_HISTORY, 3, *row] = v2c.Integer(status)
        found[*PING_HISTORY, 5, *row] = router.written(ping.at)
    return found


def juniper(router: Router, operation: Operation) -> Objects:
    """The same, and microseconds beside it (JUNIPER-PING-MIB)."""
    found = disman(router, operation)
    for number, ping in enumerate(operation.pings, start=1):
        microseconds = round(ping.seconds * 1e6) if ping.answered else 0
        found[*JNX_HISTORY, 1, *operation.index, number] = v2c.Gauge32(microseconds)
    return found


def huawei(router: Router, operation: Operation) -> Objects:
    """NQA-MIB: an index of five parts, times at which a probe began."""
    index = operation.index
    found: Objects = {
        (*NQA, 2, 2, 1, 2, *index): _octets(operation.target),
        (*NQA, 2, 3, 1, 9, *index): v2c.Integer(operation.state),
    }
    for number, ping in enumerate(operation.pings, start=1):
        row = (*index, number, 1, 1)
        status = ping.status or (1 if ping.answered else 2)
        found[*NQA, 5, 1, 1, 4, *row] = router.written(ping.at)
        found[*NQA, 5, 1, 1, 7, *row] = v2c.Integer(round(ping.seconds * 1000))
        found[*NQA, 5, 1, 1, 8, *row] = v2c.Integer(status)
    return found


def cisco(router: Router, operation: Operation) -> Objects:
    """CISCO-RTTMON-MIB: only the last probe, and times on the clock of sysUpTime."""
    index = operation.index
    found: Objects = {
        (*RTTMON, 2, 1, 2, *index): _octets(operation.target),
        (*RTTMON, 9, 1, 10, *index): v2c.Integer(operation.state),
    }
    if operation.pings:
        ping = operation.pings[-1]
        milliseconds = round(ping.seconds * 1000) if ping.answered else 0
        status = ping.status or (1 if ping.answered else 4)
        found[*RTTMON, 10, 1, 1, *index] = v2c.Gauge32(milliseconds)
        found[*RTTMON, 10, 1, 2, *index] = v2c.Integer(status)
        found[*RTTMON, 10, 1, 5, *index] = v2c.TimeTicks(router.ticks(ping.at))
    return found


def _octets(address: str) -> object:
    return v2c.OctetString(ip_address(address).packed)


def _length_first(text: str) -> Oid:
    octets = text.encode()
    return (len(octets), *octets)
