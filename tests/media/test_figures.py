from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.media.figures import jitter, late, losses, quantile


def test_runs_of_losses() -> None:
    #                    x  x           x                 x  x  x
    arrived = [True, False, False, True, False, True, True, False, False, False]
    found = losses(arrived)
    assert found.ratio == 0.6
    assert found.longest == 3
    assert found.burst == pytest.approx(2 * 0.4 if 2 * 0.4 > 1 else 1.0)


def test_bursts_are_measured_against_independent_losses() -> None:
    # Ten runs of four among 1000: the mean run is 4, that of independent losses 1 / 0.96.
    arrived = ([False] * 4 + [True] * 96) * 10
    assert losses(arrived).burst == pytest.approx(4 * 0.96)
    assert losses([False, True] * 50).burst == 1.0


def test_without_losses_and_with_nothing_else() -> None:
    assert (losses([]).ratio, losses([]).burst) == (0.0, 1.0)
    assert (losses([True]).ratio, losses([True]).longest) == (0.0, 0)
    assert (losses([False]).ratio, losses([False]).longest) == (1.0, 1)


def test_jitter_as_rfc_3550_works_it_out() -> None:
    # Transit times 10, 20, 10 ms: J = 10/16, then J + (10 - J)/16.
    assert jitter([10.0, 20.0, 10.0]) == pytest.approx(10 / 16 + (10 - 10 / 16) / 16)
    assert jitter([7.0]) is None
    assert jitter([]) is None


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50), st.integers(-(10**15), 10**15))
def test_a_difference_of_clocks_changes_no_jitter(transits: list[int], offset: int) -> None:
    assert jitter(transits) == jitter(transit + offset for transit in transits)


def test_late_is_beyond_the_shortest_and_the_buffer() -> None:
    assert late([0.010, 0.069, 0.071], 0.06) == [False, False, True]
    assert late([], 0.06) == []


def test_quantiles() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert [quantile(values, share) for share in (0, 0.5, 0.95, 1)] == [1, 3, 5, 5]
    assert quantile([7.0], 0.5) == 7.0
