from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Report, Result
from netwatch.probes.tcp import TcpParams, TcpProbe
from tests.harness.builders import make_check

pytestmark = pytest.mark.slow


class Bench:
    """A TCP probe and the results it gave."""

    def __init__(self) -> None:
        self.reports: asyncio.Queue[Report] = asyncio.Queue()
        self.probe = TcpProbe(self.reports.put_nowait)

    async def measure(self, address: str, port: int, timeout: float = 2.0) -> Result:
        self.probe.launch(tcp_check(address, port, timeout), time.monotonic())
        async with asyncio.timeout(5):
            report = await self.reports.get()
        assert isinstance(report, Result)
        return report


def tcp_check(address: str, port: int, timeout: float = 2.0) -> Check[Any]:
    return make_check(f"tcp:{port}", address=address, timeout=timeout, params=TcpParams(port=port))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    await bench.probe.open()
    yield bench
    await bench.probe.close()


@pytest.mark.parametrize("address", ["127.7.0.1", "::1"])
async def test_an_open_port_is_a_success(bench: Bench, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:
        result = await bench.measure(address, server.getsockname()[1])
    assert result.outcome is Outcome.SUCCESS
    assert result.duration is not None
    assert 0 < result.duration < 1


async def test_a_closed_port_is_refused_and_not_a_timeout(bench: Bench) -> None:
    with socket.create_server(("127.7.0.1", 0)) as server:
        port = server.getsockname()[1]
    result = await bench.measure("127.7.0.1", port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)
    assert result.duration is None


async def test_a_port_that_answers_nothing_is_a_timeout(bench: Bench) -> None:
    # A listener whose queue is full drops further handshakes without a word, as a firewall does.
    with socket.socket() as server:
        server.bind(("127.7.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        with socket.create_connection(address), socket.socket() as waiting:
            waiting.setblocking(False)
            waiting.connect_ex(address)
            result = await bench.measure(*address, timeout=0.3)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)


async def test_no_route_says_nothing_about_the_target(bench: Bench) -> None:
    # The kernel itself refuses TCP to the broadcast address; no packet leaves.
    result = await bench.measure("255.255.255.255", 80)
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)


async def test_a_stalled_loop_is_not_the_target_s_fault(bench: Bench) -> None:
    with socket.create_server(("127.7.0.1", 0)) as server:
        bench.probe.launch(tcp_check(*server.getsockname(), timeout=0.2), time.monotonic())
        await asyncio.sleep(0)
        time.sleep(0.5)  # noqa: ASYNC251 - the stall that is tested
        result = await bench.reports.get()
    assert isinstance(result, Result)
    assert result.outcome is not Outcome.FAILURE


async def test_more_conversations_than_allowed_are_not_measured() -> None:
    reports: list[Report] = []
    probe = TcpProbe(reports.append)
    with socket.create_server(("127.7.0.1", 0), backlog=1024) as server:
        check = tcp_check(*server.getsockname(), timeout=60.0)
        for _ in range(600):
            probe.launch(check, 0.0)
        refused = len(reports)
        async with asyncio.timeout(60):
            while len(reports) < 600:  # noqa: ASYNC110 - the probe has no event for it
                await asyncio.sleep(0.02)
        await probe.close()
    results = [report for report in reports if isinstance(report, Result)]
    assert refused == 600 - 512
    assert sum(result.outcome is Outcome.INVALID for result in results) == refused
    assert sum(result.outcome is Outcome.SUCCESS for result in results) == 512


async def test_closing_ends_open_conversations_without_a_result() -> None:
    reports: list[Report] = []
    probe = TcpProbe(reports.append)
    with socket.socket() as server:
        server.bind(("127.7.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        with socket.create_connection(address):
            for _ in range(3):
                probe.launch(tcp_check(*address), 0.0)
            await asyncio.sleep(0.05)
            before = len(reports)
            await probe.close()
    assert len(reports) == before
