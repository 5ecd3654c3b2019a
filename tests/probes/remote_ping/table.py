"""pingCtlTable with its RowStatus (RFC 2579, RFC 4560): a router that can be written to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from pysnmp.proto.api import v2c
from pysnmp.smi.error import (
    InconsistentNameError,
    InconsistentValueError,
    NotWritableError,
    WrongTypeError,
    WrongValueError,
)

from tests.probes.remote_ping.routers import (
    PING_CTL,
    PING_HISTORY,
    PING_RESULTS,
    SYS_UP_TIME,
    Objects,
    Oid,
)

ACTIVE, NOT_IN_SERVICE, NOT_READY, CREATE_AND_GO, CREATE_AND_WAIT, DESTROY = range(1, 7)
ADDRESS_TYPE, ADDRESS, TIMEOUT, PROBES, ADMIN, FREQUENCY, MAX_ROWS, STORAGE, STATUS = (
    *(3, 4, 6, 7, 8, 10, 11, 12),
    23,
)
HH3C_HISTORY: Oid = (1, 3, 6, 1, 4, 1, 25506, 8, 3, 1, 2, 1, 14)
_UNSIGNED, _INTEGER = v2c.Gauge32, v2c.Integer
_KINDS = {
    ADDRESS_TYPE: _INTEGER,
    ADDRESS: v2c.OctetString,
    TIMEOUT: _UNSIGNED,
    PROBES: _UNSIGNED,
    ADMIN: _INTEGER,
    FREQUENCY: _UNSIGNED,
    MAX_ROWS: _UNSIGNED,
    STORAGE: _INTEGER,
    STATUS: _INTEGER,
}
_RANGES = {TIMEOUT: range(1, 61), PROBES: range(1, 16), ADMIN: range(1, 3), STORAGE: range(1, 6)}


@dataclass
class Row:
    """A test, and its columns as they were set."""

    columns: dict[int, Any] = field(default_factory=dict)
    status: int = NOT_READY
    begun: float | None = None
    keeps_history: bool = True

    @property
    def is_ready(self) -> bool:
        return {ADDRESS_TYPE, ADDRESS} <= self.columns.keys()


@dataclass
class PingTable:
    """The tables of a router, and the addresses that answer it.

    Attributes:
        stubborn: rows that can't be destroyed.
        h3c: keeps no history of a test unless that is asked for.
        written: all that was set, in order: (column, index, value).
    """

    reachable: set[bytes] = field(default_factory=set)
    rows: dict[Oid, Row] = field(default_factory=dict)
    stubborn: bool = False
    h3c: bool = False
    written: list[tuple[int, Oid, int | bytes]] = field(default_factory=list)

    def read(self) -> Objects:
        found: Objects = {SYS_UP_TIME: v2c.TimeTicks(int(time.monotonic() * 100) % 2**32)}
        for index, row in self.rows.items():
            found |= {(*PING_CTL, col, *index): value for col, value in row.columns.items()}
            found[*PING_CTL, STATUS, *index] = v2c.Integer(row.status)
            if row.begun is not None:
                found[*PING_RESULTS, 1, *index] = v2c.Integer(1)
                if row.keeps_history:
                    found |= self._history(index, row)
        return found

    def write(self, bindings: list[tuple[Oid, Any]]) -> None:
        """All or nothing, as one SET is (RFC 3416, section 4.2.5)."""
        asked: dict[Oid, dict[int, Any]] = {}
        for name, value in bindings:
            column, index = self._place(name, value)
            asked.setdefault(index, {})[column] = value
        changes = [self._changed(index, columns) for index, columns in asked.items()]
        for index, row in changes:
            if row is None:
                self.rows.pop(index, None)
            else:
                self.rows[index] = row
        for name, value in bindings:
            column, index = self._place(name, value)
            plain = bytes(value) if isinstance(value, v2c.OctetString) else int(value)
            self.written.append((column, index, plain))

    def _place(self, name: Oid, value: Any) -> tuple[int, Oid]:
        if self.h3c and name[: len(HH3C_HISTORY)] == HH3C_HISTORY:
            return -1, name[len(HH3C_HISTORY) :]
        column, index = name[len(PING_CTL)], name[len(PING_CTL) + 1 :]
        if name[: len(PING_CTL)] != PING_CTL or column not in _KINDS:
            raise NotWritableError(name=name, idx=0)
        if not isinstance(value, _KINDS[column]):
            raise WrongTypeError(name=name, idx=0)
        if column in _RANGES and int(value) not in _RANGES[column]:
            raise WrongValueError(name=name, idx=0)
        return column, index

    def _changed(self, index: Oid, columns: dict[int, Any]) -> tuple[Oid, Row | None]:
        row, status = self.rows.get(index), int(columns.pop(STATUS, 0))
        if status == DESTROY:
            return index, row if self.stubborn else None
        if status in {CREATE_AND_GO, CREATE_AND_WAIT}:
            _demand(row is None, STATUS, index)
            row = Row(keeps_history=not self.h3c)
        if row is None:
            raise InconsistentNameError(name=(*PING_CTL, STATUS, *index), idx=0)
        _demand(row.status != ACTIVE or columns.keys() <= {ADMIN}, STATUS, index)
        new = Row(row.columns | columns, row.status, row.begun, row.keeps_history)
        if -1 in new.columns:
            new.keeps_history = int(new.columns.pop(-1)) == 1
        if new.status == NOT_READY and new.is_ready:
            new.status = NOT_IN_SERVICE
        if status in {ACTIVE, CREATE_AND_GO}:
            _demand(new.is_ready, STATUS, index)
            new.status = ACTIVE
        if int(columns.get(ADMIN, 2)) == 1:
            _demand(new.status == ACTIVE, ADMIN, index)
            new.begun = time.time()
        return index, new

    def _history(self, index: Oid, row: Row) -> Objects:
        """The pings of all tests until now, as many as there is room for."""
        assert row.begun is not None
        answered = bytes(row.columns[ADDRESS]) in self.reachable
        frequency, probes = int(row.columns[FREQUENCY]) or 1, int(row.columns[PROBES])
        tests = int((time.time() - row.begun) / frequency) + 1
        found: Objects = {}
        for number in range(1, tests * probes + 1)[-int(row.columns[MAX_ROWS]) :]:
            at = row.begun + (number - 1) // probes * frequency
            found[*PING_HISTORY, 2, *index, number] = v2c.Gauge32(7 if answered else 0)
            found[*PING_HISTORY, 3, *index, number] = v2c.Integer(1 if answered else 4)
            found[*PING_HISTORY, 5, *index, number] = _date(at)
        return found


def _date(at: float) -> object:
    moment = time.gmtime(at)
    octets = bytes((*moment[1:6], int(at * 10) % 10))
    return v2c.OctetString(moment.tm_year.to_bytes(2, "big") + octets + b"+\0\0")


def _demand(holds: bool, column: int, index: Oid) -> None:
    if not holds:
        raise InconsistentValueError(name=(*PING_CTL, column, *index), idx=0)
