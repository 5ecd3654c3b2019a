"""Codecs and MCUs: real agents over UDP, each with the objects that its MIB lays out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential
from netwatch.core.result import Outcome, Result
from netwatch.lab import ber
from netwatch.lab.agent import respond
from netwatch.lab.mib import Mib, Value
from tests.harness.snmp_polls import check, poll

COMMUNITY = "rooms"
POLY = "1.3.6.1.4.1.13885"
CTS_CALL, CTS = "1.3.6.1.4.1.9.9.644.1", "1.3.6.1.4.1.9.9.643.1"
CTX = "1.3.6.1.4.1.9.9.758.1"

Layout = Mapping[str, int | str]
"""Objects of a device: numbers and texts."""


class Agent(asyncio.DatagramProtocol):
    """Answers from a layout; its sysObjectID is that of the layout's ``is``."""

    def __init__(self, layout: Layout, kind: str) -> None:
        objects: dict[ber.Oid, Value] = {
            (1, 3, 6, 1, 2, 1, 1, 2, 0): _fixed(ber.oid(_arcs(kind))),
            **{_arcs(oid): _fixed(_encoded(value)) for oid, value in layout.items()},
        }
        self._mib = Mib("codec", "A codec", ())
        self._mib.oids = sorted(objects)
        self._mib.values = [objects[oid] for oid in self._mib.oids]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        if answer := respond(data, COMMUNITY.encode(), self._mib, 1.0):
            self._transport.sendto(answer, source)


def _arcs(oid: str) -> ber.Oid:
    return tuple(map(int, oid.split(".")))


def _encoded(value: int | str) -> bytes:
    return ber.octets(value) if isinstance(value, str) else ber.integer(value)


def _fixed(encoded: bytes) -> Value:
    return lambda _: encoded


@asynccontextmanager
async def agent(layout: Layout, kind: str) -> AsyncIterator[int]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Agent(layout, kind), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


async def read(
    layout: Layout, kind: str = f"{POLY}.101", **keys: Any
) -> tuple[Result, dict[str, float], dict[str, float]]:
    """The result, its facts, and its series by name (the last row of each)."""
    async with agent(layout, kind) as port:
        result = await poll(check(port, CommunityCredential(SecretStr(COMMUNITY)), **keys))
    assert result.outcome is Outcome.SUCCESS
    facts = {fact.name.removeprefix("netwatch_endpoint_"): fact.value for fact in result.facts}
    return result, facts, {sample.name: sample.value for sample in result.samples}


ENDPOINT: Layout = {
    f"{POLY}.101.1.1.6.0": 2,
    f"{POLY}.101.1.2.7.1.0": 2,
    f"{POLY}.101.1.2.7.2.0": 1,  # H.323 is not used
    f"{POLY}.101.1.2.8.1.0": 2,
    f"{POLY}.101.1.2.8.3.1.2.1": 2,
    f"{POLY}.101.1.3.5.1.0": 2,
    f"{POLY}.101.1.3.5.2.1.2.1": "Table microphone",
    f"{POLY}.101.1.3.5.2.1.3.1": 2,
    f"{POLY}.101.1.3.6.1.0": 2,
    f"{POLY}.101.1.5.1.0": 0,
}


@pytest.mark.parametrize("kind", [f"{POLY}.101.1", "1.3.6.1.4.1.2684.1.1"])
async def test_a_poly_endpoint_at_rest(kind: str) -> None:
    result, facts, series = await read(ENDPOINT, kind)
    assert facts == {"in_call": 0, "registered": 1, "peripherals_ok": 1}
    assert series["hardwareMicrophoneMicrophonesStatus"] == 2
    assert {"hardwareMicrophoneMicrophonesName": "Table microphone"}.items() <= {
        name: value for sample in result.samples for name, value in sample.labels
    }.items()
    assert "callActiveCallsPctPacketLostRX" not in series


async def test_a_poly_endpoint_in_a_bad_call_with_a_dead_camera() -> None:
    call = f"{POLY}.101.1.4.1.1"
    changes = {f"{POLY}.101.1.2.8.3.1.2.1": 3, f"{POLY}.101.1.3.6.1.0": 3}
    calls: Layout = {f"{call}.2.7": "7", f"{call}.16.7": 4, f"{call}.20.7": 30, f"{call}.46.7": 41}
    _, facts, series = await read({**ENDPOINT, **changes, **calls, f"{POLY}.101.1.5.1.0": 1})
    assert facts == {"in_call": 1, "registered": 0, "peripherals_ok": 0}
    assert series["callActiveCallsPctPacketLostRX"] == 4
    assert series["callActiveCallsOverallJitterRX"] == 30
    assert series["callActiveCallsVideoJitterRX"] == 41


@pytest.mark.parametrize(("status", "used", "ready"), [(2, 40, 1), (2, 100, 0), (3, 40, 0)])
async def test_a_poly_mcu(status: int, used: int, ready: float) -> None:
    mcu = f"{POLY}.110.1"
    layout: dict[str, int | str] = {
        f"{mcu}.1.6.0": status,
        f"{mcu}.2.17.9.0": used,
        f"{mcu}.2.17.10.0": 31,
        f"{mcu}.4.4.2.1.0": 30,
        f"{mcu}.5.1.0": 2,
    }
    _, facts, series = await read(layout, f"{POLY}.110")
    assert facts == {"ready": ready, "participants": 31}
    assert series["mcuConferenceNumberActiveConferences"] == 2
    assert series["callActiveCallsSummaryVideoTotalCalls"] == 30


