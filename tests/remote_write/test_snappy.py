"""Blocks of Snappy, sound ones and others."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.remote_write.snappy import unpack
from netwatch.remote_write.varint import MalformedRequestError
from tests.harness.remote_write import packed, varint

MOST = 10_000


@given(st.binary(max_size=500))
def test_literals(data: bytes) -> None:
    assert unpack(packed(data), MOST) == data


def test_long_literals_have_their_length_after_the_tag() -> None:
    data = bytes(range(256)) * 5
    assert unpack(varint(1280) + b"\xf4" + (1279).to_bytes(2, "little") + data, MOST) == data


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (b"\x0cabcd" + b"\x01\x04", b"abcdabcd"),  # 4 bytes from 4 back, offset in one byte
        (b"\x00a" + b"\x11\x01", b"a" * 9),  # 8 bytes from 1 back: they repeat themselves
        (b"\x0cabcd" + b"\x0e\x04\x00", b"abcdabcd"),  # the same, offset in two bytes
        (b"\x0cabcd" + b"\x0f\x02\x00\x00\x00", b"abcdcdcd"),  # and in four
        (b"\xf0\xff" + b"x" * 256 + b"\x31\x00", b"x" * 264),  # 256 back: a bit of it in the tag
    ],
)
def test_copies(elements: bytes, text: bytes) -> None:
    assert unpack(varint(len(text)) + elements, MOST) == text


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\xff" * 12,  # a length without an end
        varint(MOST + 1) + b"\x00a",
        varint(5) + b"\x10abc",  # a literal beyond the end
        varint(2) + b"\x00a",  # shorter than it says
        varint(1) + b"\x04ab",  # longer
        varint(4) + b"\x01\x04",  # a copy of nothing
        varint(5) + b"\x00a\x01\x02",  # from before the beginning
        varint(5) + b"\x00a\x01\x00",  # from nowhere
        varint(5) + b"\x00a\x02",  # an offset that is cut off
    ],
)
def test_what_is_none_is_refused(block: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        unpack(block, MOST)


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_nothing_else_comes_of_garbage(block: bytes, length: int) -> None:
    with suppress(MalformedRequestError):
        assert len(unpack(varint(length) + block, MOST)) == length
