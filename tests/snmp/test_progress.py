"""Counters of interfaces go on over wraps, resets and jumps, and never faster than the line."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.snmp.progress import Count, progress

FULL = 2.0**32
MOST = 7.5e8
"""Octets that a line of 100 Mb/s carries in a minute."""


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (Count(1000, narrow=False), Count(6000, narrow=False), 5000),
        (Count(FULL - 1000, narrow=True), Count(500, narrow=True), 1500),
        (Count(5e9, narrow=False), Count(800, narrow=False), 800),
        (Count(5e9, narrow=False), Count(4e9, narrow=False), 0),
        (Count(3e9, narrow=True), Count(800, narrow=True), 800),
        (Count(1000, narrow=False), Count(9e12, narrow=False), 0),
        (Count(5e9, narrow=False), Count(800, narrow=False, restarts=1), 800),
        (Count(100, narrow=False), Count(9e12, narrow=False, restarts=1), 0),
        (Count(100, narrow=False), Count(700, narrow=False, discontinuity=5), 0),
        (Count(100, narrow=True), Count(700, narrow=False), 0),
        (Count(0, narrow=False), Count(MOST * 1.05, narrow=False), MOST),
    ],
    ids=[
        "goes on",
        "32 bits wrap",
        "64 bits are reset",
        "64 bits go back a little",
        "32 bits are reset",
        "a jump beyond the line",
        "a restart",
        "a restart and nonsense",
        "the device says it is another count",
        "the wide counter appears",
        "read a little later",
    ],
)
def test_scenarios(before: Count, now: Count, expected: float) -> None:
    assert progress(before, now, MOST) == expected


def test_a_wrap_without_a_known_speed() -> None:
    assert progress(Count(FULL - 10, narrow=True), Count(5, narrow=True), math.inf) == 15
    assert progress(Count(100, narrow=True), Count(5, narrow=True), math.inf) == 5


COUNTS = st.builds(
    Count,
    st.integers(0, 2**64 - 1).map(float),
    st.booleans(),
    st.integers(0, 2),
    st.integers(0, 2).map(float),
)


@given(COUNTS, COUNTS, st.floats(0, 1e12))
def test_never_more_than_the_line_carries(before: Count, now: Count, most: float) -> None:
    assert 0 <= progress(before, now, most) <= most


@given(st.lists(st.integers(0, int(MOST)), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_a_narrow_counter_tells_what_passed(steps: list[int], start: int) -> None:
    value, total = start, 0.0
    for step in steps:
        following = (value + step) % 2**32
        total += progress(Count(value, narrow=True), Count(following, narrow=True), MOST)
        value = following
    assert total == sum(steps)
