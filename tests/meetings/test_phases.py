from __future__ import annotations

from datetime import timedelta

import pytest

from netwatch.meetings.phases import Phase, due_preflight, phase
from tests.harness.meetings import START, make_meeting

BEFORE = (3600.0, 1800.0, 600.0)


@pytest.mark.parametrize(
    ("minutes", "stage", "due"),
    [
        (-61, Phase.PLANNED, None),
        (-60, Phase.PREFLIGHT, 3600.0),
        (-31, Phase.PREFLIGHT, 3600.0),
        (-30, Phase.PREFLIGHT, 1800.0),
        (-10, Phase.PREFLIGHT, 600.0),
        (-1, Phase.PREFLIGHT, 600.0),
        (0, Phase.UNDER_WAY, None),
        (119, Phase.UNDER_WAY, None),
        (120, Phase.OVER, None),
    ],
)
def test_a_meeting_goes_through_its_phases(minutes: int, stage: Phase, due: float | None) -> None:
    now = START + timedelta(minutes=minutes)
    assert phase(make_meeting(), now, BEFORE) is stage
    assert due_preflight(make_meeting(), now, BEFORE) == due


def test_the_order_of_the_offsets_does_not_matter() -> None:
    now = START - timedelta(minutes=20)
    assert due_preflight(make_meeting(), now, (600.0, 3600.0, 1800.0)) == 1800.0


def test_names_are_stable_and_apart() -> None:
    first, later = make_meeting(), make_meeting(start=START + timedelta(days=7))
    assert first.series == later.series == "giao-ban"
    assert first.key == "giao-ban@2026-11-23T08:00"
    one, two = make_meeting(uid="one"), make_meeting(uid="two")
    assert one.series == make_meeting(uid="one").series != two.series
    assert one.series.startswith("giao-ban-")
