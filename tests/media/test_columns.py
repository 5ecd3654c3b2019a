"""Answers taken apart many at once, held against the same taken apart one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.media.columns import DSCP_UNKNOWN, quoted, reflections, words_of
from netwatch.media.stamp import (
    MIN_ANSWER_SIZE,
    extensions,
    parse_reflected,
    possible_error,
    reflect,
    request,
)

SIZE = 172
FIELDS = st.integers(0, 2**64 - 1)


def honest(sequence: int, sent: int, received: int, answered: int, tos: int) -> bytes:
    data = request(sequence % 1000, sent, 1, 2) + extensions(SIZE, 46)
    return reflect(
        data,
        sequence=sequence,
        received=received,
        answered=answered,
        error=sequence & 0xFFFF,
        ttl=60,
        tos=tos,
    )


ANSWERS = st.builds(honest, st.integers(0, 2**32 - 1), FIELDS, FIELDS, FIELDS, st.integers(0, 255))
CHANGED = st.builds(
    lambda data, at, octet: data[:at] + bytes([octet]) + data[at + 1 :],
    ANSWERS,
    st.integers(0, 60),
    st.integers(0, 255),
)
OTHERS = st.one_of(
    ANSWERS,
    CHANGED,
    st.builds(lambda data, end: data[:end], ANSWERS, st.integers(MIN_ANSWER_SIZE, SIZE)),
    st.builds(lambda data, more: data + more, ANSWERS, st.binary(max_size=40)),
    # our extensions in another order, or twice
    st.builds(lambda data, end: data[:44] + data[52:] + data[44:52] + end, ANSWERS, st.binary()),
    st.binary(min_size=MIN_ANSWER_SIZE, max_size=2 * SIZE),
)


def rows_of(datas: list[bytes], room: int) -> np.ndarray:
    """With something behind those that are shorter, as an earlier message leaves it there."""
    rows = np.frombuffer(
        b"".join(data[:room].ljust(room, b"\x04") for data in datas), np.uint8
    ).reshape(-1, room)
    return rows.copy()


@given(st.lists(OTHERS, max_size=6), st.sampled_from([SIZE, 2 * SIZE + 100]))
def test_many_are_read_as_each_is(datas: list[bytes], room: int) -> None:
    octets = rows_of(datas, room)
    words = words_of(octets)
    lengths = np.array([len(data) for data in datas], np.int64)
    found = reflections(words, octets, lengths, SIZE)
    places, stamps = quoted(words)
    for row, data in enumerate(datas):
        one = parse_reflected(data[:room])
        assert one is not None
        assert found.sequence[row] == one.sequence
        assert places[row] == one.sent_sequence
        assert int(stamps[row]) & 0xFFFFFFFF_FFFFFFFF == one.sent_stamp
        assert found.received[row] == one.received
        assert found.answered[row] == one.answered
        assert possible_error(int(found.error[row])) == one.error
        assert found.dscp[row] == (DSCP_UNKNOWN if one.dscp is None else one.dscp)


@pytest.mark.parametrize("flags", [0x80, 0x40])
def test_a_class_that_the_reflector_did_not_understand_is_none(flags: int) -> None:
    data = honest(1, 2, 3, 4, 46 << 2)
    octets = rows_of([data, data[:44] + bytes([flags]) + data[45:]], SIZE)
    found = reflections(words_of(octets), octets, np.array([SIZE, SIZE]), SIZE)
    assert found.dscp.tolist() == [46, DSCP_UNKNOWN]
