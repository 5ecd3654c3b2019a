"""Answers that are odd in their form: what can be taken is taken, and nothing is taken for more."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from netwatch.core.result import Outcome, Reason, Result
from netwatch.flows.block import Block, block_in
from netwatch.lab.ber import Oid
from tests.harness.hostile_agents import (
    END_OF_MIB_VIEW,
    GET,
    GET_BULK,
    IF_ENTRY,
    IFX_ENTRY,
    NO_SUCH_INSTANCE,
    SYSTEM_UP_TIME,
    Behaviour,
    Request,
    agents,
    integer,
    play,
    text,
)
from tests.harness.snmp_devices import (
    JUST_NOW,
    SYSTEM,
    Objects,
    asks_below,
    device,
    error,
    garbage,
    interfaces,
    keys,
    lives,
    shows,
)
from tests.harness.snmp_polls import check, poll
from tests.harness.snmpd import COMMUNITY

NAMED: Objects = device() | {(*SYSTEM, 5, 0): text(b"sw"), (*SYSTEM, 6, 0): text(b"xa")}


def bound(request: Request, objects: Objects) -> list[tuple[Oid, bytes]]:
    """What ``play`` binds in its answer."""
    if request.kind == GET:
        return [(name, objects.get(name, NO_SUCH_INSTANCE)) for name in request.names]
    later = [name for name in sorted(objects) if name > request.names[0]]
    found = [(name, objects[name]) for name in later[: request.repetitions]]
    return found or [(request.names[0], END_OF_MIB_VIEW)]


def reordered(request: Request) -> bytes:
    given = bound(request, NAMED)
    return request.answer(*(given[::-1] if request.kind == GET else given))


def one_at_a_time(request: Request) -> bytes:
    return play(replace(request, repetitions=min(1, request.repetitions)), NAMED)


def more_than_asked(request: Request) -> bytes:
    asked = request.repetitions + (3 if request.kind == GET_BULK else 0)
    return play(replace(request, repetitions=asked), NAMED)


def no_such_name(request: Request) -> bytes:
    """As SNMP v1 has it: one object that is missing costs the whole answer (RFC 1157, 4.1.2)."""
    given = bound(request, NAMED)
    missing = any(value in {NO_SUCH_INSTANCE, END_OF_MIB_VIEW} for _, value in given)
    names = ((name, b"\x05\x00") for name in request.names)
    return request.answer(*names, error=2) if missing else request.answer(*given)


def an_end_in_the_middle(request: Request) -> bytes:
    """RFC 3416, 4.2.3: what follows endOfMibView is endOfMibView, too."""
    given = bound(request, NAMED)
    if request.kind == GET_BULK and len(given) < request.repetitions:
        given += [(given[-1][0], END_OF_MIB_VIEW)] * 3
    return request.answer(*given)


TAKEN: dict[str, Behaviour] = {
    "objects in another order": reordered,
    "one object at a time": one_at_a_time,
    "more objects than were asked for": more_than_asked,
    "noSuchName of SNMP v1": no_such_name,
    "several ends": an_end_in_the_middle,
}


@pytest.mark.parametrize("behaviour", TAKEN.values(), ids=list(TAKEN))
async def test_what_is_odd_and_clear_is_taken(behaviour: Behaviour) -> None:
    (sound,) = await lives(shows(NAMED))
    for result in await lives(behaviour, behaviour):
        assert (result.outcome, result.reason) == (Outcome.SUCCESS, Reason.OK)
        assert interfaces(result) == interfaces(sound)
        assert ("sysLocation", (("sysLocation", "xa"),)) in keys(result)


@pytest.mark.parametrize("status", [1, 2, 5, 16], ids=["tooBig", "noSuchName", "genErr", "16"])
async def test_an_error_even_for_one_object_ends_the_table_and_not_the_poll(status: int) -> None:
    def broken(request: Request) -> bytes:
        if not asks_below(request, IFX_ENTRY):
            return play(request, NAMED)
        return request.answer(*((name, b"\x05\x00") for name in request.names), error=status)

    first, second = await lives(broken, broken)
    assert first.samples.incomplete == ("interfaces",)
    for result in (first, second):
        assert (result.outcome, result.reason) == (Outcome.SUCCESS, Reason.OK)
        assert ("sysLocation", (("sysLocation", "xa"),)) in keys(result)


def same_again(request: Request) -> bytes:
    name = (*IF_ENTRY, 2, 1)
    if request.kind == GET or request.names[0] < name:
        return play(request, NAMED)
    return request.answer(*[(name, text(b"port1"))] * max(1, request.repetitions))


def back_to_the_first(request: Request) -> bytes:
    if request.kind == GET or not asks_below(request, (*IF_ENTRY, 8)):
        return play(request, NAMED)
    return request.answer(((*IF_ENTRY, 2, 1), text(b"port1")))


@pytest.mark.parametrize("behaviour", [same_again, back_to_the_first])
async def test_identifiers_that_do_not_increase_are_not_followed(behaviour: Behaviour) -> None:
    for result in await lives(behaviour, behaviour):
        assert result.reason in {Reason.BAD_AGENT, Reason.OK}
        assert not {key for key in interfaces(result) if key[0] == "ifHCInOctets"} or (
            result.outcome is Outcome.SUCCESS
        )
        assert len(result.samples.series) < 100


@pytest.mark.parametrize(
    "value",
    [
        text(b"100"),
        text(b"\0\0\0\0\0\0\0\x64"),
        integer(-1),
        integer(2**64, 0x46),
        b"\x40\x04\x0a\x00\x00\x01",
        b"\x05\x00",
        b"\x46\x00",
    ],
    ids=["digits", "octets", "negative", "65 bits", "address", "null", "empty"],
)
async def test_a_counter_that_is_none_is_no_number(
    value: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    objects = NAMED | {(*IFX_ENTRY, 6, 2): value}
    for result in await lives(*[shows(objects)] * 2):
        read = {
            dict(labels)["ifIndex"]: number
            for (name, labels), number in zip(
                result.samples.series, result.samples.values, strict=True
            )
            if name == "ifHCInOctets"
        }
        assert (read["1"], read["3"]) == (100, 300)
        assert read.get("2", 0) in {0, 2**64 - 1}  # an empty number is a 0 (X.690, 8.3)
        assert len([key for key in interfaces(result) if key[0] == "ifOperStatus"]) == 3
    capfd.readouterr()


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        (b"up\0down", "up down"),
        (b"\xff\xfe", "\N{REPLACEMENT CHARACTER}" * 2),
        ("Xã Tân Kỳ".encode(), "Xã Tân Kỳ"),
        (b"a\r\nb\tc", "a b c"),
        (b'quote " and \\', 'quote " and \\'),
        (b"x" * 300, "x" * 128),
        (b"", ""),
    ],
)
async def test_names_of_any_octets(octets: bytes, shown: str) -> None:
    objects = NAMED | {(*IFX_ENTRY, 18, 1): text(octets)}
    (result,) = await lives(shows(objects))
    aliases = {dict(labels)["ifAlias"] for _, labels in interfaces(result)}
    assert aliases == {shown, "uplink"}


async def test_two_ports_of_one_name_are_two_series() -> None:
    objects = NAMED | {(*IFX_ENTRY, 1, 2): text(b"p1"), (*IF_ENTRY, 2, 2): text(b"port1")}
    (result,) = await lives(shows(objects))
    assert len(interfaces(result)) == 6


async def test_a_number_that_belongs_to_another_port_after_a_restart_has_its_name() -> None:
    """The module of port 2 is gone: what was port 3 is number 2 now."""
    after = {oid: value for oid, value in device(JUST_NOW).items() if oid[-1] != 3}
    after |= {(*IFX_ENTRY, 1, 2): text(b"p3"), (*IF_ENTRY, 2, 2): text(b"port3")}
    first, second = await lives(shows(device()), shows(after))
    named = [
        {(dict(labels)["ifIndex"], dict(labels)["ifName"]) for _, labels in interfaces(result)}
        for result in (first, second)
    ]
    assert named == [{("1", "p1"), ("2", "p2"), ("3", "p3")}, {("1", "p1"), ("2", "p3")}]


def other_request(request: Request) -> bytes:
    return request.answer(*bound(request, NAMED), other_id=True)


async def silent_but_for(agent: Behaviour) -> Result:
    async with agents(agent) as (opened,):
        return await poll(check(opened.port, COMMUNITY, timeout=1.0))


async def test_an_answer_to_another_question_is_none() -> None:
    result = await silent_but_for(other_request)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)


class FallsSilent:
    """Answers a few requests, and then nobody."""

    def __init__(self, answers: int, sound: Behaviour) -> None:
        self.left = answers
        self.sound = sound

    def __call__(self, request: Request) -> bytes | None:
        self.left -= 1
        if self.left < 0:
            return None
        answer = self.sound(request)
        assert isinstance(answer, bytes)
        return answer


@pytest.mark.parametrize("sound", [error, garbage, shows({SYSTEM_UP_TIME: integer(1, 0x43)})])
async def test_what_crossed_once_is_proof_however_the_poll_ends(
    sound: Behaviour, capfd: pytest.CaptureFixture[str]
) -> None:
    result = await silent_but_for(FallsSilent(1, sound))
    assert result.crossed
    assert block_in(result) is None
    capfd.readouterr()


async def test_who_never_answers_has_crossed_nothing() -> None:
    result = await silent_but_for(FallsSilent(0, error))
    assert (result.crossed, block_in(result)) == (False, Block.DROP)
    await asyncio.sleep(0)
