"""The ICMP probe on real sockets, against the kernel's own echo replies on loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from netwatch.core.check import Check
from netwatch.core.errors import StartError
from netwatch.core.result import Outcome, Reason, Report, Result, Stray, StrayKind
from netwatch.probes.icmp import IcmpParams, IcmpProbe
from netwatch.probes.icmp.transport import EchoSocket, Received
from tests.builders import make_check
from tests.tools import require


class Bench:
    """An ICMP probe and what it reported."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.probe = IcmpProbe(self.reports.append)

    def launch(self, address: str, timeout: float = 1.0, **params: int) -> Check:
        check = make_check(address=address, timeout=timeout, params=IcmpParams(**params))
        self.probe.launch(check, time.monotonic())
        return check

    def results(self) -> list[Result]:
        return [report for report in self.reports if isinstance(report, Result)]

    def strays(self) -> list[StrayKind]:
        return [report.kind for report in self.reports if isinstance(report, Stray)]

    async def wait_for(self, results: int) -> list[Result]:
        async with asyncio.timeout(10):
            while len(self.results()) < results:  # noqa: ASYNC110 - the sink only lists
                await asyncio.sleep(0.01)
        return self.results()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    try:
        await bench.probe.open()
    except StartError as error:
        require(None, str(error))
    yield bench
    await bench.probe.close()


@pytest.mark.parametrize("address", ["127.3.4.5", "::1"])
async def test_an_echo_comes_back(bench: Bench, address: str) -> None:
    bench.launch(address)
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.SUCCESS, Reason.OK)
    assert result.duration is not None
    assert 0 <= result.duration < 0.1


@pytest.mark.parametrize("params", [{"size": 16}, {"size": 1400}, {"dscp": 46}])
async def test_size_and_class_are_taken(bench: Bench, params: dict[str, int]) -> None:
    bench.launch("127.3.4.5", **params)
    (result,) = await bench.wait_for(1)
    assert result.outcome is Outcome.SUCCESS


async def test_a_thousand_targets_share_one_socket(bench: Bench) -> None:
    addresses = {f"127.5.{i // 250}.{i % 250 + 1}" for i in range(1000)}
    for position, address in enumerate(sorted(addresses)):
        bench.launch(address)
        if position % 100 == 99:
            await asyncio.sleep(0.01)
    results = await bench.wait_for(1000)
    assert {result.check.address for result in results} == addresses
    assert all(result.outcome is Outcome.SUCCESS for result in results)


@pytest.mark.parametrize("stall", [0.3, 2.0])
async def test_a_stalled_loop_loses_nothing_and_lengthens_nothing(
    bench: Bench, stall: float
) -> None:
    for number in range(100):
        bench.launch(f"127.6.0.{number + 1}", timeout=0.2)
    time.sleep(stall)  # noqa: ASYNC251 - the stall that is tested
    results = await bench.wait_for(100)
    assert {result.outcome for result in results} == {Outcome.SUCCESS}
    assert max(result.duration or 0 for result in results) < 0.05


async def test_no_reply_is_a_timeout(bench: Bench) -> None:
    # The kernel answers only echoes that reach it; a reply that never comes is made here by
    # taking the sent echo for one to another address.
    check = bench.launch("127.3.4.5", timeout=0.3)
    moved = make_check(address="127.99.99.99", timeout=0.3, params=check.params)
    echo = bench.probe._echoes.find_open("127.3.4.5", bench.probe._sequence)
    assert echo is not None
    echo.check = moved
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert bench.probe.rejected == 1, "a reply from another address was taken"


async def test_no_route_is_not_measured_and_not_down(bench: Bench) -> None:
    bench.launch("255.255.255.255")
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)


def only_socket(bench: Bench) -> EchoSocket:
    (sock,) = bench.probe._sockets.values()
    return sock


async def test_replies_that_come_again_or_late_are_told_apart(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    echo = bench.probe._echoes.find_open("127.3.4.5", bench.probe._sequence)
    assert echo is not None
    await bench.wait_for(1)
    copy = Received(bytes(8) + echo.token, "127.3.4.5", None)
    bench.probe._received(only_socket(bench), copy)
    assert bench.strays() == [StrayKind.DUPLICATE]


async def test_a_reply_after_its_timeout_is_lost_and_late(bench: Bench) -> None:
    bench.launch("127.3.4.5", timeout=0.1)
    echo = bench.probe._echoes.find_open("127.3.4.5", bench.probe._sequence)
    assert echo is not None
    time.sleep(0.12)  # noqa: ASYNC251 - so that nobody reads the kernel's own reply first
    late = Received(bytes(8) + echo.token, "127.3.4.5", echo.sent + 0.11)
    bench.probe._received(only_socket(bench), late)
    assert [result.reason for result in bench.results()] == [Reason.TIMEOUT]
    assert bench.strays() == [StrayKind.LATE]


async def test_forged_replies_change_nothing(bench: Bench) -> None:
    sock = only_socket(bench)
    bench.launch("127.3.4.5")
    for number in range(10_000):
        token = number.to_bytes(16, "big")
        message = bytes(4) + sock.identifier.to_bytes(2, "big") + bytes(2) + token
        bench.probe._received(sock, Received(message, "127.3.4.5", time.monotonic()))
    (result,) = await bench.wait_for(1)
    assert result.outcome is Outcome.SUCCESS
    assert bench.probe.rejected == 10_000


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
async def test_a_stepped_clock_does_not_bend_a_round_trip(bench: Bench, step: float) -> None:
    bench.launch("127.3.4.5")
    echo = bench.probe._echoes.find_open("127.3.4.5", bench.probe._sequence)
    assert echo is not None
    stamped = Received(bytes(8) + echo.token, "127.3.4.5", time.monotonic() + step)
    bench.probe._received(only_socket(bench), stamped)
    (result,) = bench.results()
    assert result.duration is not None
    assert 0 <= result.duration < 0.1
    assert bench.probe.clock_discards == 1


async def test_closing_drops_open_echoes(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    before = len(bench.reports)
    await bench.probe.close()
    await asyncio.sleep(0.05)
    assert len(bench.reports) == before
