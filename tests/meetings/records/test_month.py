"""What the meetings of a month come to."""

from __future__ import annotations

import pytest

from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.month import MeetingMonth
from netwatch.meetings.records.record import MeetingVerdict
from tests.harness.meetings import make_record, make_room


def test_a_month_counts_by_level_and_leaves_out_what_is_not_known() -> None:
    held, other = (
        make_record(declared=MeetingVerdict.HELD),
        make_record(declared=MeetingVerdict.NOT_HELD),
    )
    centre = make_record(declared=MeetingVerdict.HELD, level="centre-province")
    month = MeetingMonth((held, held, other, centre, make_record()), missed=("province-district",))
    assert month.held("province-district") == pytest.approx(2 / 3)
    assert month.held("centre-province") == 1
    assert month.held(None) == 3 / 4
    assert month.held("district-commune") is None
    assert month.counts() == {
        ("province-district", MeetingVerdict.HELD): 2,
        ("province-district", MeetingVerdict.NOT_HELD): 1,
        ("province-district", MeetingVerdict.UNKNOWN): 2,
        ("centre-province", MeetingVerdict.HELD): 1,
    }


def test_a_room_that_was_not_measured_at_the_start_was_not_ready() -> None:
    first, second = make_record(), make_record({"late": make_room()})
    first.begin({"a": make_room(), "b": make_room(readiness=Readiness.UNKNOWN)})
    assert MeetingMonth((first, second)).ready(None) == 0.5  # "late": nobody looked at the start
    assert MeetingMonth((second,)).ready(None) is None
