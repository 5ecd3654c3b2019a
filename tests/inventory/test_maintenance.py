"""What must hold of planned work: each violation with its place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inventory.province import complaints

WINDOW = "maintenance: {{w: {{starts: 2026-12-05 22:00, for: 2h, reason: R, {}}}}}"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            WINDOW.format("sites: [anlam]"),
            "more.yaml:1: site 'anlam' does not exist; did you mean an-lam?",
        ),
        (
            WINDOW.format("targets: [an-lam/code]"),
            "more.yaml:1: site an-lam has no target 'code'; did you mean codec?",
        ),
        (
            WINDOW.format("links: [an-lam-uplin]"),
            "more.yaml:1: link 'an-lam-uplin' does not exist; did you mean an-lam-uplink?",
        ),
        (
            WINDOW.format("carriers: [VNTP]"),
            "more.yaml:1: no line is run by 'VNTP'; did you mean VNPT?",
        ),
        (
            WINDOW.format("repeat: FREQ=WEEKLY"),
            "more.yaml:1: w: touches nothing; name sites, branches, targets, links or carriers",
        ),
        (
            WINDOW.format("sites: [an-lam], repeat: weekly"),
            "more.yaml:1: repeat: 'weekly' is not a rule; write e.g. FREQ=WEEKLY;BYDAY=SA",
        ),
        (
            WINDOW.format("sites: [an-lam], repeat: FREQ=HOURLY"),
            "more.yaml:1: repeat: the rule repeats HOURLY; only days, weeks, months and years",
        ),
        (
            WINDOW.format("sites: [an-lam], repeat: FREQ=DAILY;INTERVAL=0"),
            "more.yaml:1: repeat: the rule INTERVAL must be 1 to 1000",
        ),
        (
            WINDOW.format("sites: [an-lam], repeat: FREQ=DAILY;BYDAY=XX"),
            "more.yaml:1: repeat: the rule BYDAY must be weekdays",
        ),
        (
            WINDOW.format("sites: [an-lam], repeat: FREQ=DAILY;WKST=XX"),
            "more.yaml:1: w: the rule can't be read: ",
        ),
        (
            WINDOW.format("sites: [an-lam], repeat: FREQ=DAILY;UNTIL=20200101"),
            "more.yaml:1: w: never happens; correct the rule",
        ),
        (
            (
                "maintenance: {w: {starts: 2026-12-05 22:00, for: 25h, reason: R, "
                "sites: [an-lam], repeat: FREQ=DAILY}}"
            ),
            "more.yaml:1: w: begins anew before it is over; make it shorter, or the rule rarer",
        ),
        (
            "maintenance: {w: {starts: tonight, for: 2h, reason: R, sites: [an-lam]}}",
            "more.yaml:1: starts: 'tonight' is not a time since 2000; write year-month-day",
        ),
    ],
)
def test_a_violation_has_its_place_and_remedy(tmp_path: Path, more: str, complaint: str) -> None:
    found = complaints(tmp_path, more)
    assert any(line.startswith(complaint) for line in found), found
