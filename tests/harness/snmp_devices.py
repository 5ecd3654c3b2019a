"""A switch of three ports as an agent of the tests shows it, what it does wrong, and its polls."""

from __future__ import annotations

from collections.abc import Callable

from netwatch.core.result import Result, SeriesKey
from netwatch.lab.ber import Oid
from tests.harness.hostile_agents import (
    IF_ENTRY,
    IFX_ENTRY,
    SYSTEM_UP_TIME,
    Behaviour,
    Request,
    agents,
    integer,
    play,
    text,
)
from tests.harness.snmp_polls import Polls, check
from tests.harness.snmpd import COMMUNITY

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
OBJECT_ID: Oid = (*SYSTEM, 2, 0)
DAYS, JUST_NOW = 90_000_000, 2000
"""Hundredths of a second since the start."""

Objects = dict[Oid, bytes]
Fault = Callable[[Request], bytes | None]


def device(uptime: int = DAYS, *, shift: int = 0) -> Objects:
    """A switch of three ports; their numbers begin behind ``shift``."""
    shown = {SYSTEM_UP_TIME: integer(uptime, 0x43), OBJECT_ID: b"\x06\x03\x2b\x06\x01"}
    for port in (1, 2, 3):
        index, name = port + shift, b"port%d" % port
        shown |= {
            (*IF_ENTRY, 2, index): text(name),
            (*IF_ENTRY, 8, index): integer(1),
            (*IFX_ENTRY, 1, index): text(b"p%d" % port),
            (*IFX_ENTRY, 6, index): integer(100 * port, 0x46),
            (*IFX_ENTRY, 18, index): text(b"uplink"),
        }
    return shown


def without(objects: Objects, *roots: Oid) -> Objects:
    return {
        oid: value
        for oid, value in objects.items()
        if not any(oid[: len(root)] == root for root in roots)
    }


def asks_below(request: Request, *roots: Oid) -> bool:
    return any(request.names[0][: len(root)] == root for root in roots)


def error(request: Request) -> bytes:
    """GenErr, with the request's names and no values (RFC 3416, section 4.2)."""
    return request.answer(*((name, b"\x05\x00") for name in request.names), error=5)


def empty(request: Request) -> bytes:
    return request.answer()


def garbage(request: Request) -> bytes:
    return request.answer(*((name, b"\x28\x01\x00") for name in request.names))


async def lives(*behaviours: Behaviour, max_series: int = 1000) -> list[Result]:
    """One poll of a device with each behaviour, one after the other."""
    polls, found = Polls(), []
    async with agents(behaviours[0]) as (agent,):
        one = check(agent.port, COMMUNITY, timeout=20.0, max_series=max_series)
        for agent.behaviour in behaviours:
            found += await polls.run(one)
    return found


def shows(objects: Objects) -> Behaviour:
    return lambda request: play(request, objects)


def keys(result: Result) -> set[SeriesKey]:
    return set(result.samples.series)


def interfaces(result: Result) -> set[SeriesKey]:
    return {key for key in result.samples.series if key[0].startswith("if")}
