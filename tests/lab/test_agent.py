from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.lab import ber
from netwatch.lab.agent import GET, GET_BULK, GET_NEXT, MAX_RESPONSE, RESPONSE, respond
from netwatch.lab.ber import Oid
from netwatch.lab.mib import IF_ENTRY, IF_NUMBER, IFX_ENTRY, SYSTEM, LabInterface, Mib

COMMUNITY = b"secret"
PORTS = tuple(LabInterface(f"Gi1/0/{number}", 1e9) for number in range(1, 25))
MIB = Mib("site/switch", "switch", PORTS)
OIDS = st.lists(st.integers(0, 2**32 - 1), max_size=20).map(lambda arcs: (1, 3, *arcs))


def request(kind: int, *names: Oid, first: int = 0, second: int = 0, version: int = 1) -> bytes:
    bindings = b"".join(ber.tlv(ber.SEQUENCE, ber.oid(n) + ber.tlv(ber.NULL, b"")) for n in names)
    numbers = ber.integer(7) + ber.integer(first) + ber.integer(second)
    pdu = ber.tlv(kind, numbers + ber.tlv(ber.SEQUENCE, bindings))
    return ber.tlv(ber.SEQUENCE, ber.integer(version) + ber.octets(COMMUNITY) + pdu)


def bindings(answer: bytes | None) -> list[tuple[Oid, int, bytes]]:
    """Name, tag and content of each binding; the frame of the message is checked on the way."""
    assert answer is not None
    message = ber.fields(answer, ber.SEQUENCE)[0]
    version, community, pdu = ber.fields(message, ber.INTEGER, ber.OCTET_STRING, RESPONSE)
    assert (version, community) == (b"\x01", COMMUNITY)
    number, status, _, bound = ber.fields(pdu, *[ber.INTEGER] * 3, ber.SEQUENCE)
    assert (number, status) == (b"\x07", b"\x00")
    found = []
    for _, binding in ber.elements(bound):
        (_, name), (tag, content) = ber.elements(binding)
        found.append((ber.to_oid(name), tag, content))
    return found


def ask(kind: int, *names: Oid, first: int = 0, second: int = 0) -> list[tuple[Oid, int, bytes]]:
    return bindings(respond(request(kind, *names, first=first, second=second), COMMUNITY, MIB, 5.0))


def test_get_answers_in_the_order_asked() -> None:
    name, number = ask(GET, (*SYSTEM, 5, 0), IF_NUMBER)
    assert name == ((*SYSTEM, 5, 0), ber.OCTET_STRING, b"site/switch")
    assert number == (IF_NUMBER, ber.INTEGER, b"\x18")


def test_unknown_object_is_an_exception_of_its_own_not_an_error() -> None:
    unknown: Oid = (1, 3, 9, 9)
    assert ask(GET, unknown) == [(unknown, 0x80, b"")]


def test_uptime_counts_hundredths_and_restarts() -> None:
    assert ask(GET, (*SYSTEM, 3, 0)) == [((*SYSTEM, 3, 0), ber.TIME_TICKS, b"\x01\xf4")]


@pytest.mark.parametrize("step", [1, 7, 30])
def test_walk_by_getbulk_meets_every_object_once_in_order(step: int) -> None:
    seen: list[Oid] = []
    cursor: Oid = (1, 3)
    while True:
        for name, tag, _ in ask(GET_BULK, cursor, second=step):
            if tag == 0x82:
                assert seen == MIB.oids
                return
            seen.append(name)
            cursor = name


def test_getbulk_of_columns_gives_rows() -> None:
    rows = ask(GET_BULK, (*SYSTEM, 1), (*IF_ENTRY, 1), (*IFX_ENTRY, 1), first=1, second=3)
    names = [name for name, _, _ in rows]
    assert names[0] == (*SYSTEM, 1, 0)
    expected = [[(*IF_ENTRY, 1, row), (*IFX_ENTRY, 1, row)] for row in (1, 2, 3)]
    assert names[1:] == [name for row in expected for name in row]


def test_getbulk_stays_within_a_frame() -> None:
    answer = respond(request(GET_BULK, (1, 3), second=2**31 - 1), COMMUNITY, MIB, 5.0)
    assert answer is not None
    assert len(answer) < MAX_RESPONSE + 72


def test_get_that_fits_in_no_frame_is_too_big() -> None:
    answer = respond(request(GET, *[(*SYSTEM, 5, 0)] * 100), COMMUNITY, MIB, 5.0)
    assert answer is not None
    assert len(answer) < 72


@pytest.mark.parametrize(
    "datagram",
    [
        request(GET, IF_NUMBER, version=0),
        request(GET, IF_NUMBER).replace(COMMUNITY, b"secreT"),
        request(0xA3, IF_NUMBER),
        request(GET, *[IF_NUMBER] * 129),
        request(GET, IF_NUMBER) + b"\x00",
        b"",
    ],
    ids=["v1", "other community", "set", "too many names", "tail", "empty"],
)
def test_silence(datagram: bytes) -> None:
    assert respond(datagram, COMMUNITY, MIB, 5.0) is None


def test_a_cut_line_is_told_with_its_moment() -> None:
    device = Mib("lab-1", "a router", (LabInterface("Gi0/1", 1e9),))
    (last_change,) = (oid for oid in device.oids if oid == (*IF_ENTRY, 9, 1))

    def told(up: float) -> bytes:
        place = device.find(last_change)
        assert place is not None
        return device.values[place](up)

    assert told(10.0) == ber.integer(0, ber.TIME_TICKS)
    device.set_line("Gi0/1", up=False, at=12.0)
    device.set_line("Gi0/1", up=False, at=14.0)  # it is cut already
    assert told(15.0) == ber.integer(1200, ber.TIME_TICKS)
    assert told(3.0) == ber.integer(0, ber.TIME_TICKS)  # the device has started anew


@given(st.binary(max_size=300))
def test_any_bytes_are_answered_or_met_with_silence(datagram: bytes) -> None:
    assert respond(datagram, COMMUNITY, MIB, 5.0) is None


@given(
    st.sampled_from([GET, GET_NEXT, GET_BULK]),
    st.lists(OIDS, max_size=5),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.data(),
)
def test_a_request_with_one_octet_changed_never_breaks_the_agent(
    kind: int, names: list[Oid], first: int, second: int, data: st.DataObject
) -> None:
    datagram = bytearray(request(kind, *names, first=first, second=second))
    at = data.draw(st.integers(0, len(datagram) - 1))
    datagram[at] ^= data.draw(st.integers(0, 255))
    answer = respond(bytes(datagram), COMMUNITY, MIB, 5.0)
    assert answer is None or len(answer) < MAX_RESPONSE + 400


@given(OIDS)
def test_object_identifiers_survive_the_wire(oid: Oid) -> None:
    assert ber.to_oid(ber.fields(ber.oid(oid), ber.OBJECT_IDENTIFIER)[0]) == oid


@given(st.integers(-(2**31), 2**32 - 1))
def test_integers_survive_the_wire(number: int) -> None:
    assert ber.to_int(ber.fields(ber.integer(number), ber.INTEGER)[0]) == number


@given(st.floats(0, 1e7), st.floats(0, 1e4))
def test_traffic_never_runs_backwards(up: float, later: float) -> None:
    at = MIB.find((*IFX_ENTRY, 6, 1))
    assert at is not None
    before, after = (
        int.from_bytes(ber.fields(MIB.values[at](time), ber.COUNTER64)[0], "big")
        for time in (up, up + later)
    )
    assert before <= after
