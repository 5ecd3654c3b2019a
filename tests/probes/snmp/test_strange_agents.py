"""What real agents do that no standard allows: it costs the one cell, or the one table."""

from __future__ import annotations

from bisect import bisect_right

import pytest

from netwatch.core.result import Outcome, Reason, Result
from netwatch.lab.ber import Oid, oid
from tests.harness.hostile_agents import (
    END_OF_MIB_VIEW,
    GET,
    GET_BULK,
    IF_ENTRY,
    IFX_ENTRY,
    SYSTEM_UP_TIME,
    Request,
    agents,
    integer,
    play,
    text,
    tlv,
)
from tests.harness.snmp_devices import (
    OBJECT_ID,
    SYSTEM,
    Objects,
    device,
    error,
    interfaces,
    keys,
    lives,
    shows,
)
from tests.harness.snmp_polls import Polls, check
from tests.harness.snmpd import COMMUNITY

LLDP_REMOTE: Oid = (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1)
UNKNOWN_TYPE = tlv(0x28, b"\x00")
SENSOR: Oid = (1, 3, 6, 1, 2, 1, 99, 1, 1, 1)


def rows_of(result: Result, metric: str) -> set[str]:
    return {dict(labels)["ifIndex"] for name, labels in result.samples.series if name == metric}


class Refusing:
    """A device that answers GETBULK with an error, or not at all."""

    def __init__(self, answer: bytes | type[Exception] | None = None) -> None:
        self.answers = answer is not None
        self.bulks = 0

    def __call__(self, request: Request) -> bytes | None:
        if request.kind != GET_BULK:
            return play(request, device())
        self.bulks += 1
        return error(request) if self.answers else None


@pytest.mark.parametrize("answer", [b"error", None], ids=["error", "silent"])
async def test_an_agent_that_does_not_know_getbulk(answer: bytes | None) -> None:
    agent = Refusing(answer)
    found = await lives(*[agent] * 3)
    asked = agent.bulks
    found += await lives(agent)
    for result in found:
        assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
        assert len(interfaces(result)) == 6
    again = Refusing(answer)
    await lives(*[again] * 5)
    assert again.bulks <= asked, "it is asked for what it does not know in every poll"


@pytest.mark.parametrize("column", [(*IFX_ENTRY, 16), (*IFX_ENTRY, 1), (*IF_ENTRY, 8)])
async def test_a_column_that_is_shown_as_a_single_object(column: Oid) -> None:
    whole, strange = (
        await lives(shows(device())),
        await lives(shows(device() | {column: integer(1)})),
    )
    assert (strange[0].outcome, strange[0].detail) == (Outcome.SUCCESS, "")
    assert interfaces(strange[0]) == interfaces(whole[0])


