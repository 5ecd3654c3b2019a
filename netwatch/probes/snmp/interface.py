"""One interface of a device, by one small GET: what is asked when a line falls silent."""

from __future__ import annotations

from netwatch.core.result import NOTHING_READ, Readings
from netwatch.probes.snmp.agent import Agent
from netwatch.probes.snmp.bulk_size import BulkSize
from netwatch.probes.snmp.cursor import Cursor
from netwatch.probes.snmp.device import Device
from netwatch.probes.snmp.session import Dialogue
from netwatch.snmp.oids import SYS_UPTIME
from netwatch.snmp.values import Value, clean

MAX_NAMES = 4096
"""Interfaces among which one is looked for by its name."""

_NAME = "1.3.6.1.2.1.31.1.1.1.1"  # ifName (RFC 2863)
_COLUMNS = {
    "ifAdminStatus": "1.3.6.1.2.1.2.2.1.7",
    "ifOperStatus": "1.3.6.1.2.1.2.2.1.8",
    "ifLastChange": "1.3.6.1.2.1.2.2.1.9",
}


def read_interface(agent: Agent, device: Device, name: str) -> Dialogue[Readings]:
    """What a device says of one interface: its status, since when, and sysUpTime.

    Its number (ifIndex) is remembered in ``device``, and looked up anew when it has another name by
    now, as after a restart.

    Returns:
        The series as a poll shows them, of labels ``ifName`` alone; nothing where there is no such
        interface.

    Raises:
        PollError: as in a poll.
    """
    device.engine_id = yield from agent.open()
    number = device.interfaces.get(name)
    if number is not None and (readings := (yield from _read(agent, name, number))):
        return readings
    number = yield from _number(agent, name, device.params.max_repetitions)
    if number is None:
        device.interfaces.pop(name, None)
        return NOTHING_READ
    device.interfaces[name] = number
    return (yield from _read(agent, name, number))


def _read(agent: Agent, name: str, number: str) -> Dialogue[Readings]:
    columns = {f"{oid}.{number}": column for column, oid in _COLUMNS.items()}
    is_called = f"{_NAME}.{number}"
    found = yield from agent.get([is_called, SYS_UPTIME, *columns])
    if not _is_name(found.get(is_called), name):
        return NOTHING_READ
    values: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for oid, value in found.items():
        if type(value) is int and oid in columns:
            values[columns[oid], (("ifName", name),)] = float(value)
        elif type(value) is int and oid == SYS_UPTIME:
            values["sysUpTime", ()] = float(value)
    return Readings(tuple(values), tuple(values.values()))


def _number(agent: Agent, name: str, max_repetitions: int) -> Dialogue[str | None]:
    """The ifIndex of the interface that is called so; None when none of the first ones is."""
    cursor = Cursor(agent, _NAME, BulkSize(max_repetitions))
    looked_at = 0
    while looked_at < MAX_NAMES:
        answer = yield from cursor.advance()
        for varbind in answer:
            if varbind is None:
                return None
            oid, value = varbind
            if _is_name(value, name):
                return oid.removeprefix(f"{_NAME}.")
        if not answer:
            return None
        looked_at += len(answer)
    return None


def _is_name(value: Value, name: str) -> bool:
    """Whether a name that a device shows is this one, as a label of a poll would have it."""
    return isinstance(value, bytes | str) and clean(value) == name
