"""Streams under load, from the schedule through real sockets to the states."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from netwatch.core.check import Check
from netwatch.core.echo import OK, Discard, EchoResults
from netwatch.core.errors import StartError
from netwatch.core.result import StrayKind
from netwatch.core.streams import Rows, Streams
from netwatch.probes.icmp import IcmpParams, IcmpProbe
from netwatch.probes.icmp import probe as probe_module
from netwatch.schedule import Schedule
from tests.harness.builders import make_check
from tests.harness.requirements import require

pytestmark = pytest.mark.slow


class Seen:
    """A sink of streams and an account of slots."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.slots: Counter[str] = Counter()
        self.longest = 0.0
        self.batches: list[list[int]] = []

    def sent(self, rows: Rows) -> None:
        self.counts["sent"] += len(rows)

    def late(self, rows: Rows) -> None: ...

    def settled(self, results: EchoResults) -> None:
        rows = results.rows.tolist()
        assert len(set(rows)) == len(rows), "a stream stands twice in one report"
        self.batches.append(rows)
        good = int(np.count_nonzero(results.reasons == OK))
        self.counts["received"] += good
        self.counts["bad"] += len(rows) - good
        if results.round_trips is not None:
            self.longest = max(self.longest, float(results.round_trips.max()))

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        self.counts[kind] += len(rows)

    def path_mtu(self, row: int, octets: int) -> None: ...

    def discarded(self, kind: Discard, messages: int) -> None:
        self.counts[kind] += messages

    def launched(self, kind: str, slots: int, late: int, slip: float) -> None:
        self.slots["late"] += late
        self.slots["run"] += slots - late

    def skipped(self, kind: str, slots: int) -> None:
        self.slots["skipped"] += slots


def make_streams(count: int, **changes: Any) -> tuple[list[Check[Any]], Streams]:
    checks = [
        make_check(
            site=f"s{number}",
            address=f"127.7.{number // 250}.{number % 250 + 1}",
            params=IcmpParams(),
            **changes,
        )
        for number in range(count)
    ]
    streams = Streams()
    streams.watch(checks)
    return checks, streams


@pytest.fixture
def seen() -> Iterator[Seen]:
    seen = Seen()
    yield seen
    assert seen.counts["bad"] == 0, "what answers was called lost, or not measured"
    assert not [kind for kind in Discard if seen.counts[kind]]


async def opened(streams: Streams, seen: Seen) -> IcmpProbe:
    probe = IcmpProbe(lambda _: None)
    try:
        await probe.open()
    except StartError as error:
        require(None, str(error))
    probe.watch(streams, seen)
    return probe


async def settled(probe: IcmpProbe) -> None:
    """Wait until no echo is under way."""
    async with asyncio.timeout(10):
        while len(probe._echoes):  # noqa: ASYNC110 - the probe has no event for it
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("stall", [0.0, 0.3, 2.0])
async def test_twice_the_load_skips_slots_and_calls_nothing_lost(seen: Seen, stall: float) -> None:
    # 2 000 streams every 200 ms, in a loop that has no time for half of them.
    interval = 0.2
    checks, streams = make_streams(2000, interval=interval, timeout=0.2)
    probe = await opened(streams, seen)
    schedule = Schedule({"icmp": probe}, seen, streams)
    began = time.monotonic()
    schedule.start(checks)
    if stall:
        await asyncio.sleep(0.3)
        time.sleep(stall)  # noqa: ASYNC251 - the stall that is tested
    while time.monotonic() - began < 2.0 + stall:
        await asyncio.sleep(0.01)
        time.sleep(0.2)  # noqa: ASYNC251 - the load that is tested
    ended = time.monotonic()
    for round_ in schedule._rounds.values():
        round_.begin(ended, probe, seen)
        round_.advance(ended, probe, seen)
    schedule.stop()
    await settled(probe)
    await probe.close()
    due = len(checks) * (ended - began) / interval
    assert abs(seen.slots.total() - due) <= len(checks), (seen.slots, due)
    assert seen.slots["skipped"] > 0
    assert seen.counts["sent"] == seen.slots["run"] + seen.slots["late"]
    assert seen.counts["received"] == seen.counts["sent"]
    assert seen.longest < 0.2, "a stall lengthened a round trip"


async def test_two_echoes_of_a_stream_are_told_in_two_reports(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_module, "LAUNCH_POLL_INTERVAL", 60.0)
    _, streams = make_streams(2)
    probe = await opened(streams, seen)
    for rows in ([0, 1], [1], [1]):
        probe.launch_streams(np.array(rows), np.zeros(len(rows)))
    await settled(probe)
    await probe.close()
    assert seen.batches == [[0, 1], [1], [1]]


async def test_streams_of_all_kinds_go_side_by_side(seen: Seen) -> None:
    kinds = [{}, {"size": 1400}, {"dscp": 46}, {"source": "127.7.0.9"}]
    checks = [
        make_check(site=f"s{i}", address=address, params=IcmpParams.model_validate(kind))
        for i, (kind, address) in enumerate(
            (kind, address) for kind in kinds for address in ("127.7.0.1", "::1")
        )
    ]
    streams = Streams()
    streams.watch(checks)
    probe = await opened(streams, seen)
    probe.launch_streams(streams.rows(checks), np.zeros(len(checks)))
    await settled(probe)
    assert len(probe._sockets) == 5, "a socket for each version, class and source"
    await probe.close()


async def test_a_stream_that_was_taken_out_is_told_nothing_of_its_open_echo(seen: Seen) -> None:
    checks, streams = make_streams(2)
    probe = await opened(streams, seen)
    probe.launch_streams(np.array([0, 1]), np.zeros(2))
    kept = checks[streams.rows(checks).tolist().index(0)]
    streams.watch([kept])
    probe.watch(streams, seen)
    assert len(probe._echoes) == 1
    await settled(probe)
    assert seen.batches == [[0]]
    seen.counts[Discard.REJECTED] -= 1  # the reply to the other one
    await probe.close()


async def test_an_echo_out_of_turn_is_one_of_its_stream(seen: Seen) -> None:
    checks, streams = make_streams(1)
    probe = await opened(streams, seen)
    probe.launch(checks[0], time.monotonic())
    await settled(probe)
    await probe.close()
    assert seen.counts["sent"] == seen.counts["received"] == 1
