"""Months that rules carry on, against a story whose truth is known: bench.quarter in small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import quarter

pytestmark = pytest.mark.slow

HOURS_AHEAD = 28 * 24 + 7
"""A zone in which January is over after 65 hours."""


def test_months_lack_nothing_but_what_nobody_read(tmp_path: Path) -> None:
    story = quarter.told(seed=3, sites=3, days=3.2, hours_ahead=HOURS_AHEAD)
    (month,) = quarter.over(story)
    recorded = quarter.recorded(story, tmp_path)
    # The last scrape before each end of a run, the gap over the edge, and the first evaluation.
    unread = len(story.runs) * quarter.SCRAPE + 2500 + 2 * 240
    for site in story.sites:
        true, got = quarter.truth(story, site, month), recorded[site, month.name]
        assert sum(true.values()) - unread <= sum(got.values()) <= sum(true.values())
        for time, seconds in true.items():
            assert seconds - unread <= got[time] <= seconds + 1
    assert sum(got["lost"] for got in recorded.values()) > 0
