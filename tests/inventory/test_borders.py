"""From "these networks to those: only these services" to flows, and what contradicts it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.inventory.borders import sample
from netwatch.inventory.flows import Flow
from tests.inventory.province import complaints, load

PARTY = """\
networks: {party: {name_vi: Mạng Đảng, name: Party network}}
classes: {web: {match: {roles: [web]}, checks: [{probe: icmp, interval: 5s}]}}
sites:
  tinh-uy:
    tier: commune
    network: party
    name_vi: Tỉnh ủy
    targets: {web: {address: 10.18.0.10, name_vi: Trang tin}, codec: 10.18.0.20}
  huyen-uy:
    tier: commune
    network: party
    name_vi: Huyện ủy
    targets: {web: 10.18.1.10}
"""
BORDER = """\
borders:
  state-party:
    name_vi: Nhà nước sang Đảng
    from: [state]
    to: [party]
    owner: Sở TTTT
    services:
      - {name_vi: Web, name: Web, roles: [web], check: {probe: tls, port: 443, interval: 30s}}
    forbidden_ports: [22, 443, 3389]
    sample: 4
"""


def flows_of(directory: Path, more: str = "") -> dict[str, Flow]:
    return load(directory, PARTY + BORDER + more).flows


BACK = """\
vantages: {there: {site: tinh-uy, name_vi: Tỉnh ủy}}
flows:
  f101:
    name_vi: Chiều về
    from: FROM
    to: centre/router
    check: {probe: tcp, port: 443, interval: 15s}
    expect: pass
"""


def test_what_follows_from_a_service_has_its_way_back(tmp_path: Path) -> None:
    border = BORDER.replace("roles: [web],", "roles: [web], back: f101,")
    flows = load(tmp_path, PARTY + border + BACK.replace("FROM", "there")).flows
    ways = {flow.back for flow in flows.values() if flow.vantage == "here"}
    assert ways == {"f101", None}  # None: what must not pass


def test_the_way_back_of_a_service_begins_elsewhere(tmp_path: Path) -> None:
    border = BORDER.replace("roles: [web],", "roles: [web], back: f101,")
    (told,) = complaints(tmp_path, PARTY + border + BACK.replace("FROM", "here"))
    assert told.endswith(": f101 begins at here too; name one of the other direction")


def test_every_service_must_pass_to_every_target_that_has_it(tmp_path: Path) -> None:
    required = {id_: flow for id_, flow in flows_of(tmp_path).items() if flow.expect == "pass"}
    assert list(required) == [
        "state-party/here/tinh-uy/web/tls:443",
        "state-party/here/huyen-uy/web/tls:443",
    ]
    flow = required["state-party/here/huyen-uy/web/tls:443"]
    assert (flow.vantage, flow.to, flow.owner) == ("here", "huyen-uy/web", "Sở TTTT")
    assert (flow.name_vi, flow.name) == ("Web: web, Huyện ủy", "Web: web, Huyện ủy")
    assert flow.check.interval == 30
    assert required["state-party/here/tinh-uy/web/tls:443"].name_vi == "Web: Trang tin"


def test_what_is_no_service_is_forbidden_and_sampled(tmp_path: Path) -> None:
    forbidden = [flow for flow in flows_of(tmp_path).values() if flow.expect == "blocked"]
    assert len(forbidden) == 4
    ways = {(flow.to, str((flow.check.model_extra or {})["port"])) for flow in forbidden}
    assert not ways & {("tinh-uy/web", "443"), ("huyen-uy/web", "443")}
    assert {to for to, _ in ways} == {"tinh-uy/web", "tinh-uy/codec", "huyen-uy/web"}
    assert {(flow.check.interval, flow.check.timeout) for flow in forbidden} == {(60.0, 3.0)}


def test_a_flow_that_is_written_out_goes_before_the_one_that_follows(tmp_path: Path) -> None:
    own = (
        "flows: {own: {name_vi: F, from: here, to: tinh-uy/web, expect: pass,"
        " check: {probe: tcp, port: 443, interval: 5s}}}"
    )
    required = {id_ for id_, flow in flows_of(tmp_path, own).items() if flow.expect == "pass"}
    assert required == {"own", "state-party/here/huyen-uy/web/tls:443"}


FLOW = "flows:\n  f: {{name_vi: F, from: here, to: {}, expect: {}, check: {{{}, interval: 9s}}}}"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            FLOW.format("tinh-uy/web", "blocked", "probe: tcp, port: 443"),
            (
                "more.yaml:25: f expects blocked, but border state-party (more.yaml:21) has it"
                " among its services; remove one of them"
            ),
        ),
        (
            FLOW.format("tinh-uy/codec", "pass", "probe: tcp, port: 443"),
            (
                "more.yaml:25: f expects pass, but is none of the services of border state-party"
                " (more.yaml:15); add it there, or remove it"
            ),
        ),
        (
            "  again:\n" + BORDER.partition("state-party:\n")[2],
            (
                "more.yaml:24: again joins networks that state-party (more.yaml:15) joins;"
                " make them one"
            ),
        ),
    ],
)
def test_a_contradiction_is_refused(tmp_path: Path, more: str, complaint: str) -> None:
    assert complaints(tmp_path, PARTY + BORDER + more) == [complaint]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "from: [state]",
            "from: [stat]",
            "more.yaml:17: network 'stat' does not exist; did you mean state?",
        ),
        (
            "from: [state]",
            "from: [party]",
            "more.yaml:17: no vantage stands in party; add one, or remove the border",
        ),
        (
            "probe: tls",
            "probe: snmp",
            "more.yaml:21: snmp logs in, so it can't tell whether a way is open; use tcp",
        ),
        ("port: 443, ", "", "more.yaml:21: probe tls: port is missing; add it"),
        ("[22, ", "[0, ", "more.yaml:22: forbidden_ports must be at least 1, not '0'"),
        ("sample: 4", "sample: 2001", "more.yaml:23: sample must be at most 2000, not '2001'"),
        ("sample: 4", "interval: 61s", "more.yaml:23: interval must be at most 60"),
        ("sample: 4", "interval: 2s", "timeout is longer than interval; make it at most as long"),
    ],
)
def test_what_is_wrong_with_a_border(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in BORDER
    found = complaints(tmp_path, PARTY + BORDER.replace(old, new))
    assert any(complaint in line for line in found), found


WAYS = st.lists(
    st.tuples(st.sampled_from(["a/b", "c/d", "e/f", "g/h"]), st.integers(1, 20)),
    unique=True,
    max_size=40,
)


@given(WAYS, st.integers(0, 50))
def test_a_sample_is_fair_and_always_the_same(ways: list[tuple[str, int]], most: int) -> None:
    drawn = sample(ways, most, "border/here")
    assert drawn == sample(ways[::-1], most, "border/here")
    assert len(drawn) == len(set(drawn)) == min(most, len(ways))
    assert set(drawn) <= set(ways)
    counts = {to: sum(drawn_to == to for drawn_to, _ in drawn) for to, _ in ways}
    left = {to for to, port in ways if (to, port) not in drawn}
    if left and counts:
        assert max(counts.values()) <= min(counts[to] for to in left) + 1


@given(WAYS, st.integers(1, 10))
def test_a_new_target_hardly_changes_the_sample(ways: list[tuple[str, int]], most: int) -> None:
    before = set(sample(ways, most, "border/here"))
    after = set(sample([*ways, ("new/one", 22)], most, "border/here"))
    assert len(before - after) <= 1
