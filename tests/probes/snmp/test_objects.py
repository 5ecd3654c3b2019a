"""``snmp walk`` and ``inventory suggest`` go as far as a poll does, whatever the agent can't do."""

from __future__ import annotations

import pytest

from netwatch.core.check import Check
from netwatch.core.credential import Credential
from netwatch.core.result import Reason
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.objects import objects
from netwatch.probes.snmp.params import SnmpParams
from netwatch.snmp.values import Value
from tests.harness.hostile_agents import (
    GET_BULK,
    IF_ENTRY,
    Behaviour,
    Request,
    agents,
    integer,
    play,
)
from tests.harness.snmp_devices import device, empty, error
from tests.harness.snmp_polls import check
from tests.harness.snmpd import COMMUNITY, USERS, Snmpd
from tests.probes.snmp.test_strange_agents import UNKNOWN_TYPE, looping

OBJECTS = device()
NAMES = [".".join(map(str, oid)) for oid in sorted(OBJECTS)]


async def listed(behaviour: Behaviour, root: str = "1.3.6.1") -> list[str]:
    async with agents(behaviour) as (agent,):
        return list(await everything(check(agent.port, COMMUNITY, timeout=20.0), root))


async def everything(one: Check[SnmpParams], root: str) -> dict[str, Value]:
    return {oid: value async for oid, value in objects(one, root)}


def too_much(request: Request) -> bytes:
    """Answers more than two objects at once without any, as some agents do over v3."""
    return empty(request) if request.repetitions > 2 else play(request, OBJECTS)


def without_bulk(request: Request) -> bytes:
    return error(request) if request.kind == GET_BULK else play(request, OBJECTS)


@pytest.mark.parametrize("behaviour", [too_much, without_bulk])
async def test_every_object_is_listed(behaviour: Behaviour) -> None:
    assert await listed(behaviour) == NAMES


async def test_an_object_that_cannot_be_read_is_left_out(
    capfd: pytest.CaptureFixture[str],
) -> None:
    unreadable = (*IF_ENTRY, 8, 2)
    found = await listed(lambda request: play(request, OBJECTS | {unreadable: UNKNOWN_TYPE}))
    assert found == [name for name in NAMES if name != ".".join(map(str, unreadable))]
    capfd.readouterr()


async def test_an_identifier_whose_second_number_is_large_is_listed_as_it_is() -> None:
    found = await listed(lambda request: play(request, {(2, 999, 1, 0): integer(1)}), "2.999")
    assert found == ["2.999.1.0"]


async def test_an_error_is_told_because_there_may_be_more() -> None:
    def breaks(request: Request) -> bytes:
        return error(request) if request.names[0] >= IF_ENTRY else play(request, OBJECTS)

    with pytest.raises(PollError, match="answers with an error") as raised:
        await listed(breaks)
    assert raised.value.reason is Reason.PROTOCOL_ERROR


async def test_names_that_grow_and_grow_are_not_followed() -> None:
    def growing(request: Request) -> bytes:
        return request.answer(((*request.names[0], *[1] * 20), integer(1)))

    with pytest.raises(PollError, match="without end"):
        await listed(growing)


async def test_an_agent_that_goes_round_is_left() -> None:
    with pytest.raises(PollError, match="repeats itself"):
        await listed(looping)


@pytest.mark.parametrize(
    "credential", [COMMUNITY, USERS["sha256-aes128"], USERS["md5-None"]], ids=["v2c", "v3", "auth"]
)
async def test_a_real_agent_lists_what_snmpbulkwalk_lists(
    snmpd: Snmpd, credential: Credential
) -> None:
    found = await everything(check(snmpd.port, credential, timeout=20.0), "1.3.6.1.2.1.1")
    lines = [line for line in snmpd.walk("1.3.6.1.2.1.1") if line.startswith(".1.")]
    assert list(found) == [line.split(" ", 1)[0].lstrip(".") for line in lines]
