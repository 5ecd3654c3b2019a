"""CISCO-RTTMON-MIB of a router that can be written to: numbered operations, made in one SET."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from pysnmp.proto.api import v2c
from pysnmp.smi.error import InconsistentValueError, NotWritableError, WrongTypeError

from tests.probes.remote_ping.routers import RTTMON, SYS_UP_TIME, Objects, Oid

CREATE_AND_GO, DESTROY = 4, 6
STATUS: Oid = (1, 1, 9)
OWNER: Oid = (1, 1, 2)
TYPE: Oid = (1, 1, 4)
FREQUENCY: Oid = (1, 1, 6)
TIMEOUT: Oid = (1, 1, 7)
PROTOCOL: Oid = (2, 1, 1)
TARGET: Oid = (2, 1, 2)
LIFE: Oid = (5, 1, 1)
START: Oid = (5, 1, 2)
AGEOUT: Oid = (5, 1, 3)
_KINDS = {
    STATUS: v2c.Integer,
    OWNER: v2c.OctetString,
    TYPE: v2c.Integer,
    FREQUENCY: v2c.Integer,
    TIMEOUT: v2c.Integer,
    PROTOCOL: v2c.Integer,
    TARGET: v2c.OctetString,
    LIFE: v2c.Integer,
    START: v2c.TimeTicks,
    AGEOUT: v2c.Integer,
}


@dataclass
class Sla:
    """The operations by number, each with its columns; and who answers."""

    reachable: set[bytes] = field(default_factory=set)
    rows: dict[int, dict[Oid, Any]] = field(default_factory=dict)
    made: dict[int, float] = field(default_factory=dict)

    def read(self) -> Objects:
        found: Objects = {SYS_UP_TIME: _ticks(time.monotonic())}
        for number, columns in self.rows.items():
            found |= {(*RTTMON, *column, number): value for column, value in columns.items()}
            found[*RTTMON, *STATUS, number] = v2c.Integer(1)
            started = self.made.get(number)
            found[*RTTMON, 9, 1, 10, number] = v2c.Integer(6 if started else 4)
            if started is not None:
                answered = bytes(columns[TARGET]) in self.reachable
                found[*RTTMON, 10, 1, 1, number] = v2c.Gauge32(9 if answered else 0)
                found[*RTTMON, 10, 1, 2, number] = v2c.Integer(1 if answered else 4)
                found[*RTTMON, 10, 1, 5, number] = _ticks(started)
        return found

    def write(self, bindings: list[tuple[Oid, Any]]) -> None:
        columns: dict[Oid, Any] = {}
        numbers = set()
        for at, (name, value) in enumerate(bindings):
            column = name[len(RTTMON) : -1]
            if name[: len(RTTMON)] != RTTMON or column not in _KINDS:
                raise NotWritableError(name=name, idx=at)
            if not isinstance(value, _KINDS[column]):
                raise WrongTypeError(name=name, idx=at)
            columns[column] = value
            numbers.add(name[-1])
        (number,) = numbers
        status = int(columns.pop(STATUS))
        if status == DESTROY:
            self.rows.pop(number, None)
            self.made.pop(number, None)
            return
        enough = {TYPE, PROTOCOL, TARGET} <= columns.keys() and len(bytes(columns[TARGET])) == 4
        if status != CREATE_AND_GO or number in self.rows or not enough:
            raise InconsistentValueError(name=(*RTTMON, *STATUS, number), idx=0)
        self.rows[number] = columns
        if int(columns.get(START, 0)) == 1:
            self.made[number] = time.monotonic()


def _ticks(seconds: float) -> object:
    return v2c.TimeTicks(int(seconds * 100) % 2**32)
