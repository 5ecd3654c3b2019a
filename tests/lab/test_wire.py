from __future__ import annotations

import ipaddress
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.lab.wire import CLEAR, Conduct, Wire, combine
from netwatch.lab.world import ICMP, TCP, Barrier

COLLECTOR = {4: "198.18.0.1", 6: "2001:2::1"}
ROUTER, CODEC = "10.30.1.1", "fd30::1:20"


def frame(source: str, destination: str, protocol: int = ICMP, port: int = 0) -> bytes:
    """An Ethernet frame with as much of the packet as the wire looks at."""
    addresses = [ipaddress.ip_address(text) for text in (source, destination)]
    packed = b"".join(address.packed for address in addresses)
    ports = struct.pack("!HH", 40000, port)
    if addresses[0].version == 4:
        header = struct.pack("!BBHHHBBH", 0x45, 0, 24, 0, 0, 64, protocol, 0)
        return bytes(12) + b"\x08\x00" + header + packed + ports
    header = struct.pack("!IHBB", 6 << 28, 4, 58 if protocol == ICMP else protocol, 64)
    return bytes(12) + b"\x86\xdd" + header + packed + ports


def out(address: str, protocol: int = ICMP, port: int = 0) -> bytes:
    return frame(COLLECTOR[6 if ":" in address else 4], address, protocol, port)


def back(address: str) -> bytes:
    return frame(address, COLLECTOR[6 if ":" in address else 4])


@pytest.fixture
def wire() -> Wire:
    return Wire([ROUTER, CODEC], seed=1)


@pytest.mark.parametrize("address", [ROUTER, CODEC])
def test_a_clear_path_passes_both_ways_and_counts(wire: Wire, address: str) -> None:
    assert wire.outward(out(address)) == 0.0
    assert wire.inward(back(address))
    counts = wire.counts()[address]
    assert (counts["seen"], counts["forwarded"], counts["returned"]) == (1, 1, 1)


def test_nobody_answers_at_an_address_that_nobody_has(wire: Wire) -> None:
    assert wire.outward(out("10.30.1.2")) is None
    assert not wire.inward(back("10.30.1.2"))
    assert wire.strange == 2
    assert wire.counts() == {}


def test_a_cut_stops_both_ways_and_touches_nobody_else(wire: Wire) -> None:
    wire.path(ROUTER).conduct = Conduct(cut=True)
    assert wire.outward(out(ROUTER)) is None
    assert not wire.inward(back(ROUTER))
    assert wire.outward(out(CODEC)) == 0.0
    counts = wire.counts()[ROUTER]
    assert (counts["cut"], counts["returned_cut"]) == (1, 1)


def test_delay_is_held_within_its_bounds_on_the_way_out_only(wire: Wire) -> None:
    wire.path(ROUTER).conduct = Conduct(delay=0.1, jitter=0.05)
    holds = [wire.outward(out(ROUTER)) for _ in range(200)]
    assert all(hold is not None and 0.1 <= hold <= 0.15 for hold in holds)
    assert len(set(holds)) > 1
    assert wire.inward(back(ROUTER))


def test_loss_is_the_share_it_says_and_the_same_with_the_same_seed() -> None:
    losses = []
    for _ in range(2):
        wire = Wire([ROUTER], seed=5)
        wire.path(ROUTER).conduct = Conduct(loss=0.2)
        passed = [wire.outward(out(ROUTER)) is not None for _ in range(5000)]
        losses.append(passed)
        counts = wire.counts()[ROUTER]
        assert counts["lost"] + counts["forwarded"] == counts["seen"] == 5000
        assert 850 < counts["lost"] < 1150  # more than five standard deviations each way
    assert losses[0] == losses[1]


@pytest.mark.parametrize("address", [ROUTER, CODEC])
def test_a_barrier_holds_back_one_port_and_nothing_else(wire: Wire, address: str) -> None:
    wire.bar([Barrier(address, TCP, 3389)])
    assert wire.outward(out(address, TCP, 3389)) is None
    assert wire.outward(out(address, TCP, 443)) == 0.0
    assert wire.outward(out(address)) == 0.0
    assert wire.counts()[address]["barred"] == 1
    wire.bar([])
    assert wire.outward(out(address, TCP, 3389)) == 0.0


@pytest.mark.parametrize("address", [ROUTER, CODEC])
def test_a_barrier_against_echo(wire: Wire, address: str) -> None:
    wire.bar([Barrier(address, ICMP, 0)])
    assert wire.outward(out(address)) is None
    assert wire.outward(out(address, TCP, 443)) == 0.0


@given(st.binary(max_size=100), st.booleans())
def test_any_bytes_are_decided_upon(data: bytes, is_ip: bool) -> None:
    wire = Wire([ROUTER], seed=1)
    wire.bar([Barrier(ROUTER, TCP, 3389)])
    given_frame = out(ROUTER)[:34] + data if is_ip else data
    decision = wire.outward(given_frame)
    wire.inward(given_frame)
    assert decision is None or decision >= 0.0


def test_faults_one_behind_the_other() -> None:
    both = combine([Conduct(loss=0.5, delay=0.1), Conduct(loss=0.5, delay=0.2, jitter=0.1)])
    assert both.loss == pytest.approx(0.75)
    assert both.delay == pytest.approx(0.3)
    assert both.jitter == pytest.approx(0.1)
    assert combine([Conduct(cut=True), CLEAR]).cut
    assert combine([]) == CLEAR
