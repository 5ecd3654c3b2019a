"""Agents that lie, babble or keep silent: each costs only itself."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netwatch.core.result import Outcome, Reason, Result
from netwatch.probes.snmp import probe as probe_module
from tests.harness.hostile_agents import (
    GET,
    IF_ENTRY,
    IFX_ENTRY,
    SYSTEM_UP_TIME,
    Behaviour,
    Request,
    agents,
    honest,
    integer,
    text,
    tlv,
)
from tests.harness.snmp_polls import Polls, check, poll, values
from tests.harness.snmpd import COMMUNITY

pytestmark = pytest.mark.slow

HONEST = {
    ("sysUpTime", ""): 100,
    ("ifOperStatus", "1"): 1,
    ("ifOperStatus", "2"): 1,
    ("ifHCInOctets", "1"): 1001,
    ("ifHCInOctets", "2"): 1002,
}


def walking(bulk: Behaviour) -> Behaviour:
    """An agent that is honest about itself, and hostile about its tables."""
    return lambda request: request.system() if request.kind == GET else bulk(request)


def endless_rows(request: Request) -> bytes:
    name = request.names[0]
    start = name[-1] if len(name) > len(IFX_ENTRY) else 0
    rows = range(start + 1, start + 1 + request.repetitions)
    return request.answer(*(((*IFX_ENTRY, 6, row), integer(1, 0x46)) for row in rows))


def endless_columns(request: Request) -> bytes:
    name = request.names[0]
    start = name[len(IFX_ENTRY)] if len(name) > len(IFX_ENTRY) else 0
    columns = range(start + 1, start + 1 + request.repetitions)
    return request.answer(*(((*IFX_ENTRY, column, 1), integer(1)) for column in columns))


def the_same(request: Request) -> bytes:
    return request.answer(((*IFX_ENTRY, 6, 1), integer(1, 0x46)))


def backwards(request: Request) -> bytes:
    return request.answer(*(((*IFX_ENTRY, 6, each), integer(1, 0x46)) for each in (9, 8, 7)))


def the_root_itself(request: Request) -> bytes:
    return request.answer((IFX_ENTRY, integer(1)))


def very_long_name(request: Request) -> bytes:
    return request.answer(((*IFX_ENTRY, 6, *([4_000_000_000] * 200)), integer(1)))


def name_of_many_parts(request: Request) -> bytes:
    """More than the 128 that an object identifier may have (RFC 2578, section 3.5)."""
    return request.answer(((*IFX_ENTRY, 6, *([1] * 200)), integer(1)))


def longer_and_longer_names(request: Request) -> bytes:
    """Each behind the one that was asked for, for ever."""
    asked = request.names[0]
    base = asked if len(asked) > len(IFX_ENTRY) + 1 else (*IFX_ENTRY, 6, 1)
    return request.answer(((*base, *([1] * 20)), integer(1)))


def garbage(request: Request) -> bytes:
    return b"\x30\x8a\xff"


def truncated(request: Request) -> bytes:
    return honest(request)[:-3]


def huge(request: Request) -> bytes:
    return request.answer(*(((*IFX_ENTRY, 1, each), text(b"x" * 900)) for each in range(1, 30)))


def empty_binding(request: Request) -> bytes:
    head = tlv(2, request.id) + integer(0) + integer(0)
    return request.message(head + tlv(0x30, tlv(0x30, b"")))


def wrong_id(request: Request) -> bytes:
    return request.answer((SYSTEM_UP_TIME, integer(1, 0x43)), other_id=True)


def wrong_community(request: Request) -> bytes:
    return replace(request, community=b"other").answer((SYSTEM_UP_TIME, integer(1, 0x43)))


def cycle(request: Request) -> bytes:
    """One row after the other, each behind the one that was asked for, and round again."""
    row = request.names[0][-1] if len(request.names[0]) > len(IFX_ENTRY) + 1 else 0
    return request.answer(((*IFX_ENTRY, 6, row % 5 + 1), integer(1, 0x46)))


def too_big(request: Request) -> bytes:
    return request.answer(error=1)


def as_long_as_a_datagram(request: Request) -> bytes:
    return request.answer((SYSTEM_UP_TIME, text(b"x" * 65_000)))


def continuing_name(request: Request) -> bytes:
    """An object identifier that goes on and on (CVE-2026-23490 of pyasn1)."""
    name = tlv(6, b"\x2b" + b"\x81" * 60_000 + b"\x01")
    return request.raw(tlv(0x30, tlv(0x30, name + integer(1))))


def nested(request: Request) -> bytes:
    inner = b"\x05\x00"
    for _ in range(10_000):
        inner = tlv(0x30, inner)
    return request.raw(inner)


def negative_length(request: Request) -> bytes:
    return request.raw(b"\x30\x84\xff\xff\xff\xff" + integer(1))


def indefinite_length(request: Request) -> bytes:
    return request.raw(b"\x30\x80" + integer(1) + b"\x00\x00")


def silent(request: Request) -> None:
    return None


def nothing_there(request: Request) -> bytes:
    return request.answer(error=5)


async def slow(request: Request) -> bytes:
    await asyncio.sleep(60)
    return honest(request)


FAILING: dict[str, tuple[Behaviour, Reason]] = {
    "the same object": (walking(the_same), Reason.BAD_AGENT),
    "backwards": (walking(backwards), Reason.BAD_AGENT),
    "the root itself": (walking(the_root_itself), Reason.BAD_AGENT),
    "very long name": (walking(very_long_name), Reason.BAD_AGENT),
    "name of many parts": (walking(name_of_many_parts), Reason.BAD_AGENT),
    "longer and longer names": (walking(longer_and_longer_names), Reason.BAD_AGENT),
    "cycle": (walking(cycle), Reason.BAD_AGENT),
    "a million interfaces": (walking(endless_rows), Reason.BAD_AGENT),
    "garbage": (garbage, Reason.PROTOCOL_ERROR),
    "64 KiB in one object": (as_long_as_a_datagram, Reason.PROTOCOL_ERROR),
    "name without end": (continuing_name, Reason.PROTOCOL_ERROR),
    "nested 10 000 times": (nested, Reason.PROTOCOL_ERROR),
    "negative length": (negative_length, Reason.PROTOCOL_ERROR),
    "indefinite length": (indefinite_length, Reason.PROTOCOL_ERROR),
    "always too big": (too_big, Reason.PROTOCOL_ERROR),
    "truncated": (truncated, Reason.PROTOCOL_ERROR),
    "empty binding": (empty_binding, Reason.PROTOCOL_ERROR),
    "nothing there": (nothing_there, Reason.PROTOCOL_ERROR),
    "wrong request id": (wrong_id, Reason.TIMEOUT),
    "wrong community": (wrong_community, Reason.TIMEOUT),
    "silent": (silent, Reason.TIMEOUT),
    "slow": (slow, Reason.TIMEOUT),
}
PARTIAL: dict[str, Behaviour] = {
    "table silent": walking(silent),
    "table garbage": walking(garbage),
    "table too large for any answer": walking(huge),
}


def system_only(result: Result) -> bool:
    return [sample.name for sample in result.samples] == ["sysUpTime"]


UNHEARD = {"wrong request id", "wrong community", "silent", "slow"}
"""No answer of theirs is one, so their polls end with their time."""


async def test_an_honest_agent_beside_hostile_ones(capfd: pytest.CaptureFixture[str]) -> None:
    hostile = [behaviour for behaviour, _ in FAILING.values()] + list(PARTIAL.values())
    names = ["honest", *FAILING, *PARTIAL]
    async with agents(honest, *hostile) as opened:
        checks = [
            check(agent.port, COMMUNITY, target=name, timeout=4.0 if name in UNHEARD else 12.0)
            for name, agent in zip(names, opened, strict=True)
        ]
        results = {}
        for one, result in zip(checks, await Polls().run(*checks), strict=True):
            # This machine may have been held up at the end of a poll.
            invalid = result.outcome is Outcome.INVALID
            results[one.target] = await poll(one) if invalid else result
    assert values(results["honest"]) == HONEST
    assert (results["honest"].outcome, results["honest"].detail) == (Outcome.SUCCESS, "")
    for name, (_, reason) in FAILING.items():
        result = results[name]
        assert (name, result.outcome, result.reason) == (name, Outcome.FAILURE, reason)
        assert not result.samples
        assert len(result.detail) < 200
    for name in PARTIAL:
        result = results[name]
        assert (name, result.outcome) == (name, Outcome.SUCCESS)
        assert system_only(result)
        assert result.detail.startswith("incomplete: interfaces")
    capfd.readouterr()  # gufo_snmp's panics go to stderr


async def test_endless_columns_are_not_followed() -> None:
    async with agents(walking(endless_columns)) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, profiles=["if_mib"]))
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
    assert len(agent.requests) < 10


async def test_nothing_listens() -> None:
    async with agents(silent) as (agent,):
        port = agent.port
    result = await poll(check(port, COMMUNITY))
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)


async def test_no_route() -> None:
    result = await poll(check(161, COMMUNITY, address="fe80::1"))
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)


async def test_a_lost_answer_is_asked_for_again() -> None:
    turns = itertools.count()

    def lossy(request: Request) -> bytes | None:
        return honest(request, interfaces=20) if next(turns) % 6 else None

    async with agents(lossy) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, timeout=16.0))
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
    assert values(result)["ifHCInOctets", "20"] == 1020
    asked = [tuple(request.names) for request in agent.requests]
    assert len(asked) > len(set(asked)), "nothing was lost"


async def test_an_agent_slower_than_the_first_wait_is_polled() -> None:
    async def sluggish(request: Request) -> bytes:
        await asyncio.sleep(1.2)
        return honest(request)

    async with agents(sluggish) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, timeout=8.0, profiles=["system"]))
    assert system_only(result)
    assert len(agent.requests) > 1, "the first wait was long enough: this tests nothing"


async def test_an_answer_too_long_to_read_is_asked_for_in_parts() -> None:
    wide = partial(honest, interfaces=30, name=b"x" * 250)
    async with agents(wide) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, max_repetitions=25))
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
    assert values(result)["ifHCInOctets", "30"] == 1030
    for sample in result.samples:
        assert all(len(value) <= 128 for _, value in sample.labels)


@pytest.mark.parametrize("most", [1, 3])
async def test_an_agent_that_can_send_little_at_once(most: int) -> None:
    """It says tooBig to what is more than its buffer holds, in GET as in GETBULK."""

    def small(request: Request) -> bytes:
        asked = len(request.names) if request.kind == GET else request.repetitions
        return too_big(request) if asked > most else honest(request)

    polls = Polls()
    async with agents(small) as (agent,):
        one = check(agent.port, COMMUNITY)
        for _ in range(2):
            asked = len(agent.requests)
            (result,) = await polls.run(one)
            assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
            assert values(result) == HONEST
        refused = [r for r in agent.requests[asked:] if r.kind != GET and r.repetitions > most]
    assert not refused, "what it could not do was not learnt"


async def test_a_device_with_very_many_interfaces_is_capped_and_flagged() -> None:
    async with agents(partial(honest, interfaces=1000)) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, timeout=10, max_series=2000))
    assert result.outcome is Outcome.SUCCESS
    assert result.detail == "too many rows: interfaces"
    assert result.samples.capped
    assert 1990 <= len(result.samples) <= 2000


async def test_an_error_in_the_middle_of_a_table_is_told() -> None:
    def breaks(request: Request) -> bytes:
        if request.names[0] >= (*IF_ENTRY, 8, 0) and request.names[0] < IFX_ENTRY:
            return request.answer(error=5)
        if request.names[0][: len(IF_ENTRY)] == IF_ENTRY:
            bindings = [((*IF_ENTRY, 2, each), text(b"a")) for each in (1, 2)]
            return request.answer(*bindings, ((*IF_ENTRY, 8, 1), integer(1)))
        return honest(request)

    async with agents(breaks) as (agent,):
        result = await poll(check(agent.port, COMMUNITY))
    assert result.outcome is Outcome.SUCCESS
    assert result.samples.incomplete == ("interfaces", "processors", "storage")
    assert result.detail == "incomplete: interfaces, processors, storage"
    assert values(result)["ifOperStatus", "1"] == 1


async def test_too_many_polls_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_module, "MAX_CONCURRENT", 1)
    polls = Polls()
    async with agents(honest, honest) as (one, two):
        first, second = await polls.run(
            check(one.port, COMMUNITY, target="first"), check(two.port, COMMUNITY, target="second")
        )
    assert first.outcome is Outcome.SUCCESS
    assert (second.outcome, second.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_to_an_answer_ends_in_a_result(
    data: st.DataObject, capfd: pytest.CaptureFixture[str]
) -> None:
    changes = data.draw(
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4)
    )

    def mangled(request: Request) -> bytes:
        answer = bytearray(honest(request))
        for at, octet in changes:
            answer[at % len(answer)] = octet
        return bytes(answer)

    async def once() -> Result:
        async with agents(mangled) as (agent,):
            return await poll(check(agent.port, COMMUNITY, timeout=0.1))

    result = asyncio.run(once())
    assert result.outcome is not Outcome.INVALID
    has_none = "has none of the objects" in result.detail  # which is an answer
    assert bool(result.samples) == (result.outcome is Outcome.SUCCESS and not has_none)
    capfd.readouterr()
