"""What a device says by itself when a line goes or comes back: linkDown, linkUp (RFC 3418)."""

from __future__ import annotations

from netwatch.lab import ber
from netwatch.lab.ber import Oid

PORT = 162
"""Where the collector is sent traps."""

SYS_UPTIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
TRAP_OID: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
_LINK_DOWN: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
_LINK_UP: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5, 4)
_IF_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
_IF_INDEX, _ADMIN_STATUS, _OPER_STATUS = 1, 7, 8
_UP, _DOWN = 1, 2
_TRAP_V2, _VERSION_2C = 0xA7, 1

Bindings = list[tuple[Oid, int | Oid]]
"""Names of objects, and their values; the first is the time in hundredths of a second."""


def bindings(index: int, *, up: bool, uptime: float) -> Bindings:
    """The variables of the trap that tells of an interface (RFC 2863, section 5).

    Args:
        index: ifIndex.
        up: whether its line is back.
        uptime: seconds since the device started.
    """
    return [
        (SYS_UPTIME, int(uptime * 100)),
        (TRAP_OID, _LINK_UP if up else _LINK_DOWN),
        ((*_IF_ENTRY, _IF_INDEX, index), index),
        ((*_IF_ENTRY, _ADMIN_STATUS, index), _UP),
        ((*_IF_ENTRY, _OPER_STATUS, index), _UP if up else _DOWN),
    ]


def message(community: bytes, said: Bindings, request_id: int) -> bytes:
    """A trap of SNMP v2c (RFC 3416, section 4.2.6)."""
    bound = b"".join(ber.tlv(ber.SEQUENCE, ber.oid(name) + _value(name, v)) for name, v in said)
    head = ber.integer(request_id) + ber.integer(0) + ber.integer(0)
    pdu = ber.tlv(_TRAP_V2, head + ber.tlv(ber.SEQUENCE, bound))
    return ber.tlv(ber.SEQUENCE, ber.integer(_VERSION_2C) + ber.octets(community) + pdu)


def _value(name: Oid, value: int | Oid) -> bytes:
    if isinstance(value, tuple):
        return ber.oid(value)
    return ber.integer(value, ber.TIME_TICKS if name == SYS_UPTIME else ber.INTEGER)
