"""Asks a device which devices stand at the other ends of its cables (LLDP-MIB, CISCO-CDP-MIB)."""

from __future__ import annotations

from collections.abc import Mapping

from netwatch.core.check import Check
from netwatch.probes.snmp.objects import objects
from netwatch.probes.snmp.params import SnmpParams
from netwatch.snmp.neighbours import (
    CDP_ENTRY,
    IF_NAME,
    LLDP_LOCAL,
    LLDP_REMOTE,
    SYS_NAME,
    Neighbour,
    from_cdp,
    from_lldp,
)
from netwatch.snmp.values import Value, clean

Cells = Mapping[str, Value]


async def ask(check: Check[SnmpParams]) -> tuple[str, list[Neighbour]]:
    """A device's own name (sysName), and its neighbours by LLDP and CDP.

    Raises:
        PollError: the device does not answer.
    """
    names = await _below(check, SYS_NAME)
    interfaces = await _below(check, IF_NAME)
    local = await _below(check, LLDP_LOCAL)
    found = from_lldp(await _below(check, LLDP_REMOTE), local, interfaces)
    found += from_cdp(await _below(check, CDP_ENTRY), interfaces)
    own = next((clean(value) for value in names.values() if isinstance(value, bytes)), "")
    return own, found


async def _below(check: Check[SnmpParams], root: str) -> Cells:
    return {oid: value async for oid, value in objects(check, root)}
