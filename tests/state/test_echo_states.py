"""Results that come as columns make the same states as results that come one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.core.check import Check
from netwatch.core.echo import LOCAL_ERROR, OK, REASONS, TIMEOUT, EchoResults
from netwatch.core.result import Reason
from netwatch.core.state import State
from netwatch.core.streams import Streams
from netwatch.inventory.model import Inventory
from netwatch.state.graph import STRAIGHT, Graph
from netwatch.state.table import StateTable
from tests.harness.builders import make_checks, make_inventory, make_states

REFUSED = REASONS.index(Reason.REFUSED)
ANSWERS = {"+": 0.01, "~": 0.4}
"""A good round trip, and one beyond the limit."""

LOSSES = {"-": TIMEOUT, "x": REFUSED, "?": LOCAL_ERROR}


def unconnected(inventory: Inventory) -> Graph:
    """No target behind another one: what comes at once has no order, which whose fault needs."""
    graph = Graph(inventory)
    graph.ways = dict.fromkeys(graph.ways, STRAIGHT)
    graph.behind = dict.fromkeys(graph.behind, ())
    return graph


class Twins:
    """Two state tables of one inventory: one is told in columns, the other one result at a time."""

    def __init__(self, inventory: Inventory, checks: list[Check]) -> None:
        self.now = 0.0
        self.checks = checks
        self.streams = Streams()
        self.streams.watch(checks)
        self.columns = make_states(inventory, checks, 0.0, unconnected(inventory), self.streams)
        self.single = make_states(inventory, checks, 0.0, unconnected(inventory))

    def round(self, fates: str) -> None:
        """One slot, and what becomes of each check's echo in it.

        The first check is the canary's, if there is one. Its echo is told by itself: whether those
        who wait for it are judged before or after they answer is a matter of order, too.
        """
        self.now += 5.0
        self.tell(fates, [0])
        self.tell(fates, [*range(1, len(fates))])

    def tell(self, fates: str, places: list[int]) -> None:
        """What becomes of the echoes of these checks."""
        kinds = {fate: [place for place in places if fates[place] == fate] for fate in fates}
        batches = [self.answered([p for fate in ANSWERS for p in kinds.get(fate, [])], fates)]
        for fate, reason in LOSSES.items():
            batches.append(self.lost(kinds.get(fate, []), reason))
        for batch in batches:
            if len(batch.rows):
                self.columns.report_echoes(batch)
                for place, row in enumerate(batch.rows.tolist()):
                    check = self.streams.checks[row]
                    assert check is not None
                    self.single.report(batch.one(place, check))

    def answered(self, places: list[int], fates: str) -> EchoResults:
        trips = np.array([ANSWERS[fates[place]] for place in places])
        reasons, rows = np.full(len(places), OK, np.uint8), self.rows(places)
        return EchoResults(rows, reasons, np.full(len(places), self.now), self.now, trips)

    def lost(self, places: list[int], reason: int) -> EchoResults:
        reasons, rows = np.full(len(places), reason, np.uint8), self.rows(places)
        details = dict.fromkeys(range(len(places)), "from 10.0.0.1") if reason == REFUSED else {}
        due = np.full(len(places), self.now)
        return EchoResults(rows, reasons, due, self.now, details=details)

    def rows(self, places: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Canaries stand first, as columns are taken in."""
        return self.streams.rows([self.checks[place] for place in sorted(places)])

    def tick(self, seconds: float) -> None:
        self.now += seconds
        expired = self.columns.tick(self.now)
        assert {c.id for c in expired} == {c.id for c in self.single.tick(self.now)}

    def compare(self) -> None:
        assert self.columns.vantage.ok == self.single.vantage.ok
        for key, target in self.columns.targets.items():
            twin = self.single.targets[key]
            assert target.state is twin.state, key
            assert target.cause == twin.cause, key
            status, other = target.primary, twin.primary
            assert status is not None
            assert other is not None
            assert status.last == other.last
            assert status.last_valid == other.last_valid
            for figure in ("loss_ratio", "round_trip", "jitter"):
                value = getattr(status.quality, figure)
                assert value == pytest.approx(getattr(other.quality, figure)), (key, figure)
        for site_id, site in self.columns.sites.items():
            assert site.state is self.single.sites[site_id].state
            assert site.seconds_by_state(self.now) == self.single.sites[site_id].seconds_by_state(
                self.now
            )


