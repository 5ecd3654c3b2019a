"""The ICMP probe on real sockets, against the kernel's own echo replies on loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from netwatch.core.check import Check
from netwatch.core.clock import wall_offset
from netwatch.core.echo import Discard
from netwatch.core.errors import StartError
from netwatch.core.result import Outcome, Reason, Report, Result, Stray, StrayKind
from netwatch.probes.icmp import IcmpParams, IcmpProbe
from netwatch.probes.icmp.packet import address_words
from netwatch.probes.icmp.replies import Replies
from tests.harness.builders import make_check
from tests.harness.requirements import require


class Bench:
    """An ICMP probe and what it reported."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.probe = IcmpProbe(self.reports.append)
        self.echoes = self.probe._echoes
        self.discards = self.probe._receiver.discards

    def launch(self, address: str, timeout: float = 1.0, **params: Any) -> Check:
        keys = IcmpParams.model_validate(params)
        check = make_check(address=address, timeout=timeout, params=keys)
        self.probe.launch(check, time.monotonic())
        return check

    def last_slot(self) -> int:
        return self.echoes._next - 1

    def divert(self) -> None:
        """Take the last echo for one to another address."""
        row = self.echoes.rows(np.array([self.last_slot()]))
        elsewhere = np.array([address_words("127.99.99.99")], np.uint64)
        self.echoes._addresses.note(row, elsewhere)

    def receive(self, slot: int, arrived: int | None = None, copies: int = 1) -> None:
        """Let replies to an echo arrive, at a monotonic time of nanoseconds."""
        moment = time.monotonic_ns() if arrived is None else arrived
        slots = np.full(copies, slot)
        self.probe._receiver._answered(
            Replies(
                keys=self.echoes.keys(slots),
                arrived=np.full(copies, moment + wall_offset()),
                ttls=np.full(copies, 64, np.uint8),
            )
        )

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


@pytest.mark.parametrize(
    "params", [{"size": 16}, {"size": 1400}, {"dscp": 46}, {"source": "127.3.0.1"}]
)
async def test_size_class_and_source_are_taken(bench: Bench, params: dict[str, Any]) -> None:
    bench.launch("127.3.4.5", **params)
    (result,) = await bench.wait_for(1)
    assert result.outcome is Outcome.SUCCESS


async def test_a_source_is_for_targets_of_its_version(bench: Bench) -> None:
    bench.launch("::1", source="127.3.0.1")
    (result,) = await bench.wait_for(1)
    assert result.outcome is Outcome.SUCCESS


async def test_a_source_that_is_not_here_is_not_measured_and_not_down(bench: Bench) -> None:
    bench.launch("127.3.4.5", source="192.0.2.1")
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)
    assert result.detail == "Cannot assign requested address"


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
    assert max(result.duration or 0 for result in results) < stall / 2


async def test_no_reply_is_a_timeout(bench: Bench) -> None:
    # The kernel answers only echoes that reach it; a reply that never comes is made here by
    # taking the sent echo for one to another address.
    bench.launch("127.3.4.5", timeout=0.3)
    bench.divert()
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert bench.discards[Discard.REJECTED] == 1, "a reply from another address was taken"


async def test_no_route_is_not_measured_and_not_down(bench: Bench) -> None:
    bench.launch("255.255.255.255")
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)


async def test_replies_that_come_again_are_told_apart(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    await bench.wait_for(1)
    bench.receive(bench.last_slot())
    assert bench.strays() == [StrayKind.DUPLICATE]


async def test_of_copies_in_one_read_the_first_is_the_answer(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    bench.receive(bench.last_slot(), copies=3)
    assert [result.outcome for result in bench.results()] == [Outcome.SUCCESS]
    assert bench.strays() == [StrayKind.DUPLICATE] * 2


async def test_a_reply_after_its_timeout_is_lost_and_late(bench: Bench) -> None:
    bench.launch("127.3.4.5", timeout=0.1)
    slot = bench.last_slot()
    time.sleep(0.12)  # noqa: ASYNC251 - so that nobody reads the kernel's own reply first
    bench.receive(slot, int(bench.echoes.columns.sent[slot]) + 110_000_000, copies=2)
    assert [result.reason for result in bench.results()] == [Reason.TIMEOUT]
    assert sorted(bench.strays()) == [StrayKind.DUPLICATE, StrayKind.LATE]


async def test_a_million_forged_replies_change_nothing(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    count = 1_000_000
    # Address, length and number of the echo are no secrets: they are guessed right.
    keys = np.repeat(bench.echoes.keys(np.array([bench.last_slot()])), count, axis=0)
    random = np.random.default_rng(7).integers(0, 1 << 64, (count, 2), np.uint64)
    keys[:, 0] = (random[:, 0] & ~np.uint64(0xFFFFFFFF)) | (keys[:, 0] & np.uint64(0xFFFFFFFF))
    keys[:, 1] = random[:, 1]
    forged = Replies(
        keys,
        arrived=np.full(count, time.time_ns()),
        ttls=np.zeros(count, np.uint8),
    )
    bench.probe._receiver._answered(forged)
    assert bench.reports == []
    (result,) = await bench.wait_for(1)
    assert result.outcome is Outcome.SUCCESS
    assert bench.discards[Discard.REJECTED] == count


@pytest.mark.parametrize("step", [-3600, 3600])
async def test_a_stepped_clock_does_not_bend_a_round_trip(bench: Bench, step: int) -> None:
    bench.launch("127.3.4.5")
    bench.receive(bench.last_slot(), time.monotonic_ns() + step * 1_000_000_000)
    (result,) = bench.results()
    assert result.duration is not None
    assert 0 <= result.duration < 0.1
    assert bench.discards[Discard.CLOCK] == 1


async def test_a_small_step_is_noticed_though_its_time_stamps_seem_possible(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    sent = int(bench.echoes.columns.sent[bench.last_slot()])
    # The clock was set on by 5 ms since the last look; a stamp from before is 5 ms too early.
    bench.probe._receiver._offset -= 5_000_000
    time.sleep(0.01)  # noqa: ASYNC251 - so that the wrong time stamp lies after the sending
    bench.receive(bench.last_slot(), sent + 2_000_000)
    (result,) = bench.results()
    assert result.duration is not None
    assert 0.01 <= result.duration < 0.1, "longer than it was, but never shorter"
    assert bench.discards[Discard.CLOCK] == 1


async def test_what_may_have_been_dropped_is_not_measured_and_not_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.launch("127.3.4.5", timeout=0.2)
    bench.divert()
    (sock,) = bench.probe._sockets.values()
    monkeypatch.setattr(sock, "overflows", lambda: 7)
    (result,) = await bench.wait_for(1)
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)
    assert bench.discards[Discard.OVERFLOW] == 7


async def test_closing_drops_open_echoes(bench: Bench) -> None:
    bench.launch("127.3.4.5")
    before = len(bench.reports)
    await bench.probe.close()
    await asyncio.sleep(0.05)
    assert len(bench.reports) == before
