"""What is told of flows that change, what outlives a restart, and when they are not judged."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netwatch.core.result import Outcome, Reason
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowChange, FlowState, RestoredFlow, RestoredFlows
from netwatch.journal.file import NAME
from netwatch.journal.flows import FlowChanged, FlowRemoved
from netwatch.journal.reader import read_flow_events, read_previous_run
from netwatch.journal.writer import JournalWriter
from netwatch.state.target import Sighting
from tests.harness.builders import make_check, make_flow_inventory, make_result
from tests.harness.waiting import eventually

OK, LOST = Outcome.SUCCESS, Outcome.FAILURE
AS_EXPECTED, BROKEN = FlowState.AS_EXPECTED, FlowState.BROKEN
VIOLATED, UNKNOWN = FlowState.VIOLATED, FlowState.UNKNOWN
INTERVAL = 15.0
CHECK = make_check("tcp:443", flow="f", interval=INTERVAL)
SINCE = 1_000_000.0


class Scene:
    """One flow, what is told of it, and a control that answers or not."""

    def __init__(self, expect: str = "pass", **more: Any) -> None:
        self.inventory = make_flow_inventory(expect, **more)
        self.answers = True
        self.changes: list[FlowChange] = []
        self.table = FlowTable(self.inventory, [CHECK], self.witness, listener=self)
        self.status = self.table.flows["f"]
        self.now = 0.0

    def witness(self, _target: str) -> Sighting:
        return Sighting(self.answers, 1e9)

    def flow_changed(self, change: FlowChange) -> None:
        self.changes.append(change)

    def feed(self, *outcomes: Outcome, reason: Reason = Reason.TIMEOUT) -> None:
        for outcome in outcomes:
            self.now += INTERVAL
            told = Reason.OK if outcome is OK else reason
            result = make_result(CHECK, outcome, self.now, reason=told)
            self.table.report(result, vantage_ok=True)
            self.table.tick(self.now + 1)

    def told(self) -> list[tuple[FlowState, FlowState]]:
        return [(change.before, change.state) for change in self.changes]


def test_every_change_is_reported_once_with_what_it_rests_on() -> None:
    scene = Scene()
    scene.feed(OK, OK, LOST, LOST, LOST, LOST, reason=Reason.REFUSED)
    scene.table.tick(scene.now + 1000)
    assert scene.told() == [(UNKNOWN, AS_EXPECTED), (AS_EXPECTED, BROKEN), (BROKEN, UNKNOWN)]
    evidence = [turn.evidence for turn in scene.changes]
    assert evidence[1] == {"probe": "tcp:443", "reason": "refused"}
    assert evidence[2] == {"doubt": "not_measured"}


def test_a_violation_is_reported_and_a_silent_control_is_named() -> None:
    scene = Scene("blocked")
    scene.feed(LOST, OK, LOST)
    scene.answers = False
    scene.feed(LOST, LOST)
    assert scene.told() == [
        (UNKNOWN, AS_EXPECTED),
        (AS_EXPECTED, VIOLATED),
        (VIOLATED, AS_EXPECTED),
        (AS_EXPECTED, UNKNOWN),
    ]
    assert scene.changes[1].evidence == {"probe": "tcp:443", "reason": "ok"}
    assert scene.changes[3].evidence == {"doubt": "control_silent", "control": "nam-sach/router"}


def test_a_block_after_a_violation_is_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [SINCE]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    scene = Scene("blocked")
    for outcome in (LOST, LOST, OK, LOST):
        clock[0] += INTERVAL
        scene.feed(outcome)
    assert scene.status.since == clock[0]


def test_a_broken_flow_is_so_since_its_first_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [SINCE]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    scene = Scene()
    for outcome in (OK, LOST, LOST, LOST):
        clock[0] += INTERVAL
        scene.feed(outcome)
    assert scene.status.since == SINCE + 2 * INTERVAL


def resumed(expect: str, state: FlowState, ago: float) -> Scene:
    scene = Scene(expect)
    restored_states = RestoredFlows(
        SINCE + 100, {"f": RestoredFlow(state, SINCE), "gone": RestoredFlow(state, 0)}
    )
    scene.table.resume(restored_states, 500.0, SINCE + 100 + ago)
    scene.now = 500.0
    return scene


@pytest.mark.parametrize(
    ("expect", "state", "ago", "shown"),
    [
        ("pass", AS_EXPECTED, 5.0, AS_EXPECTED),
        ("pass", BROKEN, 5.0, BROKEN),
        ("blocked", VIOLATED, 5.0, VIOLATED),
        ("pass", BROKEN, 100.0, UNKNOWN),
        ("pass", UNKNOWN, 5.0, UNKNOWN),
        # How it was blocked is not known any more; it must not pass for a violation.
        ("blocked", BROKEN, 5.0, UNKNOWN),
    ],
)
def test_a_new_run_claims_what_is_recent_and_no_more(
    expect: str, state: FlowState, ago: float, shown: FlowState
) -> None:
    scene = resumed(expect, state, ago)
    assert scene.status.state is shown
    scene.table.tick(500.0 + 4 * INTERVAL)
    assert scene.status.state is UNKNOWN


def test_what_is_found_again_began_when_it_began() -> None:
    scene = resumed("pass", BROKEN, 1000.0)
    scene.feed(LOST, LOST, LOST)
    assert (scene.status.state, scene.status.since) == (BROKEN, SINCE)
    other = resumed("pass", BROKEN, 4000.0)
    other.feed(LOST, LOST, LOST)
    assert other.status.since != SINCE


@pytest.mark.parametrize("ago", [5.0, 1e6])
def test_violations_are_counted_from_0_in_each_run(ago: float) -> None:
    scene = Scene("blocked")
    restored_states = RestoredFlows(SINCE, {"f": RestoredFlow(AS_EXPECTED, SINCE)})
    scene.table.resume(restored_states, 500.0, SINCE + ago)
    scene.now = 500.0
    scene.feed(LOST, OK, OK)
    assert scene.status.violations == 2


OFFICE_HOURS = {"starts": "2026-01-05 08:00", "for": "9h", "repeat": "FREQ=DAILY"}
MORNING = 1_767_578_400.0 + 86400.0
"""2026-01-06 09:00 in Viet Nam."""
EVENING = MORNING + 9 * 3600


def test_a_flow_is_judged_only_on_its_schedule() -> None:
    scene = Scene(schedule=OFFICE_HOURS)
    scene.table.keep_schedules(MORNING)
    scene.feed(OK)
    assert scene.status.state is AS_EXPECTED
    scene.table.keep_schedules(EVENING)
    scene.feed(LOST, LOST, LOST)
    assert scene.status.state is UNKNOWN
    assert scene.changes[-1].evidence == {"doubt": "off_schedule"}
    assert scene.status.results[Reason.TIMEOUT] == 3, "it is measured all the time"
    scene.table.keep_schedules(MORNING + 86400)
    assert scene.status.state is UNKNOWN, "nothing was measured yet"
    scene.feed(OK)
    assert scene.status.state is AS_EXPECTED


def test_what_passes_outside_the_schedule_is_no_violation() -> None:
    scene = Scene("blocked", schedule=OFFICE_HOURS)
    scene.table.keep_schedules(EVENING)
    scene.feed(OK)
    assert (scene.status.state, scene.status.violations) == (UNKNOWN, 0)


def test_a_flow_that_is_changed_is_unknown_again() -> None:
    scene = Scene()
    scene.feed(OK)
    changed = make_check("tcp:443", flow="f", interval=30.0)
    scene.table.replace(scene.inventory, [changed])
    assert scene.told()[-1] == (AS_EXPECTED, UNKNOWN)


def test_what_was_counted_of_a_flow_stays_when_it_is_changed() -> None:
    scene = Scene("blocked")
    scene.feed(OK, OK)
    changed = make_check("tcp:443", flow="f", interval=30.0)
    scene.table.replace(scene.inventory, [changed])
    status = scene.table.flows["f"]
    assert (status.violations, status.results[Reason.OK]) == (2, 2)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalWriter]:
    writer = JournalWriter(tmp_path / NAME, keep=86400.0)
    writer.start()
    yield writer
    writer.stop()


def turn(before: FlowState, state: FlowState, since: float, at: float) -> FlowChanged:
    return FlowChanged(FlowChange("f", before, state, since, at, {"reason": "timeout"}))


def test_flows_are_written_from_begin_to_end(journal: JournalWriter, tmp_path: Path) -> None:
    path, now = tmp_path / NAME, time.time()
    records = [
        turn(UNKNOWN, AS_EXPECTED, now - 90, now - 90),
        turn(AS_EXPECTED, BROKEN, now - 80, now - 50),
        turn(BROKEN, UNKNOWN, now - 40, now - 40),
        turn(UNKNOWN, AS_EXPECTED, now - 30, now - 30),
        turn(AS_EXPECTED, VIOLATED, now - 20, now - 20),
        turn(UNKNOWN, VIOLATED, now - 20, now - 10),  # the next run says the same again
    ]
    for record in records:
        journal.put(record)
    eventually(lambda: journal.written == len(records))
    spans = [(event.state, event.began, event.ended) for event in read_flow_events(path, "f", 0, 9)]
    assert spans == [
        (BROKEN, now - 80, now - 40),
        (UNKNOWN, now - 40, now - 30),
        (VIOLATED, now - 20, None),
    ]
    assert read_flow_events(path, "other", 0, 9) == []
    assert read_previous_run(path).flows.flows == {"f": RestoredFlow(VIOLATED, now - 20)}
    journal.put(FlowRemoved("f", now))
    eventually(lambda: journal.written == len(records) + 1)
    assert read_flow_events(path, None, 0, 9)[-1].ended == now
    assert read_previous_run(path).flows.flows == {}


def test_a_journal_of_a_version_that_did_not_count_is_read(
    journal: JournalWriter, tmp_path: Path
) -> None:
    path, now = tmp_path / NAME, time.time()
    journal.put(turn(UNKNOWN, VIOLATED, now, now))
    eventually(lambda: journal.written == 1)
    journal.stop()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE violations")
    connection.close()
    assert read_previous_run(path).flows.flows == {"f": RestoredFlow(VIOLATED, now)}