ROUNDS = st.lists(
    st.one_of(st.text("+~-x?", min_size=4, max_size=4), st.sampled_from(["++++", "----", "+---"])),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(rounds=ROUNDS, repeats=st.integers(1, 25), has_canary=st.booleans(), data=st.data())
def test_columns_say_what_single_results_say(
    rounds: list[str], repeats: int, has_canary: bool, data: st.DataObject
) -> None:
    inventory = make_inventory(canaries=["hd-dc/core"] if has_canary else [])
    twins = Twins(inventory, make_checks(inventory))
    for fates in rounds:
        for _ in range(repeats if fates == "++++" else 1):
            twins.round(fates)
        twins.compare()
        if data.draw(st.integers(0, 9)) == 0:
            twins.tick(data.draw(st.sampled_from([1.0, 17.0])))
            twins.compare()


def test_who_waits_for_a_canary_waits_until_it_answers() -> None:
    inventory = make_inventory(canaries=["hd-dc/core"])
    twins = Twins(inventory, make_checks(inventory))
    for fates in ("???x", "???x", "???x", "x???", "+???"):
        twins.round(fates)
        twins.compare()
    assert twins.single.targets["an-lam", "router"].state is State.DOWN


def test_nothing_that_stays_as_it_is_goes_through_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    inventory = make_inventory()
    twins = Twins(inventory, make_checks(inventory))
    for _ in range(30):
        twins.round("+++-")
    monkeypatch.setattr(StateTable, "_judge_result", None)  # would fail
    for _ in range(5):
        twins.round("+++-")
    assert twins.columns.targets["an-lam", "router"].state is State.DOWN


def test_a_stream_that_was_taken_out_leaves_no_trace() -> None:
    inventory = make_inventory()
    checks = make_checks(inventory)
    twins = Twins(inventory, checks)
    twins.round("++++")
    twins.streams.watch(checks[:-1])
    twins.columns.replace(inventory, checks[:-1], twins.now)
    assert twins.columns.targets["an-lam", "router"].state is State.UNKNOWN
    late = EchoResults(np.array([3]), np.array([OK], np.uint8), np.zeros(1), 1.0, np.ones(1))
    twins.columns.report_echoes(late)
    twins.streams.watch(checks)
    twins.columns.replace(inventory, checks, twins.now)
    primary = twins.columns.targets["an-lam", "router"].primary
    assert primary is not None
    assert primary.last is None
    assert primary.quality.loss_ratio is None


def test_round_trips_that_last_until_a_late_reading_are_not_judged() -> None:
    """The clock was set, so they say how late this machine reads, and nothing of the line."""
    inventory = make_inventory()
    checks = make_checks(inventory)
    twins = Twins(inventory, checks)
    rows = twins.rows([*range(len(checks))])
    reasons = np.full(len(rows), OK, np.uint8)
    for number in range(60):
        due, trips = np.full(len(rows), 5.0 * number), np.full(len(rows), 0.01)
        is_exact = number % 3 > 0
        trips = trips if is_exact else trips + 0.4 * (number % 2)
        twins.columns.report_echoes(
            EchoResults(rows, reasons, due, 5.0 * number, trips, is_exact=is_exact)
        )
    assert {target.state for target in twins.columns.targets.values()} == {State.UP}
    (jitter,) = set(twins.columns.echoes.qualities.jitter[rows].round(6).tolist())
    assert jitter == 0.0


def test_a_machine_that_stood_still_twice_makes_no_line_jittery() -> None:
    """What was under way took long, at many sites at once; the canary's echo was not."""
    inventory = make_inventory(canaries=["hd-dc/core"])
    checks = make_checks(inventory)
    twins = Twins(inventory, checks)
    rows = twins.rows([*range(len(checks))])
    is_canary = np.array([check.target == "core" for check in checks])
    reasons = np.full(len(rows), OK, np.uint8)
    for number in range(60):
        due, stalled = np.full(len(rows), 5.0 * number), 0.7 * (number in {30, 33})
        trips = np.where(is_canary, 0.01, 0.01 + stalled)
        twins.columns.report_echoes(EchoResults(rows, reasons, due, 5.0 * number, trips))
        states = {target.state for target in twins.columns.targets.values()}
        assert states == {State.UP}, number
    assert twins.columns.echoes.qualities.jitter.max() > 0.01


@pytest.mark.parametrize("is_own", [True, False], ids=["of the collector", "of a line"])
def test_jitter_that_the_canary_has_too_is_none_of_a_line(*, is_own: bool) -> None:
    inventory = make_inventory(canaries=["hd-dc/core"])
    checks = make_checks(inventory)
    twins = Twins(inventory, checks)
    rows = twins.rows([*range(len(checks))])
    is_canary = np.array([check.target == "core" for check in checks])
    reasons = np.full(len(rows), OK, np.uint8)
    for number in range(60):
        due, shaken = np.full(len(rows), 5.0 * number), 0.08 * (number % 2)
        trips = np.where(is_canary & (not is_own), 0.01, 0.01 + shaken)
        twins.columns.report_echoes(EchoResults(rows, reasons, due, 5.0 * number, trips))
    states = {key[1]: target.state for key, target in twins.columns.targets.items()}
    assert states["core"] is State.UP
    assert states["codec"] is (State.UP if is_own else State.DEGRADED)
