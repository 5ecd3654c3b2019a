"""The two ends of a line, as the interfaces there tell, over twelve kinds of trouble."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.core.result import Outcome, SeriesKey
from netwatch.export.exporter import Watched
from tests.harness.builders import make_inventory, make_result
from tests.harness.link_metrics import CHECK, POLL, SPEED, WATCHED, World

MOST = SPEED / 8 * POLL


def router(
    octets: float = 0.0,
    *,
    uptime: float = 1e8,
    name: str = "Gi0/1",
    index: int = 1,
    narrow: bool = False,
    **more: float,
) -> list[tuple[SeriesKey, float]]:
    row = (("ifIndex", str(index)), ("ifAlias", ""), ("ifDescr", name), ("ifName", name))
    if narrow:
        row = (("ifIndex", str(index)), ("ifAlias", ""), ("ifDescr", name), ("ifName", ""))
    boots = [(("snmpEngineBoots", ()), more.pop("boots"))] if "boots" in more else []
    wide = "ifInOctets" if narrow else "ifHCInOctets"
    values = {"ifOperStatus": 1.0, "ifHighSpeed": SPEED / 1e6, wide: octets} | more
    return [
        (("sysUpTime", ()), uptime),
        *boots,
        *(((metric, row), value) for metric, value in values.items()),
    ]


async def test_what_an_end_shows() -> None:
    world = World()
    world.poll(*router(1000, ifInErrors=5))
    world.poll(*router(4000, uptime=1e8 + 6000, ifInErrors=7))
    assert await world.shown() == {
        "device_restarts": 0,
        "interface_up": 1,
        "interface_speed_bits_per_second": SPEED,
        "octets in": 3000,
        "errors in": 2,
    }


def test_the_load_is_that_of_the_busier_direction_between_the_last_two_polls() -> None:
    world = World()
    assert world.links.load("wan-1") is None
    world.poll(*router(1000, ifHCOutOctets=0))
    assert world.links.load("wan-1") is None  # one reading is no rate
    world.poll(*router(1000 + 6e6, uptime=1e8 + 6000, ifHCOutOctets=1e6))
    assert world.links.load("wan-1") == 6e6 * 8 / POLL
    world.poll(*router(1000 + 6e6, uptime=1e8 + 12000, ifHCOutOctets=1e6 + 3e6))
    assert world.links.load("wan-1") == 3e6 * 8 / POLL
    world.links.forget(CHECK)
    assert world.links.load("wan-1") is None
    assert world.links.load("another") is None


SCENARIOS: dict[str, tuple[list[dict[str, Any]], float, int]] = {
    "goes on": ([{"octets": 10}, {"octets": 510}], 500, 0),
    "restart": ([{"octets": 1e12}, {"octets": 700, "uptime": 5000.0}], 700, 1),
    "uptime wraps": (
        [{"octets": 10, "uptime": 2**32 - 3000.0}, {"octets": 90, "uptime": 3000.0}],
        80,
        0,
    ),
    "32 bits wrap": (
        [{"octets": 2**32 - 10, "narrow": True}, {"octets": 20, "narrow": True}],
        30,
        0,
    ),
    "64 bits reset": ([{"octets": 1e15}, {"octets": 44}], 44, 0),
    "renumbered": ([{"octets": 10, "index": 1}, {"octets": 60, "index": 49}], 50, 0),
    "boots one more": (
        [{"octets": 1e9, "boots": 3}, {"octets": 9, "boots": 4, "uptime": 900.0}],
        9,
        1,
    ),
    "boots back to 1": ([{"octets": 10, "boots": 9}, {"octets": 30, "boots": 1}], 20, 0),
    "boots appear": ([{"octets": 10}, {"octets": 30, "boots": 4}], 20, 0),
    "discontinuity": (
        [{"octets": 10}, {"octets": 999, "ifCounterDiscontinuityTime": 7.0}],
        0,
        0,
    ),
    "jump": ([{"octets": 10}, {"octets": 1e14}], 0, 0),
    "64 bits appear": ([{"octets": 10, "narrow": True}, {"octets": 1e13}], 0, 0),
}


@pytest.mark.parametrize(("polls", "octets", "restarts"), SCENARIOS.values(), ids=list(SCENARIOS))
async def test_no_trouble_looks_like_traffic(
    polls: list[dict[str, Any]], octets: float, restarts: int
) -> None:
    world = World()
    for number, poll in enumerate(polls):
        world.poll(*router(**({"uptime": 1e8 + number * POLL * 100} | poll)))
    shown = await world.shown()
    assert shown["octets in"] == octets
    assert shown["device_restarts"] == restarts
    # and it counts again with the next poll
    last = polls[-1]
    following = last | {"octets": last["octets"] + 100}
    following["uptime"] = last.get("uptime", 1e8 + POLL * 100) + POLL * 100
    world.poll(*router(**following))
    assert (await world.shown())["octets in"] == pytest.approx(octets + 100)


async def test_which_end_is_down() -> None:
    world = World()
    world.poll(*router(ifOperStatus=2.0))
    assert (await world.shown())["interface_up"] == 0


async def test_a_silent_device_shows_nothing_and_goes_on_counting() -> None:
    world = World()
    world.poll(*router(1000))
    world.poll(*router(1500, uptime=1e8 + 6000))
    failed = make_result(CHECK, Outcome.FAILURE, world.now)
    world.links.report(failed)
    assert "octets in" not in await world.shown()
    world.poll(*router(1800, uptime=1e8 + 12000))
    assert (await world.shown())["octets in"] == 800
    world.links.forget(CHECK)
    assert "interface_up" not in await world.shown()


async def test_an_interface_of_another_name_is_not_taken() -> None:
    world = World()
    world.poll(*router(name="Gi0/2"))
    assert set(await world.shown()) == {"device_restarts"}


async def test_a_reload_keeps_what_was_counted() -> None:
    world = World()
    world.poll(*router(1000))
    world.poll(*router(1500, uptime=1e8 + 6000))
    world.links.watch(WATCHED)
    world.restarts.watch(WATCHED)
    assert (await world.shown())["octets in"] == 500
    world.links.watch(Watched.of(make_inventory()))
    world.restarts.watch(Watched.of(make_inventory()))
    assert await world.shown() == {}
