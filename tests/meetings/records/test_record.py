"""What is kept of a meeting."""

from __future__ import annotations

import pytest

from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.record import (
    MeetingVerdict,
    RoomTally,
    read_tallies,
)
from tests.harness.meetings import make_record, make_room


def test_rounds_and_interruptions_are_counted() -> None:
    seen = [True, True, False, False, None, True, False]
    tally = make_record(*({"a": make_room(reachable=each)} for each in seen)).rooms["a"]
    assert (tally.measured, tally.reached, tally.interruptions) == (6, 3, 2)


def test_the_worst_quality_is_kept() -> None:
    seen = (0.01, 4.1), (0.2, 2.0), (0.0, 4.4)
    made = make_record(*({"a": make_room(loss=loss, mos=mos)} for loss, mos in seen))
    assert (made.rooms["a"].loss, made.rooms["a"].mos) == (0.2, 2.0)
    assert make_record({"a": make_room()}).rooms["a"].loss is None


def test_readiness_at_the_start_is_noted_once() -> None:
    made = make_record()
    made.begin({"a": make_room(), "b": make_room(readiness=Readiness.UNKNOWN)})
    made.begin({"a": make_room(readiness=Readiness.NOT_READY)})
    assert {name: tally.ready for name, tally in made.rooms.items()} == {"a": 0, "b": 1}
    assert made.ready == 1


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ([(True, True, None)], MeetingVerdict.HELD),
        (
            [(True, False, False), (False, True, False)],
            MeetingVerdict.NOT_HELD,
        ),  # never at one time
        ([(False, False, None)], MeetingVerdict.NOT_HELD),
        ([(False, None, None)], MeetingVerdict.UNKNOWN),  # too few know
        ([(None, None, None)], MeetingVerdict.UNKNOWN),
        ([], MeetingVerdict.UNKNOWN),
    ],
)
def test_whether_it_was_held_is_seen_from_the_rooms(
    calls: list[tuple[bool | None, ...]], verdict: MeetingVerdict
) -> None:
    rounds = [
        {name: make_room(in_call=c) for name, c in zip("abc", each, strict=True)} for each in calls
    ]
    assert make_record(*rounds).observed is verdict


def test_what_somebody_declared_goes_before() -> None:
    made = make_record(
        {"a": make_room(in_call=True), "b": make_room(in_call=True)},
        declared=MeetingVerdict.NOT_HELD,
    )
    assert (made.observed, made.verdict) == (MeetingVerdict.HELD, MeetingVerdict.NOT_HELD)


def test_a_tally_survives_the_journal() -> None:
    tally = RoomTally(
        ready=0, measured=3, reached=2, asked=1, calls=1, interruptions=1, loss=0.5, mos=3.9
    )
    assert read_tallies({"a": tally.as_json()}) == {"a": tally}


@pytest.mark.parametrize("kept", [{"x": 1}, {"ready": "0"}, [], 7, {"_was_reachable": True}])
def test_a_damaged_tally_is_refused(kept: object) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        read_tallies({"a": kept})
