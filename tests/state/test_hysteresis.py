from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netwatch.state.hysteresis import Hysteresis


def feed(hysteresis: Hysteresis, results: str) -> list[bool | None]:
    """``+`` is a good result, ``-`` a bad one; returns the hard state after each."""
    states = []
    for moment, result in enumerate(results):
        hysteresis.record(good=result == "+", at=float(moment))
        states.append(hysteresis.hard)
    return states


def test_the_first_good_result_counts_at_once() -> None:
    assert feed(Hysteresis(3, 2), "+") == [True]


def test_bad_news_needs_three_in_a_row() -> None:
    assert feed(Hysteresis(3, 2), "+--+---") == [True, True, True, True, True, True, False]


def test_unknown_stays_unknown_until_the_bad_row_is_full() -> None:
    assert feed(Hysteresis(3, 2), "---") == [None, None, False]


def test_good_news_after_hard_bad_news_needs_two() -> None:
    assert feed(Hysteresis(3, 2), "---+-++")[3:] == [False, False, False, True]


def test_the_row_began_with_its_first_result() -> None:
    hysteresis = Hysteresis(3, 2)
    feed(hysteresis, "++---")
    assert hysteresis.streak_began == 2.0


@given(st.text(alphabet="+-", max_size=60), st.integers(1, 6), st.integers(1, 6))
def test_a_state_is_always_backed_by_a_row(results: str, down_after: int, up_after: int) -> None:
    states = feed(Hysteresis(down_after, up_after), results)
    for position, (before, after) in enumerate(zip([None, *states], states, strict=False)):
        if after is False and before is not False:
            row = results[: position + 1][-down_after:]
            assert row == "-" * down_after
        if after is True and before is False:
            assert results[: position + 1].endswith("+" * up_after)
