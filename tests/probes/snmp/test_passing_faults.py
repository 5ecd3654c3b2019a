"""A passing error, a restart and a table that is late cost one poll, and never a series' labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netwatch.core.result import Outcome
from tests.harness.hostile_agents import (
    GET,
    GET_BULK,
    IF_ENTRY,
    IFX_ENTRY,
    Behaviour,
    Request,
    play,
)
from tests.harness.snmp_devices import (
    JUST_NOW,
    Fault,
    asks_below,
    device,
    empty,
    error,
    garbage,
    interfaces,
    keys,
    lives,
    shows,
    without,
)

FAULTY_REQUESTS: dict[str, Callable[[Request], bool]] = {
    "every GET": lambda request: request.kind == GET,
    "every GETBULK": lambda request: request.kind == GET_BULK,
    "GETBULK of names": lambda request: request.kind == GET_BULK and asks_below(request, IFX_ENTRY),
    "names": lambda request: asks_below(request, IFX_ENTRY),
    "states": lambda request: asks_below(request, IF_ENTRY),
    "all tables": lambda request: request.kind != GET,
    "all": lambda _: True,
}


@pytest.mark.parametrize("fault", [error, empty, garbage])
@pytest.mark.parametrize("hits", FAULTY_REQUESTS.values(), ids=list(FAULTY_REQUESTS))
async def test_a_passing_fault_costs_one_poll_and_no_label(
    hits: Callable[[Request], bool], fault: Fault, capfd: pytest.CaptureFixture[str]
) -> None:
    sound = shows(device())

    def faulty(request: Request) -> bytes | None:
        answer = fault(request) if hits(request) else sound(request)
        assert isinstance(answer, bytes)
        return answer

    first, second, third = await lives(sound, faulty, sound)
    assert (first.outcome, first.detail, len(interfaces(first))) == (Outcome.SUCCESS, "", 6)
    assert keys(second) <= keys(first)
    assert keys(third) == keys(first)
    if second.outcome is Outcome.SUCCESS and interfaces(second) != interfaces(first):
        assert "interfaces" in second.samples.incomplete
    capfd.readouterr()


async def test_tables_that_a_device_fills_after_its_start_are_read_as_soon_as_they_are_there() -> (
    None
):
    def bare(uptime: int) -> Behaviour:
        return shows(without(device(uptime), IF_ENTRY, IFX_ENTRY))

    found = await lives(
        shows(device()), *(bare(JUST_NOW + 6000 * poll) for poll in range(6)), shows(device(44_000))
    )
    assert [len(interfaces(result)) for result in found] == [6, 0, 0, 0, 0, 0, 0, 6]
    assert keys(found[-1]) == keys(found[0])


async def test_a_device_that_was_first_met_while_it_started() -> None:
    bare = shows(without(device(JUST_NOW), IF_ENTRY, IFX_ENTRY))
    found = await lives(bare, bare, bare, shows(device(20_000)))
    assert [len(interfaces(result)) for result in found] == [0, 0, 0, 6]


async def test_an_empty_table_of_an_old_device_is_asked_for_again_too() -> None:
    bare = shows(without(device(), IF_ENTRY, IFX_ENTRY))
    found = await lives(bare, bare, *[shows(device())] * 8)
    assert len(interfaces(found[-1])) == 6


async def test_names_that_come_late_after_a_restart_are_those_of_before() -> None:
    nameless = shows(without(device(JUST_NOW), IFX_ENTRY))
    first, second, third = await lives(shows(device()), nameless, shows(device(9000)))
    assert {key for key in interfaces(first) if key[0] == "ifOperStatus"} == interfaces(second)
    assert second.samples.incomplete == ("interfaces",)
    assert keys(third) == keys(first)


async def test_no_port_gets_the_name_of_another_when_they_are_numbered_anew() -> None:
    renumbered = device(JUST_NOW, shift=1)
    first, second, third = await lives(
        shows(device()), shows(without(renumbered, IFX_ENTRY)), shows(renumbered)
    )
    assert len(interfaces(first)) == len(interfaces(third)) == 6
    assert not interfaces(second), "port 1 is number 2 now, which was the number of port 2"


async def test_without_names_from_the_start_a_port_has_none() -> None:
    """As on an old switch that has no ifXTable."""
    first, second = await lives(*[shows(without(device(), IFX_ENTRY))] * 2)
    assert len(interfaces(first)) == 3
    assert keys(first) == keys(second)
    assert first.detail == second.detail == ""


async def test_a_table_that_always_answers_with_an_error_costs_the_names_only() -> None:
    def broken(request: Request) -> bytes:
        return error(request) if asks_below(request, IFX_ENTRY) else play(request, device())

    first, *later = await lives(*[broken] * 3)
    assert first.samples.incomplete == ("interfaces",)
    assert [len(interfaces(result)) for result in (first, *later)] == [0, 3, 3]


async def test_a_restart_is_seen_though_the_answer_about_the_uptime_failed_once() -> None:
    def faulty(request: Request) -> bytes:
        return error(request) if request.kind == GET else play(request, device())

    found = await lives(shows(device()), faulty, shows(device()))
    assert [("sysUpTime", ()) in keys(result) for result in found] == [True, False, True]
