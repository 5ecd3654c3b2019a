"""Ping operations of our own at routers: their names, and the SETs that create and destroy them.

Pure; no I/O.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address

from netwatch.snmp.remote_ping import Making

PINGS_PER_TEST = 3
"""Pings of one test; RFC 4560 allows 15."""

PING_TIMEOUT = 2
"""Seconds that the answer to a ping may take."""

ROW_DESTROY = 6
"""The RowStatus ``destroy`` (RFC 2579)."""

_ACTIONS = {1: "active", 4: "createAndGo", 5: "createAndWait", ROW_DESTROY: "destroy"}
_FIRST_NUMBER = 1_000_000_000
"""Numbers that people give to operations are smaller."""


@dataclass(frozen=True, slots=True)
class Set:
    """One object of a SET request.

    Attributes:
        name: its descriptor in the MIB.
        oid: the whole of it.
        type: ``integer``, ``unsigned``, ``octets`` or ``ticks``.
        remark: for people.
    """

    name: str
    oid: str
    type: str
    value: int | bytes
    remark: str = ""

    def __str__(self) -> str:
        value = self.value.hex(" ") if isinstance(self.value, bytes) else str(self.value)
        remark = f" ({self.remark})" if self.remark else ""
        return f"{self.name} {self.oid} = {self.type} {value}{remark}"


Sets = tuple[Set, ...]
"""The objects of one request."""


def owner_of(collector: str) -> str:
    """The owner name of the operations of a collector; no other collector touches them."""
    name = f"netwatch/{collector}"
    return name if len(name) <= 32 else f"netwatch/{_digest(collector):016x}"


def test_of(flow: str) -> str:
    """The test name of the operation for a flow."""
    return f"{_digest(flow):016x}"


def number_of(owner: str, flow: str) -> int:
    """The number of the operation for a flow, where operations have numbers."""
    return _FIRST_NUMBER + _digest(f"{owner}/{flow}") % _FIRST_NUMBER


def creation(
    making: Making, index: str, owner: str, target: str, interval: float
) -> tuple[Sets, ...]:
    """The requests that create an operation, one after the other.

    Args:
        making: how the router's MIB wants it done.
        index: of the operation's row.
        owner: name of its owner.
        target: address that is pinged.
        interval: seconds between two tests.
    """
    address = ip_address(target)
    known: dict[str, tuple[int | bytes, str]] = {
        "address": (address.packed, target),
        "address_type": (1 if address.version == 4 else 2, f"ipv{address.version}"),
        "interval": (round(interval), "seconds"),
        "seconds": (PING_TIMEOUT, "seconds"),
        "milliseconds": (PING_TIMEOUT * 1000, "milliseconds"),
        "owner": (owner.encode(), owner),
        "probes": (PINGS_PER_TEST, ""),
    }
    steps = []
    for step in making.steps:
        sets = []
        for each in step:
            value, remark = known[each.value] if isinstance(each.value, str) else (each.value, "")
            if each.oid == making.row and isinstance(value, int):
                remark = _ACTIONS.get(value, "")
            sets.append(Set(each.name, f"{each.oid}.{index}", each.type, value, remark))
        steps.append(tuple(sets))
    return tuple(steps)


def destruction(making: Making, index: str) -> Sets:
    """The request that destroys an operation; it does no harm where there is none."""
    name = next(each.name for step in making.steps for each in step if each.oid == making.row)
    return (Set(name, f"{making.row}.{index}", "integer", ROW_DESTROY, _ACTIONS[ROW_DESTROY]),)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
