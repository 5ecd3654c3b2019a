"""Every moment of a period is in one span, whatever the events are."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.state import State
from netwatch.core.timeline import StateSpan, length, overlap, spans, union, without

MOMENTS = st.integers(0, 60)
INTERVALS = st.lists(st.tuples(MOMENTS, MOMENTS), max_size=8)
EVENTS = st.lists(
    st.builds(
        StateSpan, MOMENTS, MOMENTS, st.sampled_from([s for s in State if s is not State.UP])
    ),
    max_size=10,
)


def state_at(moment: int, events: list[StateSpan], known: list[tuple[int, int]]) -> State:
    """The state of one millisecond, found by looking at everything."""
    if not any(begin <= moment < end for begin, end in known):
        return State.UNKNOWN
    open_ = [
        (event.begin, order, event.state)
        for order, event in enumerate(events)
        if event.begin <= moment < event.end
    ]
    return max(open_)[2] if open_ else State.UP


@given(EVENTS, INTERVALS, MOMENTS, st.integers(0, 30))
def test_a_period_is_cut_up_as_its_every_moment_says(
    events: list[StateSpan], known: list[tuple[int, int]], begin: int, lasts: int
) -> None:
    period = begin, begin + lasts
    found = spans(events, union(known), period)
    told = [span.state for span in found for _ in range(span.begin, span.end)]
    assert told == [state_at(moment, events, known) for moment in range(*period)]
    assert all(a.end == b.begin and a.state is not b.state for a, b in pairwise(found))


@given(INTERVALS, INTERVALS)
def test_intervals_are_sets_of_moments(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    def moments(intervals: list[tuple[int, int]]) -> set[int]:
        return {moment for begin, end in intervals for moment in range(begin, end)}

    a, b = union(one), union(other)
    assert moments(a) == moments(one)
    assert moments(overlap(a, b)) == moments(one) & moments(other)
    assert moments(without(a, b)) == moments(one) - moments(other)
    assert length(a) == len(moments(one))
