"""Who gets a place, and who has to give one up: the rules, with addresses that nobody has here."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from prometheus_client import CollectorRegistry

from netwatch.metrics.web import WebMetrics
from netwatch.web import connections as connections_module
from netwatch.web.connection import ClientConnection, ExchangePhase
from netwatch.web.connections import ConnectionLimits, Connections

LIMITS = ConnectionLimits(connections=12, reserved=4, of_source=3)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Door:
    """Connections by address, on a clock of the test's."""

    def __init__(self, limits: ConnectionLimits, clock: Clock, stack: ExitStack) -> None:
        self.registry = CollectorRegistry()
        self.connections = Connections(limits, WebMetrics(self.registry))
        self.clock = clock
        self.clients: list[socket.socket] = []
        self._stack = stack

    def admit(self, address: str, phase: ExchangePhase | None = None) -> ClientConnection | None:
        """A connection from an address, which the client takes to this phase at once."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            self._stack.enter_context(end)
        self.clients.append(theirs)
        self.clock.now += 0.001
        connection = self.connections.admit(ours, address)
        if connection is not None and phase is not None:
            self.connections.enter(connection, phase)
        return connection

    def is_open(self, connection: ClientConnection | None) -> bool:
        return connection in self.connections

    def refused(self, reason: str) -> float | None:
        return self.registry.get_sample_value("netwatch_web_refused_total", {"reason": reason})


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    clock = Clock()
    monkeypatch.setattr(connections_module, "monotonic", clock)
    # The octets that a client took are the kernel's to tell, and this is no TCP.
    monkeypatch.setattr(ClientConnection, "_octets_taken", lambda connection: connection._taken)
    monkeypatch.setattr(ClientConnection, "cut", lambda _connection: None)
    with ExitStack() as stack:
        yield Door(LIMITS, clock, stack)


ANSWER, SENDING = ExchangePhase.ANSWER, ExchangePhase.SENDING


def test_a_source_displaces_its_own_silent_ones_beyond_its_share(door: Door) -> None:
    other = door.admit("10.0.0.2")
    own = [door.admit("10.0.0.1") for _ in range(4)]
    assert [door.is_open(each) for each in own] == [False, True, True, True]
    assert door.is_open(other)
    assert door.refused("displaced") == 1


def test_who_has_just_asked_is_not_taken_for_silent(door: Door) -> None:
    scrape = door.admit("127.0.0.1")
    door.clients[-1].sendall(b"GET /metrics HTTP/1.1\r\n")
    flood = [door.admit("127.0.0.1") for _ in range(3 * LIMITS.connections)]
    assert door.is_open(scrape)
    assert door.is_open(flood[-1])
    assert sum(map(door.is_open, flood)) == LIMITS.connections - 1


def test_a_flood_of_requests_that_nobody_reads_still_makes_room(door: Door) -> None:
    flood = []
    for _ in range(2 * LIMITS.connections):
        flood.append(door.admit("127.0.0.1"))
        door.clients[-1].sendall(b"GET")
    assert [door.is_open(each) for each in flood] == [False] * 12 + [True] * 12


def test_a_source_whose_share_is_in_use_is_refused(door: Door) -> None:
    for _ in range(3):
        assert door.admit("10.0.0.1", ANSWER)
    assert door.admit("10.0.0.1") is None
    assert door.admit("10.0.0.2") is not None
    assert door.refused("share") == 1


@pytest.mark.parametrize("address", ["fd00:1:2:3::1", "fe80::1%eth0"])
def test_all_addresses_of_an_ipv6_link_are_one_source(door: Door, address: str) -> None:
    for number in range(3):
        assert door.admit(address.replace("::1", f"::1:{number}"), ANSWER)
    assert door.admit(address.replace("::1", "::ffff")) is None


def test_ipv4_on_an_ipv6_socket_is_ipv4(door: Door) -> None:
    for address in ("10.0.0.1", "::ffff:10.0.0.1", "::ffff:10.0.0.1"):
        assert door.admit(address, ANSWER)
    assert door.admit("10.0.0.1") is None
    assert door.admit("::ffff:10.0.0.2") is not None
    assert door.admit("::ffff:127.0.0.1").is_known  # type: ignore[union-attr]


def test_strangers_leave_places_to_this_machine_and_to_whom_we_know(door: Door) -> None:
    strangers = [door.admit(f"10.0.1.{number}", ANSWER) for number in range(20)]
    assert sum(map(door.is_open, strangers)) == 8
    assert door.refused("full") == 12
    for address in ("127.0.0.1", "::1", "127.0.0.1"):
        assert door.admit(address, ANSWER)
    met = next(each for each in strangers if each and door.is_open(each))
    door.connections.know(met)
    assert door.admit(met.source, ANSWER), "who logged in once is known when he comes again"
    assert len(door.connections) == 12


def test_a_silent_one_gives_way_before_one_that_reads_slowly(door: Door) -> None:
    slow = door.admit("10.0.0.1", SENDING)
    silent = door.admit("10.0.0.2")
    for number in range(6):
        door.admit(f"10.0.1.{number}", ANSWER)
    door.clock.now += 5
    assert door.admit("10.0.2.1", ANSWER)
    assert (door.is_open(silent), door.is_open(slow)) == (False, True)
    assert door.admit("10.0.2.2", ANSWER)
    assert not door.is_open(slow)
    assert door.admit("10.0.2.3") is None, "all others are being answered"


def test_who_reads_keeps_his_place(door: Door) -> None:
    readers = [door.admit(f"10.0.0.{number}", SENDING) for number in range(8)]
    assert door.admit("10.0.1.1") is None
    assert all(map(door.is_open, readers))


def test_this_machine_is_let_in_among_readers_and_strangers_give_way_first(door: Door) -> None:
    strangers = [door.admit(f"10.0.0.{number}", SENDING) for number in range(8)]
    local = [door.admit("127.0.0.1", SENDING) for _ in range(4)]
    for _ in range(8):
        assert door.admit("127.0.0.1", SENDING)
    assert not any(map(door.is_open, strangers))
    assert all(map(door.is_open, local))
    assert door.admit("127.0.0.1", ANSWER)
    assert [door.is_open(each) for each in local] == [False, True, True, True]
    assert door.refused("full") == 0
    assert len(door.connections) == 12


def test_who_is_being_answered_gives_way_to_nobody(door: Door) -> None:
    for _ in range(12):
        assert door.admit("127.0.0.1", ANSWER)
    assert door.admit("127.0.0.1") is None


def test_of_silent_ones_the_source_with_most_gives_way_and_then_the_oldest(door: Door) -> None:
    honest = door.admit("10.0.0.1")
    many = [door.admit("10.0.0.2") for _ in range(3)]
    for number in range(4):
        door.admit(f"10.0.1.{number}", ANSWER)
    assert door.admit("10.0.0.9")
    assert door.is_open(honest)
    assert [door.is_open(each) for each in many] == [False, True, True]


def test_a_flood_of_silent_ones_never_keeps_anybody_out(door: Door) -> None:
    for number in range(2000):
        door.admit(f"10.{number % 7}.0.1")
        if number % 50 == 0:
            assert door.admit("10.99.0.1", SENDING)
            assert door.admit("127.0.0.1", SENDING)
            door.clock.now += 2
        assert len(door.connections) <= LIMITS.connections


@pytest.mark.parametrize(
    ("phase", "seconds", "reason"),
    [(None, 10, "slow_request"), (SENDING, 30, "slow_reader"), (ANSWER, 600, "lifetime")],
)
def test_who_is_out_of_time_is_cut(
    door: Door, phase: ExchangePhase | None, seconds: float, reason: str
) -> None:
    connection = door.admit("127.0.0.1", phase)
    door.clock.now += seconds - 0.1
    door.connections.cut_overdue()
    assert door.is_open(connection)
    door.clock.now += 0.2
    door.connections.cut_overdue()
    assert not door.is_open(connection)
    assert door.refused(reason) == 1


def test_who_reads_on_is_not_cut(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    monkeypatch.setattr(ClientConnection, "_octets_taken", lambda _connection: taken)
    connection = door.admit("10.0.0.1", SENDING)
    for _ in range(20):
        taken += LIMITS.progress_octets
        door.clock.now += 29
        door.connections.cut_overdue()
        assert door.is_open(connection)
    for _ in range(2):
        taken += LIMITS.progress_octets // 3
        door.clock.now += 15
        door.connections.cut_overdue()
    assert not door.is_open(connection), "a trickle is no progress"


def test_at_the_end_only_answers_under_way_are_waited_for(door: Door) -> None:
    silent, made = door.admit("10.0.0.1"), door.admit("10.0.0.2", ANSWER)
    stalled = door.admit("10.0.0.3", SENDING)
    door.clock.now += 1
    reading = door.admit("10.0.0.4", SENDING)
    door.connections.cut_idle()
    assert [door.is_open(each) for each in (silent, made, stalled, reading)] == [
        False,
        True,
        False,
        True,
    ]
    door.connections.cut_all()
    assert len(door.connections) == 0


@pytest.mark.parametrize(
    ("descriptors", "connections", "reserved", "of_source"),
    [(10_000, 256, 64, 32), (204, 204, 51, 25), (12, 12, 3, 4)],
)
def test_there_are_no_more_places_than_descriptors_for_them(
    descriptors: int, connections: int, reserved: int, of_source: int
) -> None:
    limits = ConnectionLimits(lifetime=7.0).within(descriptors)
    assert (limits.connections, limits.reserved, limits.of_source, limits.lifetime) == (
        connections,
        reserved,
        of_source,
        7.0,
    )
