"""What is planned or retired: on which days, what goes with it, and what can't stand on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netwatch.inventory.links import all_links
from netwatch.inventory.service import in_service, next_change, planned_sites, stage_of
from tests.inventory.province import complaints, load

DAY = date(2026, 12, 1)


def site(service: str, more: str = "") -> str:
    return f"""\
sites:
  thai-tan:
    tier: commune
    parent: centre
    name_vi: Xã Thái Tân
    {service}
    targets: {{router: 10.22.2.1, codec: 10.22.2.20}}
    uplink: {{carrier: VNPT, capacity: 20M}}
{more}"""


@pytest.mark.parametrize(
    ("service", "stage"),
    [
        ("state: active", "active"),
        ("state: planned", "planned"),
        ("{state: planned, since: 2026-12-02}", "planned"),
        ("{state: planned, since: 2026-12-01}", "active"),
        ("since: 2027-01-01", "planned"),
        ("since: 2020-01-01", "active"),
        ("until: 2026-12-01", "active"),
        ("until: 2026-11-30", "retired"),
        ("{state: retired, until: 2026-11-30}", "retired"),
    ],
)
def test_a_day_says_what_it_is(service: str, stage: str, tmp_path: Path) -> None:
    text = "\n    ".join(service.strip("{}").split(", "))
    inventory = load(tmp_path, site(text))
    assert stage_of(inventory.sites["thai-tan"], DAY) == stage
    assert ("thai-tan" in in_service(inventory, DAY).sites) is (stage == "active")
    assert ("thai-tan" in planned_sites(inventory, DAY).sites) is (stage == "planned")


FLOWS = """\
flows:
  axis:
    {name_vi: Trục, from: here, to: thai-tan/codec, expect: pass,
     check: {probe: tcp, port: 443, interval: 60s}}
links:
  second:
    {a: {target: thai-tan/router}, b: {target: an-lam/router}, carrier: VNPT, capacity: 1G}
meetings:
  weekly:
    name_vi: Giao ban
    level: province-commune
    start: 2026-11-23 07:30
    duration: 1h
    participants: {sites: [an-lam, thai-tan]}
maintenance:
  night: {starts: 2026-12-05 22:00, for: 2h, reason: X, sites: [thai-tan, an-lam]}
  alone: {starts: 2026-12-05 22:00, for: 2h, reason: X, targets: [thai-tan/codec]}
"""


def test_all_that_names_it_leaves_it_out(tmp_path: Path) -> None:
    whole = load(tmp_path, site("state: planned", FLOWS))
    served = in_service(whole, DAY)
    assert list(served.sites) == ["centre", "an-lam"]
    assert list(all_links(served)) == ["an-lam-uplink"]
    assert not served.flows
    assert served.meetings["weekly"].participants.sites == ("an-lam",)
    assert {id_: each.sites for id_, each in served.maintenance.items()} == {"night": ("an-lam",)}
    planned = planned_sites(whole, DAY)
    assert [(site_id, target_id) for site_id, _, target_id, _ in planned.targets()] == [
        ("thai-tan", "router"),
        ("thai-tan", "codec"),
    ]


def test_a_target_and_a_line_have_their_own_days(tmp_path: Path) -> None:
    text = FLOWS.replace("capacity: 1G}", "capacity: 1G, until: 2026-11-01}")
    whole = load(
        tmp_path,
        site("since: 2026-01-01", text).replace(
            "codec: 10.22.2.20", "codec: {address: 10.22.2.20, since: 2027-02-03}"
        ),
    )
    served = in_service(whole, DAY)
    assert list(served.sites["thai-tan"].targets) == ["router"]
    assert set(all_links(served)) == {"an-lam-uplink", "thai-tan-uplink"}
    assert next_change(whole, DAY) == date(2027, 2, 3)
    assert next_change(whole, date(2027, 3, 1)) is None
    assert next_change(whole, date(2026, 10, 1)) == date(2026, 11, 2)


def test_nothing_is_copied_where_all_is_in_service(tmp_path: Path) -> None:
    inventory = load(tmp_path)
    assert in_service(inventory, DAY) is inventory


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            site("state: retired"),
            (
                "more.yaml:2: thai-tan: is retired, but nothing says since when;"
                " add until: the last day"
            ),
        ),
        (
            site("since: 2026-02-01\n    until: 2026-01-31"),
            (
                "more.yaml:2: thai-tan: ends on 2026-01-31, before it begins on 2026-02-01;"
                " correct one"
            ),
        ),
        (
            site("state: planned", "  below: {tier: commune, parent: thai-tan, name_vi: X}"),
            (
                "more.yaml:9: parent thai-tan is planned or retired while this is in service;"
                " name another one, or correct state, since and until"
            ),
        ),
        (
            site("until: 2030-01-01", "canaries: [thai-tan/router]"),
            (
                "more.yaml:9: canary thai-tan/router is planned or retired while this is in"
                " service; name another one, or correct state, since and until"
            ),
        ),
        (
            site("until: 2030-01-01", "vantages: {other: {site: thai-tan, name_vi: X}}"),
            (
                "more.yaml:9: site thai-tan is planned or retired while this is in service;"
                " name another one, or correct state, since and until"
            ),
        ),
    ],
)
def test_what_can_not_be_is_told_whatever_the_day(
    text: str, complaint: str, tmp_path: Path
) -> None:
    assert complaints(tmp_path, text) == [complaint]


def test_what_ends_together_may_stand_on_each_other(tmp_path: Path) -> None:
    below = "  below: {tier: commune, parent: thai-tan, name_vi: X, since: 2027-03-01}"
    inventory = load(tmp_path, site("since: 2027-02-01", below))
    assert inventory.sites["below"].parent == "thai-tan"