@pytest.mark.parametrize("value", [UNKNOWN_TYPE, b"\x06\x00"], ids=["type", "empty identifier"])
@pytest.mark.parametrize("port", [1, 2, 3])
@pytest.mark.parametrize(
    "column", [(*IFX_ENTRY, 1), (*IFX_ENTRY, 6), (*IFX_ENTRY, 18), (*IF_ENTRY, 8)]
)
async def test_a_cell_that_cannot_be_read_costs_itself(
    column: Oid, port: int, value: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = await lives(*[shows(device() | {(*column, port): value})] * 2)
    for result in (first, second):
        assert result.outcome is Outcome.SUCCESS
        assert "interfaces" in result.samples.incomplete
        lost = {(*IFX_ENTRY, 6): "ifHCInOctets", (*IF_ENTRY, 8): "ifOperStatus"}.get(column)
        for metric in ("ifHCInOctets", "ifOperStatus"):
            expected = {"1", "2", "3"} - ({str(port)} if metric == lost else set())
            assert rows_of(result, metric) == expected
    assert interfaces(first) == interfaces(second)
    capfd.readouterr()


async def test_a_whole_column_that_cannot_be_read(capfd: pytest.CaptureFixture[str]) -> None:
    objects = device() | {(*IFX_ENTRY, 6, port): UNKNOWN_TYPE for port in (1, 2, 3)}
    (result,) = await lives(shows(objects))
    assert rows_of(result, "ifOperStatus") == {"1", "2", "3"}
    assert {dict(labels)["ifAlias"] for _, labels in interfaces(result)} == {"uplink"}
    capfd.readouterr()


@pytest.mark.parametrize("port", [1, 2, 3])
@pytest.mark.parametrize("column", [(*IFX_ENTRY, 6), (*IFX_ENTRY, 18)])
async def test_a_cell_that_the_agent_has_an_error_for(column: Oid, port: int) -> None:
    objects = device()
    names = sorted(objects)

    def broken(request: Request) -> bytes:
        if request.kind == GET:
            return play(request, objects)
        start = bisect_right(names, request.names[0])
        following = names[start : start + request.repetitions]
        return error(request) if (*column, port) in following else play(request, objects)

    found = await lives(*[broken] * 2)
    for result in found:
        assert rows_of(result, "ifOperStatus") == {"1", "2", "3"}
        assert {"1", "2", "3"} - rows_of(result, "ifHCInOctets") <= {str(port)}
    assert interfaces(found[0]) == interfaces(found[1])


@pytest.mark.parametrize("value", [b"\x06\x00", UNKNOWN_TYPE, b"\x06\x01\x80"])
@pytest.mark.parametrize("oid", [OBJECT_ID, (*SYSTEM, 5, 0), SYSTEM_UP_TIME])
async def test_a_single_object_that_cannot_be_read_is_skipped(
    oid: Oid, value: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    objects = device() | {(*SYSTEM, 5, 0): text(b"sw"), (*SYSTEM, 6, 0): text(b"xa")} | {oid: value}
    for result in await lives(*[shows(objects)] * 2):
        assert result.outcome is Outcome.SUCCESS
        assert len(interfaces(result)) == 6
        assert ("sysLocation", (("sysLocation", "xa"),)) in result.samples.series
    capfd.readouterr()


class OwnOrder:
    """A table whose rows come in an order of their own, from an agent that follows it."""

    def __init__(self, objects: Objects, rows: list[Oid]) -> None:
        self.objects = objects
        table = {name[:-3] for name in rows}
        plain = [name for name in sorted(objects) if name[:-3] not in table]
        at = sum(name < rows[0] for name in plain)
        self.names = [*plain[:at], *rows, *plain[at:]]

    def __call__(self, request: Request) -> bytes:
        if request.kind == GET:
            return play(request, self.objects)
        name = request.names[0]
        if name in self.names:
            start = self.names.index(name) + 1
        else:
            later = [each for each in self.names if each > name]
            start = self.names.index(later[0]) if later else len(self.names)
        shown = self.names[start : start + request.repetitions]
        return request.answer(
            *([(each, self.objects[each]) for each in shown] or [(name, END_OF_MIB_VIEW)])
        )


async def test_a_table_in_an_order_of_its_own_is_read() -> None:
    rows = [(*LLDP_REMOTE, 9, *row) for row in ((500, 1, 1), (100, 2, 1), (500, 3, 1))]
    objects = device() | {row: text(b"n%d" % row[-2]) for row in rows}
    first, second = await lives(*[OwnOrder(objects, rows)] * 2)
    assert len(interfaces(first)) == len(interfaces(second)) == 6
    names = {
        dict(labels)["lldpRemSysName"] for name, labels in second.samples.series if "lldp" in name
    }
    assert names == {"n1", "n2", "n3"}
    assert second.detail == ""


async def test_an_identifier_whose_second_number_is_large() -> None:
    """2.999, as in ITU-T X.660 for examples."""
    (result,) = await lives(shows(device() | {OBJECT_ID: b"\x06\x03\x88\x37\x01"}))
    assert ("sysObjectID", (("sysObjectID", "2.999.1"),)) in result.samples.series


async def test_a_device_with_nothing_but_its_makers_tree_is_there() -> None:
    maker: Objects = {(1, 3, 6, 1, 4, 1, 99999, 1, 0): integer(1)}
    for result in await lives(*[shows(maker)] * 2):
        assert result.outcome is Outcome.SUCCESS
        assert result.detail == "answers, but has none of the objects that are asked for"


async def test_sensors_come_before_interfaces_when_there_are_too_many() -> None:
    sensors = {
        (*SENSOR, column, number): integer(value)
        for number in range(1, 4)
        for column, value in ((1, 8), (2, 9), (3, 0), (4, 40), (5, 1))
    }
    (result,) = await lives(shows(device() | sensors), max_series=9)
    names = [name for name, _ in result.samples.series]
    assert names.count("entPhySensorReading") == 3
    assert result.samples.capped
    assert result.detail == "too many rows: interfaces"


HUAWEI: Oid = (1, 3, 6, 1, 4, 1, 2011)
HUAWEI_STATE: Oid = (*HUAWEI, 5, 25, 31, 1, 1, 1, 1)
CISCO_SENSOR: Oid = (1, 3, 6, 1, 4, 1, 9, 9, 91, 1, 1, 1, 1)


async def test_a_row_of_zeros_that_says_nothing_is_left_out_until_it_says_something() -> None:
    def switch(load: int) -> Objects:
        return device() | {
            OBJECT_ID: oid((*HUAWEI, 2, 23, 291)),
            **{(*HUAWEI_STATE, column, 1): integer(0) for column in (5, 7, 11)},
            (*HUAWEI_STATE, 5, 2): integer(0),
            (*HUAWEI_STATE, 7, 2): integer(40),
            (*HUAWEI_STATE, 11, 2): integer(38),
            (*HUAWEI_STATE, 5, 3): integer(load),
        }

    def entities(result: Result) -> set[tuple[str, str]]:
        return {
            (name, dict(labels)["entPhysicalIndex"])
            for name, labels in result.samples.series
            if name.startswith("hwEntity")
        }

    first, second = await lives(shows(switch(0)), shows(switch(7)))
    whole = {("hwEntityCpuUsage", "2"), ("hwEntityMemUsage", "2"), ("hwEntityTemperature", "2")}
    assert entities(first) == whole
    assert entities(second) == whole | {("hwEntityCpuUsage", "3")}


async def test_a_sensor_that_is_not_there_has_no_value() -> None:
    cells = {1: 8, 2: 9, 3: 1, 4: -32768}
    objects = device() | {
        OBJECT_ID: oid((1, 3, 6, 1, 4, 1, 9, 1, 1)),
        **{(*CISCO_SENSOR, column, 1): integer(value) for column, value in cells.items()},
        **{(*CISCO_SENSOR, column, 2): integer(cells[column]) for column in (1, 2, 3)},
        (*CISCO_SENSOR, 4, 2): integer(415),
    }
    (result,) = await lives(shows(objects))
    read = {s.value for s in result.samples if s.name == "entSensorReading"}
    assert read == {41.5}


def looping(request: Request) -> bytes:
    """A table whose rows come again and again."""
    if request.kind == GET:
        return play(request, device())
    last = request.names[0][-1] if len(request.names[0]) > len(IFX_ENTRY) + 1 else 0
    return request.answer(((*IFX_ENTRY, 6, last % 3 + 1), integer(1, 0x46)))


async def test_an_agent_that_lies_in_two_polls_is_not_believed_in_each() -> None:
    """Its endless table costs as much as four honest devices, and tells nothing new."""
    polls, walked = Polls(), []
    async with agents(looping) as (agent,):
        one = check(agent.port, COMMUNITY, timeout=20.0)
        for _ in range(12):
            before = len(agent.requests)
            (result,) = await polls.run(one)
            assert result.reason is Reason.BAD_AGENT
            assert result.detail.startswith("the agent repeats itself")
            walked.append(any(each.kind != GET for each in agent.requests[before:]))
        assert walked == [True, True, *[False] * 7, True, False, False]
        agent.behaviour = shows(device())
        found = [(await polls.run(one))[0].outcome for _ in range(16)]
    assert found[-1] is Outcome.SUCCESS


async def test_a_lie_that_passes_costs_one_poll() -> None:
    found = await lives(shows(device()), looping, shows(device()))
    assert [result.outcome for result in found] == [
        Outcome.SUCCESS,
        Outcome.FAILURE,
        Outcome.SUCCESS,
    ]
    assert keys(found[0]) == keys(found[2])


async def test_a_table_that_goes_round_is_not_followed() -> None:
    polls, behaviour = Polls(), looping
    async with agents(behaviour) as (agent,):
        (result,) = await polls.run(check(agent.port, COMMUNITY, timeout=20.0))
        assert len(agent.requests) < 20
    assert result.outcome is Outcome.FAILURE
    assert result.detail.startswith("the agent repeats itself")
