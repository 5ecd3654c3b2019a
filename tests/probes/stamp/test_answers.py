"""What comes back of a stream as columns, held against the same packet by packet."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.media.stamp import (
    MIN_PACKET_SIZE,
    error_estimate,
    extensions,
    from_stamp,
    reflect,
    request,
    to_stamp,
)
from netwatch.net.recvmmsg import SO_TIMESTAMPNS, MessageBuffer
from netwatch.probes.stamp import StampParams
from netwatch.probes.stamp.answers import CONTROL_SIZE, SPARE_MESSAGES, ReceiveBuffer
from netwatch.probes.stamp.probe import judged
from netwatch.probes.stamp.stream import StreamReport
from netwatch.probes.stamp.verdict import facts, round_trips
from tests.probes.stamp import slowly
from tests.probes.stamp.slowly import Message

BEGIN = 1_795_644_990_123_456_789
READ = BEGIN + 10**10
MILLI = 1_000_000
PACKETS = 12
SIZE = 172
STAMPS = [to_stamp(BEGIN + 20 * MILLI * place) for place in range(PACKETS)]

CLASS = {
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TOS, "@B7x"),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_TCLASS, "@I4x"),
}


def delivered(messages: list[Message], family: socket.AddressFamily) -> MessageBuffer:
    """As recvmmsg leaves it."""
    buffer = MessageBuffer(SPARE_MESSAGES, 1472, control=CONTROL_SIZE, name=0)
    buffer.data[:] = 0x04  # what an earlier call left there
    level, kind, form = CLASS[family]
    for row, message in enumerate(messages):
        data = np.frombuffer(message.data[:1472], np.uint8)
        buffer.data[row, : len(data)] = data
        buffer.lengths[row] = len(data)
        control = b""
        if message.arrived:
            stamp = divmod(message.arrived, 10**9)
            control = struct.pack("@Qiiqq", 32, socket.SOL_SOCKET, SO_TIMESTAMPNS, *stamp)
        control += struct.pack("@Qii", 20, level, kind) + struct.pack(form, message.tos)
        buffer.control[row] = np.frombuffer(control.ljust(CONTROL_SIZE, b"\0"), np.uint64)
    return buffer


def answer(place: int, late: int, own: int, clock: int, tos: int) -> Message:
    """Of an honest reflector whose clock goes wrong by so much."""
    stamp = STAMPS[place]
    data = request(place, stamp, 1, 2) + extensions(SIZE, 46)
    received = from_stamp(stamp) + clock + late // 2
    reflected = reflect(
        data,
        sequence=place,
        received=to_stamp(received),
        answered=to_stamp(received + own),
        error=error_estimate(0.001 * place if place % 3 else None),
        ttl=60,
        tos=tos,
    )
    return Message(reflected, from_stamp(stamp) + late, tos)


HONEST = st.builds(
    answer,
    st.integers(0, PACKETS - 1),
    st.integers(0, 200 * MILLI),
    st.integers(0, 100 * MILLI),
    st.integers(-(10**10), 10**10),
    st.sampled_from([0, 0xB8, 0x88]),
)
LYING = st.builds(
    lambda message, at, octet: Message(
        message.data[:at] + bytes([octet]) + message.data[at + 1 :], message.arrived, message.tos
    ),
    HONEST,
    st.integers(0, 60),
    st.integers(0, 255),
)
SHORT = st.builds(
    lambda message, end: Message(message.data[:end], message.arrived, message.tos),
    HONEST,
    st.integers(0, 60),
)
PRECISE = st.builds(lambda place: stamped_by(place, 0xC001, to_ptp), st.integers(0, PACKETS - 1))
ANYTHING = st.builds(Message, st.binary(max_size=300), st.just(BEGIN), st.just(0))
MESSAGES = st.lists(st.one_of(HONEST, HONEST, LYING, SHORT, ANYTHING), max_size=30)
FAMILIES = st.sampled_from([socket.AF_INET, socket.AF_INET6])


def taken(
    messages: list[Message], together: int, family: socket.AddressFamily = socket.AF_INET
) -> ReceiveBuffer:
    buffer = ReceiveBuffer(PACKETS, SIZE, family)
    for begin in range(0, len(messages), together):
        some = messages[begin : begin + together]
        buffer.store(delivered(some, family), len(some), READ, STAMPS)
    return buffer


@given(MESSAGES, st.integers(1, SPARE_MESSAGES), FAMILIES)
def test_the_first_answer_to_a_packet_counts(
    messages: list[Message], together: int, family: socket.AddressFamily
) -> None:
    buffer, stream = taken(messages, together, family), slowly.Stream(packets())
    for message in messages:
        stream.take(message)
    found = buffer.answers(STAMPS)
    assert found.places.tolist() == stream.order
    assert (buffer.accepted, buffer.duplicates, buffer.unexpected) == (
        len(stream.order),
        stream.duplicates,
        stream.unexpected,
    )
    assert found.arrived.tolist() == [message.arrived for _, message, _ in stream.answered()]
    assert found.tos.tolist() == [message.tos for _, message, _ in stream.answered()]
    assert found.reflected.sent.tolist() == [packet.sent for packet, _, _ in stream.answered()]


def packets() -> list[slowly.Packet]:
    return [slowly.Packet(stamp) for stamp in STAMPS]


@given(
    st.lists(st.one_of(HONEST, LYING, SHORT, PRECISE), min_size=1, max_size=30),
    st.booleans(),
    st.sampled_from(["none", "g711", "g729a"]),
    st.sampled_from([None, 0.002]),
)
def test_facts_are_those_of_each_packet(
    messages: list[Message], counts: bool, codec: str, clock_error: float | None
) -> None:
    params = StampParams.model_validate({"packets": PACKETS, "counts": counts, "codec": codec})
    stream = slowly.Stream(packets())
    for message in messages:
        stream.take(message)
    report = StreamReport(PACKETS, taken(messages, SPARE_MESSAGES).answers(STAMPS))
    if not stream.order:
        assert not judged(report, params, clock_error).duration
        return
    found = {
        ".".join((one.name.removeprefix("netwatch_media_"), *(v for _, v in one.labels))): one.value
        for one in facts(report, round_trips(report), params, clock_error)
    }
    assert found == pytest.approx(slowly.facts(stream, params, clock_error), rel=1e-9, abs=1e-12)


def test_more_than_there_is_room_for_is_sorted_out_meanwhile() -> None:
    flood = [Message(b"x" * MIN_PACKET_SIZE, BEGIN, 0)] * (10 * SPARE_MESSAGES)
    buffer = taken([*flood, answer(3, 5, 1, 0, 0), *flood], SPARE_MESSAGES)
    assert buffer.answers(STAMPS).places.tolist() == [3]
    assert buffer.unexpected == 20 * SPARE_MESSAGES


def test_before_anything_was_sent_nothing_is_an_answer() -> None:
    buffer = ReceiveBuffer(PACKETS, SIZE, socket.AF_INET)
    messages = [answer(0, 5, 1, 0, 0)]
    buffer.store(delivered(messages, socket.AF_INET), 1, READ, [])
    assert not len(buffer.answers([]))
    assert buffer.unexpected == 1
    assert not len(ReceiveBuffer(PACKETS, SIZE, socket.AF_INET).answers([]))


def test_what_the_kernel_did_not_stamp_came_when_it_was_read() -> None:
    buffer = taken(
        [answer(0, 5, 1, 0, 0xB8), Message(answer(1, 0, 0, 0, 0).data, 0, 0)], SPARE_MESSAGES
    )
    assert buffer.answers(STAMPS).arrived.tolist() == [from_stamp(STAMPS[0]) + 5, READ]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"dropped": 1}, "answers were dropped by this machine"),
        ({"stepped": 1_000_001}, "the clock was set meanwhile"),
        ({"stepped": -1_000_001}, "the clock was set meanwhile"),
        ({"stepped": 999_999}, "11 of 12 lost"),
    ],
)
def test_what_this_machine_did_wrong_is_not_the_line_s_fault(
    changes: dict[str, int], detail: str
) -> None:
    buffer = taken([answer(0, 5, 1, 0, 0)], SPARE_MESSAGES)
    report = StreamReport(PACKETS, buffer.answers(STAMPS), **changes)
    assert judged(report, StampParams(packets=PACKETS), None).detail == detail


def stamped_by(place: int, error: int, stamp: Callable[[int], int]) -> Message:
    """An answer 2 ms later, of a reflector that took 1 ms and writes stamps of this kind."""
    sent = from_stamp(STAMPS[place])
    reflected = reflect(
        request(place, STAMPS[place], 1, 2) + extensions(SIZE, 46),
        sequence=place,
        received=stamp(sent + MILLI // 2),
        answered=stamp(sent + 3 * MILLI // 2),
        error=error,
        ttl=60,
        tos=184,
    )
    return Message(reflected, sent + 2 * MILLI, 184)


def to_ptp(ns: int) -> int:
    """By a clock that has no leap seconds, 37 s ahead (RFC 8186)."""
    seconds, rest = divmod(ns + 37 * 10**9, 10**9)
    return seconds << 32 | rest


def judged_jitter(messages: list[Message]) -> dict[str, float]:
    buffer = ReceiveBuffer(PACKETS, SIZE, socket.AF_INET)
    buffer.store(delivered(messages, socket.AF_INET), len(messages), READ, STAMPS)
    report = StreamReport(PACKETS, buffer.answers(STAMPS))
    trips = round_trips(report)
    assert trips.max() <= 0.00201
    found = facts(report, trips, StampParams(), 0.001)
    assert not any("one_way" in sample.name for sample in found)
    return {s.labels[0][1]: s.value for s in found if s.name == "netwatch_media_jitter_seconds"}


def test_a_reflector_with_ptp_stamps_has_the_jitter_of_its_line() -> None:
    messages = [stamped_by(place, 0xC001, to_ptp) for place in range(PACKETS)]
    assert judged_jitter(messages) == pytest.approx({"forward": 0, "backward": 0}, abs=1e-7)


@pytest.mark.parametrize(
    ("error", "stamp"), [(0xC001, to_stamp), (0x4001, lambda ns: to_ptp(ns) | 0xFFFFFFFF)]
)
def test_stamps_that_are_not_what_they_say_give_no_jitter(
    error: int, stamp: Callable[[int], int]
) -> None:
    assert judged_jitter([stamped_by(place, error, stamp) for place in range(PACKETS)]) == {}


def test_a_reflector_that_changes_its_scale_gives_no_jitter() -> None:
    messages = [
        stamped_by(place, *((0x4001, to_ptp) if place % 2 else (1, to_stamp)))
        for place in range(PACKETS)
    ]
    assert judged_jitter(messages) == {}
