"""Routers that do what none should: nothing is measured, and it is told why."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.core.result import Outcome, Reason
from netwatch.lab.ber import oid
from netwatch.probes.remote_ping import RemotePingProbe
from netwatch.probes.tasks import Measured
from tests.harness.hostile_agents import GET, Behaviour, Request, agents, integer, text, tlv
from tests.probes.remote_ping.routers import PING_CTL, PING_HISTORY, SYS_UP_TIME, Oid
from tests.probes.remote_ping.test_vendors import BY_NAME, check

INDEX: Oid = (3, *b"noc", 2, *b"gw")
NO_SUCH_INSTANCE = b"\x81\x00"
TARGET = text(bytes((10, 16, 0, 20)))


def now() -> bytes:
    moment = time.gmtime()
    return text(moment.tm_year.to_bytes(2, "big") + bytes((*moment[1:6], 0)) + b"+\0\0")


def single(request: Request, target: bytes = TARGET) -> bytes:
    """An honest answer to the question for single objects."""
    known = {(*PING_CTL, 4, *INDEX): target, SYS_UP_TIME: integer(100, 0x43)}
    return request.answer(*((name, known.get(name, NO_SUCH_INSTANCE)) for name in request.names))


def rows(request: Request, *cells: tuple[int, int, bytes]) -> bytes:
    """The next of these cells: column, row, value."""
    table = [((*PING_HISTORY, column, *INDEX, row), value) for column, row, value in cells]
    table.append(((*PING_HISTORY, 9, 9), integer(1)))
    later = [each for each in table if each[0] > request.names[0]]
    return request.answer(*later[: request.repetitions])


def pinged(*cells: tuple[int, int, bytes], target: bytes = TARGET) -> Behaviour:
    return lambda request: single(request, target) if request.kind == GET else rows(request, *cells)


async def measured(behaviour: Behaviour, timeout: float = 5.0) -> Measured:
    probe = RemotePingProbe(lambda _: None)
    async with agents(behaviour) as (agent,):
        one = check(agent.port, "disman_ping", BY_NAME)
        async with asyncio.timeout(timeout):
            return await probe.measure(one)


def assert_unknown(found: Measured, reason: Reason, words: str) -> None:
    assert (found.outcome, found.reason) == (Outcome.INVALID, reason), found.detail
    assert words in found.detail


async def test_the_honest_one_is_believed() -> None:
    behaviour = pinged((2, 1, integer(5, 0x42)), (3, 1, integer(1)), (5, 1, now()))
    found = await measured(behaviour)
    assert found.outcome is Outcome.SUCCESS, found.detail


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([(3, 1, text(b"1")), (5, 1, now())], "no number"),
        ([(3, 1, integer(1)), (5, 1, integer(7))], "no date"),
        ([(3, 1, integer(1)), (5, 1, text(b"12345678901"))], "no date"),
        ([(3, 1, integer(1)), (5, 1, text(b""))], "no date"),
        ([(2, 1, text(b"x")), (3, 1, integer(1)), (5, 1, now())], "no time"),
        ([(2, 1, integer(2**32 - 1, 0x42)), (3, 1, integer(1)), (5, 1, now())], "no time"),
    ],
)
async def test_values_of_a_wrong_kind(cells: list[tuple[int, int, bytes]], words: str) -> None:
    assert_unknown(await measured(pinged(*cells)), Reason.BAD_AGENT, words)


async def test_a_table_without_end() -> None:
    def endless(request: Request) -> bytes:
        if request.kind == GET:
            return single(request)
        *_, row = request.names[0] if len(request.names[0]) > 18 else (0,)
        column = request.names[0][: len(PING_HISTORY) + 1]
        more = range(row + 1, row + 1 + request.repetitions)
        return request.answer(*(((*column, *INDEX, each), now()) for each in more))

    assert_unknown(await measured(endless), Reason.BAD_AGENT, "has no end")


async def test_a_table_that_goes_backwards() -> None:
    def repeating(request: Request) -> bytes:
        if request.kind == GET:
            return single(request)
        column = request.names[0][: len(PING_HISTORY) + 1]
        return request.answer(((*column, *INDEX, 1), now()))

    assert_unknown(await measured(repeating), Reason.BAD_AGENT, "repeats itself")


async def test_a_target_that_is_no_address() -> None:
    found = await measured(pinged((3, 1, integer(1)), (5, 1, now()), target=text(b"host")))
    assert_unknown(found, Reason.NO_RESULT, "the operation pings 104.111.115.116, not 10.16.0.20")
    found = await measured(pinged((3, 1, integer(1)), (5, 1, now()), target=text(b"10.16.0.20")))
    assert_unknown(found, Reason.NO_RESULT, "no such operation, or none with an address")


async def test_no_history() -> None:
    assert_unknown(await measured(pinged()), Reason.NO_RESULT, "no results, or keeps no history")


async def test_a_probe_without_outcome_yet_is_left_for_the_next_look() -> None:
    assert_unknown(await measured(pinged((5, 1, now()))), Reason.NO_RESULT, "no results")


async def test_garbage_is_no_answer() -> None:
    garbage = tlv(0x30, oid((1, 3)))
    assert_unknown(await measured(lambda _: garbage), Reason.NO_RESULT, "not readable")


async def test_a_silent_router_proves_no_block() -> None:
    probe = RemotePingProbe(lambda _: None)
    async with agents(lambda _: None) as (agent,):
        one = check(agent.port, "disman_ping", BY_NAME, timeout=0.3)
        assert_unknown(await probe.measure(one), Reason.NO_RESULT, "no answer")


async def test_without_a_credential_nobody_is_asked() -> None:
    one = check(1, "disman_ping", BY_NAME, credential=None)
    found = await RemotePingProbe(lambda _: None).measure(one)
    assert_unknown(found, Reason.LOCAL_ERROR, "no credential")


VALUES = st.builds(
    tlv,
    st.sampled_from([0x01, 0x02, 0x04, 0x05, 0x06, *range(0x40, 0x48), 0x80, 0x81, 0x82, 0x30]),
    st.binary(max_size=12),
)
CELLS = st.lists(
    st.tuples(st.sampled_from([2, 3, 5]), st.integers(1, 4), VALUES), unique_by=lambda c: c[:2]
)


@settings(max_examples=60, deadline=None)
@given(CELLS, VALUES)
def test_whatever_the_cells_hold_nothing_is_measured(
    cells: list[tuple[int, int, bytes]], target: bytes
) -> None:
    told = asyncio.run(measured(pinged(*sorted(cells), target=target)))
    assert told.outcome is Outcome.INVALID
    told = asyncio.run(measured(pinged(*sorted(cells))))
    assert not told.detail.startswith("internal error")
    assert told.outcome is not Outcome.SUCCESS