@pytest.mark.parametrize(("status", "ready"), [(1, 1), (2, 0), (3, 0)])
async def test_a_poly_dma(status: int, ready: float) -> None:
    dma = f"{POLY}.13.2"
    usage, registrations = f"{dma}.3.2.1.2.1", f"{dma}.3.3.1.2.1"
    layout: dict[str, int | str] = {
        f"{dma}.2.3.2.1.2.1": "dma",
        f"{dma}.2.3.2.1.3.1": status,
        f"{usage}.2.1": "dma",
        f"{usage}.3.1": 3,
        f"{usage}.4.1": 44,
        f"{usage}.5.1": 100,
        f"{registrations}.2.1": "dma",
        f"{registrations}.3.1": 240,
        f"{registrations}.4.1": 8,
    }
    _, facts, series = await read(layout, f"{POLY}.13")
    assert facts == {"ready": ready, "participants": 44}
    assert series["useDevRegInactiveEndpointReg"] == 8


async def test_a_poly_rprm_tells_its_sites_and_links() -> None:
    site, link = f"{POLY}.102.1.2.14.4.1", f"{POLY}.102.1.2.14.6.1"
    layout: dict[str, int | str] = {
        f"{site}.2.1": "Nam Sách",
        f"{site}.4.1": 2,
        f"{site}.8.1": 1,
        f"{site}.9.1": 12,
        f"{link}.3.5": "Nam Sách - tỉnh",
        f"{link}.11.5": 3,
        f"{link}.12.5": 15,
    }
    result, facts, series = await read(layout, f"{POLY}.102")
    assert facts == {}
    assert series["serviceTopologySiteAverageJitter"] == 12
    assert series["serviceTopologySiteLinkPacketLoss"] == 3
    labels = {value for sample in result.samples for _, value in sample.labels}
    assert {"Nam Sách", "Nam Sách - tỉnh"} <= labels


TELEPRESENCE: Layout = {
    f"{CTS}.2.1.1.2.1": "Camera",
    f"{CTS}.2.1.1.3.1": 0,
    f"{CTS}.2.1.1.2.2": "Screen",
    f"{CTS}.2.1.1.3.2": 9,  # not looked at
    f"{CTS_CALL}.2.6.1.4.1": 5,
    f"{CTS_CALL}.2.6.1.4.2": 4,  # the second call manager stands by
    f"{CTS_CALL}.4.3.0": 17,
    f"{CTS_CALL}.4.8.1.7.16": 3600,
    f"{CTS_CALL}.4.8.1.17.16": 4,
    f"{CTS_CALL}.4.9.1.9.16.1": 34,
    f"{CTS_CALL}.4.10.1.14.16.1.2": 1_300_000,
    f"{CTS_CALL}.4.10.1.22.16.1.2": 7,
}
BY_NAME = {"profiles": ["auto", "cisco_cts", "cisco_ctx"]}


async def test_a_cisco_cts_at_rest() -> None:
    _, facts, series = await read(TELEPRESENCE, "1.3.6.1.4.1.9.1.9999", **BY_NAME)
    assert facts == {"in_call": 0, "registered": 1, "peripherals_ok": 1}
    assert series["ctpcRxDscpCurrent"] == 34
    assert series["ctpcRxPeriodLostPackets_ratio"] == pytest.approx(0.013)
    assert series["ctpcAvgPeriodJitter"] == 7


async def test_a_cisco_cts_in_a_call_with_a_loose_cable() -> None:
    changes = {f"{CTS}.2.1.1.3.1": 2, f"{CTS_CALL}.2.6.1.4.1": 6}
    calls = {f"{CTS_CALL}.4.8.1.7.17": 60, f"{CTS_CALL}.4.8.1.17.17": 12}
    layout: dict[str, int | str] = {**TELEPRESENCE, **changes, **calls}
    _, facts, _ = await read(layout, "1.3.6.1.4.1.9.1.9999", **BY_NAME)
    assert facts == {"in_call": 1, "registered": 0, "peripherals_ok": 0}


async def test_nobody_is_taken_for_a_telepresence_system_unasked() -> None:
    _, facts, series = await read(
        {**TELEPRESENCE, "1.3.6.1.2.1.1.5.0": "router"}, "1.3.6.1.4.1.9.1.9999"
    )
    assert facts == {}
    assert "ctpcRxDscpCurrent" not in series


async def test_an_endpoint_that_lacks_an_object_says_nothing_of_it() -> None:
    few = {oid: value for oid, value in ENDPOINT.items() if ".2.8.3." not in oid}
    _, facts, _ = await read(few)
    assert facts == {"in_call": 0, "peripherals_ok": 1}


@pytest.mark.parametrize(("engines", "ready"), [(1, 1), (2, 1), (3, 0)])
async def test_a_cisco_ctx(engines: int, ready: float) -> None:
    layout: dict[str, int | str] = {
        f"{CTX}.2.2.0": engines,
        f"{CTX}.2.4.0": 1,
        f"{CTX}.1.4.1.1.3.1": "mse-1",
        f"{CTX}.3.1.1.1.1": 1,
        f"{CTX}.3.2.1.1.1": 12,
        f"{CTX}.3.2.1.2.1": 28,
    }
    result, facts, series = await read(layout, "1.3.6.1.4.1.9.1.9999", **BY_NAME)
    assert facts == {"ready": ready}
    assert series["ctxAllocAvailPorts"] == 28
    assert ("ctxResourceName", "mse-1") in {label for s in result.samples for label in s.labels}
