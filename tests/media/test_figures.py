from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.media.figures import jitter, late, losses, quantile, quantiles


def test_runs_of_losses() -> None:
    #                             x  x           x                 x  x  x
    arrived = np.array([True, False, False, True, False, True, True, False, False, False])
    found = losses(arrived)
    assert found.ratio == 0.6
    assert found.longest == 3
    assert found.burst == pytest.approx(2 * 0.4 if 2 * 0.4 > 1 else 1.0)


def test_bursts_are_measured_against_independent_losses() -> None:
    # Ten runs of four among 1000: the mean run is 4, that of independent losses 1 / 0.96.
    arrived = np.array(([False] * 4 + [True] * 96) * 10)
    assert losses(arrived).burst == pytest.approx(4 * 0.96)
    assert losses(np.array([False, True] * 50)).burst == 1.0


@given(st.lists(st.booleans(), max_size=60))
def test_losses_are_those_that_are_counted_one_by_one(arrived: list[bool]) -> None:
    runs = [sum(1 for _ in run) for came, run in groupby(arrived) if not came]
    ratio = sum(runs) / len(arrived) if arrived else 0.0
    mean = sum(runs) / len(runs) if runs else 1.0
    found = losses(np.array(arrived, np.bool_))
    assert (found.ratio, found.longest) == (ratio, max(runs, default=0))
    assert found.burst == pytest.approx(max(1.0, mean * (1 - ratio)))


def transits_of(values: Sequence[int]) -> np.ndarray:
    return np.array(values, np.int64)


def test_jitter_as_rfc_3550_works_it_out() -> None:
    # Transit times 10, 20, 10 ms: J = 10/16, then J + (10 - J)/16.
    assert jitter(transits_of([10, 20, 10])) == pytest.approx(10 / 16 + (10 - 10 / 16) / 16)
    assert jitter(transits_of([7])) is None
    assert jitter(transits_of([])) is None


@given(st.lists(st.integers(-(2**61), 2**61), min_size=2, max_size=1000))
def test_jitter_is_that_of_the_recursion(transits: list[int]) -> None:
    estimate = 0.0
    for before, transit in pairwise(transits):
        estimate += (abs(transit - before) - estimate) / 16
    assert jitter(transits_of(transits)) == pytest.approx(estimate, rel=1e-9)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50), st.integers(-(10**15), 10**15))
def test_a_difference_of_clocks_changes_no_jitter(transits: list[int], offset: int) -> None:
    assert jitter(transits_of(transits)) == jitter(transits_of(transits) + offset)


def test_late_is_beyond_the_shortest_and_the_buffer() -> None:
    assert late(np.array([0.010, 0.069, 0.071]), 0.06).tolist() == [False, False, True]
    assert late(np.array([]), 0.06).tolist() == []


def test_quantiles() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert [quantile(values, share) for share in (0, 0.5, 0.95, 1)] == [1, 3, 5, 5]
    assert quantile([7.0], 0.5) == 7.0


@given(st.lists(st.floats(0, 10), min_size=1), st.floats(0, 1))
def test_a_quantile_is_one_of_the_values(values: list[float], share: float) -> None:
    wanted = sorted(values)[max(0, ceil(share * len(values)) - 1)]
    assert quantiles(np.array(values), share, 1.0) == [wanted, max(values)]
