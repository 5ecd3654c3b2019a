"""The notifications that a trap may carry, as far as netwatch tells them apart."""

from __future__ import annotations

from enum import StrEnum


class TrapKind(StrEnum):
    """Standard notifications (RFC 3418, RFC 2863); all others are ``other``."""

    COLD_START = "coldStart"
    WARM_START = "warmStart"
    LINK_DOWN = "linkDown"
    LINK_UP = "linkUp"
    AUTHENTICATION_FAILURE = "authenticationFailure"
    OTHER = "other"


TRAP_OID = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
"""snmpTrapOID.0, whose value names the notification (RFC 3416, section 4.2.6)."""

_SNMP_TRAPS = (1, 3, 6, 1, 6, 3, 1, 1, 5)
_KINDS = {
    1: TrapKind.COLD_START,
    2: TrapKind.WARM_START,
    3: TrapKind.LINK_DOWN,
    4: TrapKind.LINK_UP,
    5: TrapKind.AUTHENTICATION_FAILURE,
}


def kind_of(oid: tuple[int, ...]) -> TrapKind:
    """The notification that a value of snmpTrapOID.0 names."""
    if len(oid) == len(_SNMP_TRAPS) + 1 and oid[:-1] == _SNMP_TRAPS:
        return _KINDS.get(oid[-1], TrapKind.OTHER)
    return TrapKind.OTHER
