"""Which meetings are followed as the clock goes on, and what is shown of them."""

from __future__ import annotations

from datetime import timedelta

from netwatch.meetings.monitor.followed import MAX_FOLLOWED, FollowedMeetings
from netwatch.meetings.phases import Phase
from tests.harness.meetings import START, make_meeting

BEFORE = (3600.0, 600.0)
MEETING = make_meeting()
END = MEETING.end


def test_a_meeting_is_followed_from_its_first_preflight_to_its_end() -> None:
    followed = FollowedMeetings()
    followed.advance([MEETING], START - timedelta(minutes=61), BEFORE)
    assert followed.open == {}
    assert [each.phase for each in followed.shown()] == [Phase.PLANNED]
    followed.advance([MEETING], START - timedelta(minutes=60), BEFORE)
    assert [each.phase for each in followed.open.values()] == [Phase.PREFLIGHT]
    followed.advance([MEETING], END, BEFORE)
    assert followed.open == {}
    assert [each.phase for each in followed.shown()] == [Phase.OVER]


def test_begin_and_end_are_told_once() -> None:
    followed = FollowedMeetings()
    told = []
    for minutes in (-5, 0, 1, 119, 120, 121):
        changes = followed.advance([MEETING], START + timedelta(minutes=minutes), BEFORE)
        told.append((len(changes.begun), len(changes.ended)))
    assert told == [(0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0)]


def test_a_meeting_that_is_found_under_way_did_not_begin_now() -> None:
    followed = FollowedMeetings()
    assert followed.advance([MEETING], START + timedelta(minutes=1), BEFORE).begun == []


def test_more_meetings_than_can_be_followed_are_left_alone() -> None:
    followed = FollowedMeetings()
    many = [make_meeting(id=f"meeting-{number}") for number in range(MAX_FOLLOWED + 1)]
    followed.advance(many, START, BEFORE)
    assert len(followed.open) == MAX_FOLLOWED


def test_another_plan_changes_a_meeting_or_calls_it_off() -> None:
    followed = FollowedMeetings()
    other = make_meeting(id="other")
    followed.advance([MEETING, other], START, BEFORE)
    longer = make_meeting(end=END + timedelta(hours=1))
    assert followed.replan([longer], START) == [other.key]
    assert [each.meeting.end for each in followed.open.values()] == [longer.end]


def test_a_meeting_that_has_ended_is_not_called_off() -> None:
    followed = FollowedMeetings()
    followed.advance([MEETING], START, BEFORE)
    assert followed.replan([], END) == []
    assert [each.meeting for each in followed.advance([], END, BEFORE).ended] == [MEETING]


def test_the_last_meeting_is_shown_until_another_one_ends() -> None:
    followed = FollowedMeetings()
    followed.advance([MEETING], START, BEFORE)
    followed.advance([MEETING], END, BEFORE)
    followed.advance([], END + timedelta(days=3), BEFORE)
    assert [each.meeting for each in followed.shown()] == [MEETING]
