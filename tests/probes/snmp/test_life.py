"""What happens to devices in their lives, polled over UDP: nothing of it may look like traffic."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.core.result import Outcome
from netwatch.lab.ber import Oid
from tests.harness.hostile_agents import (
    IF_ENTRY,
    IFX_ENTRY,
    SYSTEM_UP_TIME,
    Request,
    agents,
    integer,
    play,
    text,
)
from tests.harness.link_metrics import SPEED, World
from tests.harness.snmp_polls import Polls, check
from tests.harness.snmpd import COMMUNITY

PORTS = 48
ENGINE_BOOTS: Oid = (1, 3, 6, 1, 6, 3, 10, 2, 1, 2, 0)
COUNTER32, GAUGE32, TICKS, COUNTER64 = 0x41, 0x42, 0x43, 0x46
STEP = 500
"""Octets that are received between two polls when nothing happens."""


def objects(  # noqa: PLR0913 (what can happen to a device)
    octets: int = 0,
    *,
    uptime: int,
    shift: int = 0,
    boots: int | None = None,
    narrow: bool = False,
    discontinuity: int | None = None,
) -> dict[Oid, bytes]:
    """A router of 48 ports, whose ifIndex numbers begin behind ``shift``."""
    shown = {SYSTEM_UP_TIME: integer(uptime, TICKS)}
    if boots is not None:
        shown[ENGINE_BOOTS] = integer(boots)
    for port in range(1, PORTS + 1):
        index = port + shift
        name = text(b"Gi0/%d" % port)
        # Every port has other counters, so that one that is taken for another is noticed.
        received = octets if port == 1 else port * 10**9
        shown |= {
            (*IF_ENTRY, 2, index): name,
            (*IF_ENTRY, 8, index): integer(1),
            (*IFX_ENTRY, 1, index): name,
            (*IFX_ENTRY, 15, index): integer(int(SPEED / 1e6), GAUGE32),
            (*IFX_ENTRY, 18, index): text(b""),
        }
        if narrow:
            shown[*IF_ENTRY, 10, index] = integer(received % 2**32, COUNTER32)
        else:
            shown[*IFX_ENTRY, 6, index] = integer(received, COUNTER64)
        if discontinuity is not None:
            shown[*IFX_ENTRY, 19, index] = integer(discontinuity, TICKS)
    return shown


LIVES: dict[str, tuple[list[dict[str, Any]], int, int]] = {
    "nothing happens": ([{"octets": 10}, {"octets": 510}], 500, 0),
    "reboot": ([{"octets": 10**12}, {"octets": 700, "uptime": 5000}], 700, 1),
    "uptime wraps after 497 days": (
        [{"octets": 10, "uptime": 2**32 - 3000}, {"octets": 90, "uptime": 3000}],
        80,
        0,
    ),
    "32 bits wrap": ([{"octets": 2**32 - 10, "narrow": True}, {"octets": 2**32 + 20}], 30, 0),
    "32 bits reset": ([{"octets": 10**9, "narrow": True}, {"octets": 44}], 44, 0),
    "64 bits reset": ([{"octets": 10**15}, {"octets": 44}], 44, 0),
    "all 48 ports are numbered anew": ([{"octets": 10}, {"octets": 60, "shift": 48}], 50, 0),
    "numbered anew, overlapping": ([{"octets": 10}, {"octets": 60, "shift": 1}], 50, 0),
    "engine boots one more": (
        [{"octets": 10**9, "boots": 3}, {"octets": 9, "boots": 4, "uptime": 900}],
        9,
        1,
    ),
    "engine boots back to 1": ([{"octets": 10, "boots": 9}, {"octets": 30, "boots": 1}], 20, 0),
    "counters of 64 bits appear": ([{"octets": 10, "narrow": True}, {"narrow": False}], 0, 0),
    "discontinuity": ([{"discontinuity": 0}, {"octets": 999, "discontinuity": 7}], 0, 0),
}


@pytest.mark.parametrize(("states", "octets", "restarts"), LIVES.values(), ids=list(LIVES))
async def test_no_trouble_looks_like_traffic(
    states: list[dict[str, Any]], octets: int, restarts: int
) -> None:
    """After the trouble, the very next poll counts again."""
    world, polls = World(), Polls()
    state: dict[str, Any] = {"octets": 10**13, "uptime": 10**8 - 6000}
    counted = []
    shown: dict[Oid, bytes] = {}

    def agent(request: Request) -> bytes:
        return play(request, shown)

    async with agents(agent) as (opened,):
        one = check(opened.port, COMMUNITY, timeout=10)
        for change in (*states, {}):
            elapsed = {"octets": state["octets"] + STEP, "uptime": state["uptime"] + 6000}
            state |= elapsed | change
            shown = objects(**state)
            (result,) = await polls.run(one)
            assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
            world.poll(*zip(result.samples.series, result.samples.values, strict=True))
            counted.append(await world.shown())
    assert [told["octets in"] for told in counted] == [0, octets, octets + STEP]
    assert counted[-1]["device_restarts"] == restarts
    assert counted[-1]["interface_up"] == 1
