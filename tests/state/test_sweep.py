"""What stands behind something that has gone is asked once, however often that comes and goes."""

from __future__ import annotations

from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.state.sweep import Sweep
from tests.harness.builders import make_check, make_inventory, make_result, make_states

KEY = "nam-sach", "router"


def test_a_target_that_is_awaited_twice_between_two_looks_is_found_silent_once() -> None:
    check = make_check()
    states = make_states(make_inventory(), [check])
    for at, outcome in ((1.0, Outcome.SUCCESS), (2.0, Outcome.FAILURE)):
        states.report(make_result(check, outcome, at))
    asked: list[Check] = []
    sweep = Sweep(asked.append)
    sweep.replace(states.targets)
    sweep.begin(KEY)
    sweep.end(KEY)
    sweep.begin(KEY)
    assert sweep.advance(3.0) == [KEY]
    assert sweep.advance(4.0) == []
    assert asked == []
