"""Streams to reflectors of the test's own: what is found must be what was done."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from netwatch.core.result import Outcome, Reason, Result
from netwatch.net.stamped import Datagram
from netwatch.probes.stamp import PROBE, StampParams
from netwatch.probes.stamp.stream import Stream
from tests.harness.builders import make_check
from tests.harness.peers import HERE, closed_port, udp_peer
from tests.harness.probe_bench import Bench, running
from tests.harness.stalls import MAX_STALLS, SPOILED
from tests.probes.stamp.reflectors import HERE as REFLECTOR
from tests.probes.stamp.reflectors import Answers, reflecting

pytestmark = pytest.mark.slow

FAST: dict[str, Any] = {"gap": "5ms", "packets": 40, "timeout": 1.2}


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


def facts_of(result: Result) -> dict[str, float]:
    """Facts by the end of their name and the values of their labels."""
    return {
        ".".join(
            (fact.name.removeprefix("netwatch_media_"), *(v for _, v in fact.labels))
        ): fact.value
        for fact in result.facts
    }


async def test_a_clean_way(bench: Bench) -> None:
    async with reflecting() as port:
        result = await bench.measure(REFLECTOR, port=port, counts=True, **FAST)
    found = facts_of(result)
    assert result.outcome is Outcome.SUCCESS
    assert result.detail == "0 of 40 lost"
    for direction in ("round-trip", "forward", "backward"):
        assert found[f"loss_ratio.{direction}"] == 0
    assert found["loss_run_packets"] == 0
    assert found["received_dscp.forward"] == 46
    assert found["received_dscp.backward"] == 46
    assert result.duration == found["rtt_seconds.median"]
    assert 0 <= found["rtt_seconds.min"] <= found["rtt_seconds.median"] <= found["rtt_seconds.max"]
    assert found["rtt_seconds.min"] < 0.02
    assert 4.3 < found["mos.g711-plc"] <= 4.41
    assert found["rating.g711-plc"] > 88


async def test_a_clean_way_over_ipv6(bench: Bench) -> None:
    async with reflecting(address="::1") as port:
        result = await bench.measure("::1", port=port, **FAST)
    found = facts_of(result)
    assert result.detail == "0 of 40 lost"
    assert found["received_dscp.forward"] == found["received_dscp.backward"] == 46
    assert 0 <= found["rtt_seconds.min"] < 0.02


async def test_losses_are_told_by_way_and_by_run(bench: Bench) -> None:
    seen = 0

    def lose(number: int, _question: Datagram, answer: bytes) -> Answers:
        nonlocal seen
        seen = number + 1
        return [] if number in {5, 10, 11, 12, 39} else [(0.0, answer)]

    async with reflecting(lose) as port:
        result = await bench.measure(REFLECTOR, port=port, counts=True, **FAST)
    found = facts_of(result)
    assert seen == 40
    assert result.detail == "5 of 40 lost"
    assert found["loss_ratio.round-trip"] == 5 / 40
    assert found["loss_run_packets"] == 3
    # The reflector counted all up to the last answered one, so they were lost on the way back.
    assert found["loss_ratio.forward"] == 0
    assert found["loss_ratio.backward"] == 4 / 39
    assert found["mos.g711-plc"] < 4.1


async def test_losses_on_the_way_there_are_those_that_the_reflector_never_counted(
    bench: Bench,
) -> None:
    gone = {3, 4, 20}

    def renumber(number: int, _question: Datagram, answer: bytes) -> Answers:
        """As if these packets had never come."""
        if number in gone:
            return []
        count = sum(each not in gone for each in range(number))
        return [(0.0, struct.pack("!I", count) + answer[4:])]

    async with reflecting(renumber) as port:
        result = await bench.measure(REFLECTOR, port=port, counts=True, **FAST)
    found = facts_of(result)
    assert found["loss_ratio.forward"] == 3 / 40
    assert found["loss_ratio.backward"] == 0


async def test_a_reflector_that_is_not_known_to_count_tells_no_way(bench: Bench) -> None:
    async with reflecting() as port:
        result = await bench.measure(REFLECTOR, port=port, **FAST)
    assert "loss_ratio.round-trip" in facts_of(result)
    assert "loss_ratio.forward" not in facts_of(result)


async def test_delay_of_the_way_is_told_and_that_of_the_reflector_is_not(bench: Bench) -> None:
    def hold(_number: int, _question: Datagram, answer: bytes) -> Answers:
        return [(0.08, answer)]  # after its stamps were taken: on the way back

    def dawdle(_number: int, _question: Datagram, answer: bytes) -> Answers:
        later = int.from_bytes(answer[4:12], "big") + int(0.08 * 2**32)
        return [(0.08, answer[:4] + later.to_bytes(8, "big") + answer[12:])]

    async with reflecting(hold) as port:
        found = facts_of(await bench.measure(REFLECTOR, port=port, **FAST))
    assert 0.08 <= found["rtt_seconds.min"] < 0.12
    async with reflecting(dawdle) as port:
        found = facts_of(await bench.measure(REFLECTOR, port=port, **FAST))
    assert found["rtt_seconds.min"] < 0.04


async def test_jitter_and_lateness_of_one_way(bench: Bench) -> None:
    def shake(number: int, _question: Datagram, answer: bytes) -> Answers:
        return [(0.1 if number % 4 == 3 else 0.0, answer)]

    async with reflecting(shake) as port:
        result = await bench.measure(REFLECTOR, port=port, timeout=3, gap="20ms", packets=40)
    found = facts_of(result)
    assert found["late_ratio"] == 10 / 40
    assert found["jitter_seconds.backward"] > 0.02
    assert found["jitter_seconds.forward"] < 0.01
    assert found["loss_ratio.round-trip"] == 0
    assert found["mos.g711-plc"] < 3


async def test_what_comes_twice_or_is_forged_counts_once_or_not(bench: Bench) -> None:
    def echo(number: int, _question: Datagram, answer: bytes) -> Answers:
        forged = answer[:28] + bytes(8) + answer[36:]
        unknown = answer[:24] + struct.pack("!I", 9999) + answer[28:]
        honest = [] if number == 7 else [(0.0, answer), (0.0, answer)]
        return [(0.0, forged), (0.0, unknown), (0.0, b"x"), *honest]

    async with reflecting(echo) as port:
        result = await bench.measure(REFLECTOR, port=port, **FAST)
    assert result.detail == "1 of 40 lost"


async def test_time_stamps_that_cannot_be_true_are_not_believed(bench: Bench) -> None:
    def lie(_number: int, _question: Datagram, answer: bytes) -> Answers:
        return [(0.0, answer[:4] + b"\xff" * 8 + answer[12:16] + bytes(8) + answer[24:])]

    async with reflecting(lie) as port:
        found = facts_of(await bench.measure(REFLECTOR, port=port, **FAST))
    assert 0 < found["rtt_seconds.min"] < 0.02


async def test_a_short_answer_of_an_old_reflector_is_enough(bench: Bench) -> None:
    def shorten(_number: int, _question: Datagram, answer: bytes) -> Answers:
        return [(0.0, answer[:38])]

    async with reflecting(shorten) as port:
        result = await bench.measure(REFLECTOR, port=port, **FAST)
    assert result.detail == "0 of 40 lost"
    assert "received_dscp.forward" not in facts_of(result)


async def test_a_stream_looks_like_the_call(bench: Bench) -> None:
    seen: list[Datagram] = []

    def note(_number: int, question: Datagram, answer: bytes) -> Answers:
        seen.append(question)
        return [(0.0, answer)]

    async with reflecting(note) as port:
        video: dict[str, Any] = {
            "dscp": 34,
            "size": 1200,
            "gap": "10ms",
            "packets": 50,
            "codec": "none",
        }
        found = facts_of(await bench.measure(REFLECTOR, port=port, **video))
    assert {len(question.data) for question in seen} == {1200}
    assert {question.tos >> 2 for question in seen} == {34}
    assert 0.4 < (seen[-1].arrived - seen[0].arrived) / 1e9 < 1.5
    assert found["received_dscp.forward"] == 34
    assert not any(name.startswith("mos") for name in found)


async def test_nobody_there(bench: Bench) -> None:
    with closed_port() as port:
        result = await bench.measure(HERE, port=port, **FAST)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)
    async with udp_peer(lambda _: []) as (port, _):
        result = await bench.measure(HERE, port=port, **FAST)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert facts_of(result) == {"loss_ratio.round-trip": 1.0}
    async with udp_peer(lambda data: [data[::-1]]) as (port, _):
        result = await bench.measure(HERE, port=port, **FAST)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.PROTOCOL_ERROR)


async def test_what_others_send_is_no_answer(bench: Bench) -> None:
    elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    elsewhere.bind((REFLECTOR, 0))

    def deceive(_number: int, question: Datagram, answer: bytes) -> Answers:
        elsewhere.sendto(answer, question.source)
        return []

    with elsewhere:
        async with reflecting(deceive) as port:
            result = await bench.measure(REFLECTOR, port=port, **FAST)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)


async def at_once(bench: Bench, *streams: dict[str, Any]) -> list[Result]:
    """Streams of one probe at the same time, each by its keys; results in the same order.

    What this machine spoils is measured again.
    """
    for _ in range(MAX_STALLS):
        results = await _at_once(bench, *(dict(keys) for keys in streams))
        if not SPOILED & {result.detail for result in results}:
            return results
    raise AssertionError(f"this machine spoiled {MAX_STALLS} slots in a row")


async def _at_once(bench: Bench, *streams: dict[str, Any]) -> list[Result]:
    for number, keys in enumerate(streams):
        target, address = f"codec-{number}", keys.pop("address", REFLECTOR)
        params = StampParams.model_validate({"gap": "5ms", "packets": 40} | keys)
        check = make_check("stamp", target=target, address=address, timeout=1.2, params=params)
        bench.probe.launch(check, time.monotonic())
    results = [await bench.reports.get() for _ in streams]
    found = {one.check.target: one for one in results if isinstance(one, Result)}
    return [found[f"codec-{number}"] for number in range(len(streams))]


async def test_a_flood_spoils_its_own_stream_only(bench: Bench) -> None:
    def flood(number: int, _question: Datagram, answer: bytes) -> Answers:
        return [(0.0, answer)] * (3000 if number == 1 else 1)

    async with reflecting(flood) as port, reflecting() as other:
        flooded, clean = await at_once(bench, {"port": port}, {"port": other})
    assert (flooded.outcome, flooded.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)
    assert flooded.detail == "answers were dropped by this machine"
    assert clean.detail == "0 of 40 lost"


async def test_a_refusal_ends_its_own_stream_only(bench: Bench) -> None:
    with closed_port() as closed:
        async with reflecting() as port:
            refused, clean = await at_once(bench, {"address": HERE, "port": closed}, {"port": port})
    assert (refused.outcome, refused.reason) == (Outcome.FAILURE, Reason.REFUSED)
    assert clean.detail == "0 of 40 lost"


async def test_a_mistake_of_ours_spoils_one_stream_only(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, count = Stream.send, 0

    def stumble(stream: Stream) -> int:
        nonlocal count
        count += 1
        if count == 5:
            raise RuntimeError("a mistake")
        return send(stream)

    monkeypatch.setattr(Stream, "send", stumble)
    async with reflecting() as port:
        results = await at_once(bench, *({"port": port} for _ in range(3)))
    assert sorted(result.detail for result in results) == ["0 of 40 lost"] * 2 + [
        "internal error of the probe; see the log"
    ]


async def test_streams_at_the_same_time_have_gaps_of_their_own(bench: Bench) -> None:
    seen: dict[int, list[int]] = {}

    def note(_number: int, question: Datagram, answer: bytes) -> Answers:
        seen.setdefault(len(question.data), []).append(question.arrived)
        return [(0.0, answer)]

    gaps = {100: 0.005, 200: 0.02, 300: 0.033}
    async with reflecting(note) as port:
        results = await at_once(
            bench,
            *(
                {"port": port, "packets": 20, "size": size, "gap": f"{round(gap * 1000)}ms"}
                for size, gap in gaps.items()
            ),
        )
    assert {result.detail for result in results} == {"0 of 20 lost"}
    for size, gap in gaps.items():
        mean = (seen[size][-1] - seen[size][0]) / 19e9
        assert mean > 0.9 * gap  # longer is possible on a busy machine; shorter would be a burst


async def test_a_stalled_loop_is_not_the_line_s_fault(bench: Bench) -> None:
    async with reflecting() as port:
        measuring = asyncio.create_task(
            bench.measure_once(bench.check(REFLECTOR, 0.8, port=port, gap="5ms", packets=60))
        )
        await asyncio.sleep(0.1)
        time.sleep(1)  # noqa: ASYNC251 - the stall that is tested
        result = await measuring
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)


async def test_many_streams_at_once(bench: Bench) -> None:
    async with reflecting() as port:
        other = [running(PROBE) for _ in range(2)]
        async with other[0] as first, other[1] as second:
            results = await asyncio.gather(
                *(each.measure(REFLECTOR, port=port, **FAST) for each in (bench, first, second))
            )
    assert {result.detail for result in results} == {"0 of 40 lost"}


def test_a_stream_must_fit_its_timeout_and_the_line() -> None:
    assert StampParams().shortest_timeout == pytest.approx(99 * 0.02 + 0.5)
    with pytest.raises(ValueError, match=r"2\.4 Mbit/s; a stream may have 2"):
        StampParams.model_validate({"size": 1472, "gap": "5ms"})
    assert StampParams().qualifier == "862/dscp46"
