"""The ring of steps: what was worst in each, whatever the clock does."""

from __future__ import annotations

import numpy as np
import pytest

from netwatch.core.state import State
from netwatch.history.columns import RANKS, STEP, STEPS, DayColumns, codes

BEGIN = 1_000_000 * STEP


def record(columns: DayColumns, at: float, *states: State, loss: float = 0.0) -> None:
    count = len(states)
    columns.record(
        at,
        codes(np.array(states, np.uint8)),
        np.full(count, loss, np.float16),
        np.full(count, 0.01, np.float32),
    )


def test_every_state_has_its_rank() -> None:
    assert set(RANKS) == {None, *State}
    assert [RANKS[code] for code in codes(np.array(list(State), np.uint8))] == list(State)


def test_the_worst_of_a_step_is_kept() -> None:
    columns = DayColumns(["a", "b"])
    record(columns, BEGIN, State.UP, State.UP)
    record(columns, BEGIN + 5, State.DOWN, State.MAINTENANCE, loss=0.5)
    record(columns, BEGIN + 9, State.DEGRADED, State.UP)
    day = columns.day("a")
    assert day.end == BEGIN + STEP
    assert (day.states[-1], day.loss[-1]) == (State.DOWN, 0.5)
    assert day.round_trips[-1] == pytest.approx(0.01)
    assert columns.day("b").states[-1] is State.MAINTENANCE
    assert day.states[:-1] == [None] * (STEPS - 1)


def test_what_was_not_recorded_is_nothing_and_not_up() -> None:
    columns = DayColumns(["a"])
    record(columns, BEGIN, State.UP)
    record(columns, BEGIN + 3 * STEP, State.UP)
    assert columns.day("a").states[-4:] == [State.UP, None, None, State.UP]
    assert columns.day("a").loss[-3:-1] == [None, None]


@pytest.mark.parametrize("later", [STEPS, STEPS + 1, 5 * STEPS, 10**7])
def test_after_a_day_nothing_is_left(later: int) -> None:
    columns = DayColumns(["a"])
    for number in range(STEPS):
        record(columns, BEGIN + number * STEP, State.DOWN)
    record(columns, BEGIN + (STEPS - 1 + later) * STEP, State.UP)
    assert columns.day("a").states == [None] * (STEPS - 1) + [State.UP]


def test_a_clock_that_is_set_back_takes_the_future_along() -> None:
    columns = DayColumns(["a"])
    record(columns, BEGIN, State.DEGRADED)
    record(columns, BEGIN + 40 * STEP, State.DOWN)
    record(columns, BEGIN + STEP, State.UP)
    assert columns.day("a").states[-2:] == [State.DEGRADED, State.UP]
    assert State.DOWN not in columns.day("a").states


def test_a_site_keeps_its_day_over_a_reload() -> None:
    columns = DayColumns(["a", "b", "c"])
    record(columns, BEGIN, State.UP, State.DOWN, State.DEGRADED)
    other = columns.of_sites(["new", "c", "b"])
    assert other.day("b").states[-1] is State.DOWN
    assert other.day("c").states[-1] is State.DEGRADED
    assert other.day("new").states == [None] * STEPS
    with pytest.raises(ValueError, match="not in"):
        other.day("a")


def test_a_site_takes_seven_octets_a_step() -> None:
    columns = DayColumns([str(number) for number in range(100)])
    octets = columns.states.nbytes + columns.loss.nbytes + columns.trips.nbytes
    assert octets == 100 * 2016


def test_nothing_is_copied_where_the_sites_stay() -> None:
    columns = DayColumns(["a", "b"])
    assert columns.renamed(str).of_sites(("a", "b")) is columns
    assert columns.of_sites(("b", "a")).sites == ("b", "a")
