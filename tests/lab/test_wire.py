from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.lab.impairment import Impairment
from netwatch.lab.path import IMMEDIATE
from netwatch.lab.wire import Wire
from netwatch.lab.world import ICMP, TCP, Barrier
from tests.lab.frames import back, out

ROUTER, CODEC = "10.30.1.1", "fd30::1:20"


@pytest.fixture
def wire() -> Wire:
    return Wire([ROUTER, CODEC], seed=1)


@pytest.mark.parametrize("address", [ROUTER, CODEC])
def test_a_clear_path_passes_both_ways_and_counts(wire: Wire, address: str) -> None:
    assert wire.outward(out(address)) is IMMEDIATE
    assert wire.inward(back(address))
    counts = wire.counts()[address]
    assert (counts["seen"], counts["forwarded"], counts["returned"]) == (1, 1, 1)


def test_nobody_answers_at_an_address_that_nobody_has(wire: Wire) -> None:
    assert wire.outward(out("10.30.1.2")) is None
    assert not wire.inward(back("10.30.1.2"))
    assert wire.strange == 2
    assert wire.counts() == {}


def test_a_cut_stops_both_ways_and_touches_nobody_else(wire: Wire) -> None:
    wire.path(ROUTER).set_impairment(Impairment(cut=True))
    assert wire.outward(out(ROUTER)) is None
    assert not wire.inward(back(ROUTER))
    assert wire.outward(out(CODEC)) is IMMEDIATE
    counts = wire.counts()[ROUTER]
    assert (counts["cut"], counts["returned_cut"]) == (1, 1)


@pytest.mark.parametrize("address", [ROUTER, CODEC])
def test_a_barrier_holds_back_one_port_and_nothing_else(wire: Wire, address: str) -> None:
    wire.bar([Barrier(address, TCP, 3389)])
    assert wire.outward(out(address, TCP, 3389)) is None
    assert wire.outward(out(address, TCP, 443)) is IMMEDIATE
    assert wire.outward(out(address)) is IMMEDIATE
    assert wire.counts()[address]["barred"] == 1
    wire.bar([])
    assert wire.outward(out(address, TCP, 3389)) is IMMEDIATE


@pytest.mark.parametrize("address", [ROUTER, CODEC])
def test_a_barrier_against_echo(wire: Wire, address: str) -> None:
    wire.bar([Barrier(address, ICMP, 0)])
    assert wire.outward(out(address)) is None
    assert wire.outward(out(address, TCP, 443)) is IMMEDIATE


@given(st.binary(max_size=100), st.booleans())
def test_any_bytes_are_decided_upon(data: bytes, is_ip: bool) -> None:
    wire = Wire([ROUTER], seed=1)
    wire.bar([Barrier(ROUTER, TCP, 3389)])
    given_frame = out(ROUTER)[:34] + data if is_ip else data
    wire.outward(given_frame)
    wire.inward(given_frame)
