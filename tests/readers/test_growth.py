"""Every reader is linear, and done within its time, on the largest input it accepts."""

from __future__ import annotations

import re

import pytest

from tests.readers.growth import complaint, exponent, suspects
from tests.readers.registry import Reader, all_readers

RETRIES = 3
"""Noise only ever adds time: what is wrong by it once is not wrong by it each time."""

READERS = all_readers()


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_reader_is_linear_and_bounded(name: str) -> None:
    reader = READERS[name]
    for shape in suspects(reader):
        for _ in range(RETRIES):
            told = complaint(reader, shape)
            if not told:
                break
        assert not told


@pytest.mark.parametrize("name", READERS)
def test_good_inputs_are_read(name: str) -> None:
    reader = READERS[name]
    for data in reader.seeds:
        assert len(data) <= reader.max_octets
        reader.try_on(data)


def test_a_reader_that_goes_back_is_found() -> None:
    via = re.compile(rb"(\S+)\s+([^;,]+?)\s*(;.*)?")
    slow = Reader("slow", via.fullmatch, 4096, seeds=(b"UDP a b",))
    assert any(exponent(slow, shape) > 1.35 for shape in suspects(slow))
