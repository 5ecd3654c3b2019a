"""Ids that leave an opaque network say nothing of who is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inventory.province import complaints, load

PARTY = """\
networks: {party: {name_vi: Mạng Đảng, name: Party network, opaque: true}}
vantages: {party-office: {site: p417, name_vi: Tỉnh ủy}}
sites:
  p417: {tier: commune, network: party, name_vi: Tỉnh ủy, targets: {router: 10.18.0.1}}
  p-02: {tier: commune, network: party, name_vi: Thành ủy, targets: {router: 10.18.1.1}}
"""
CHECK = "check: {{probe: tcp, port: 25, interval: 15s}}"
FLOW = "flows:\n  {}: {{name_vi: F, from: party-office, to: {}, expect: pass, " + CHECK + "}}\n"
BORDER = (
    "borders:\n  {}: {{name_vi: B, from: [{}], to: [{}], forbidden_ports: [22],"
    " services: [{{name_vi: S, roles: [router], " + CHECK + "}}]}}\n"
)
REMEDY = "leaves an opaque network, so it must say nothing; use one or two letters and a number,"
INSIDE = "is in an opaque network, and who is called is told outside; call another"


@pytest.mark.parametrize(
    "more",
    [
        PARTY + FLOW.format("f101", "centre/router"),
        PARTY + BORDER.format("b-01", "party", "state"),
        # What others measure of it has a name there already.
        PARTY + FLOW.format("mail", "p417/router").replace("party-office, to", "here, to"),
        PARTY + BORDER.format("to-party", "state", "party"),
        # A network that is not opaque is free to say what it likes.
        PARTY.replace("p417", "tinh-uy").replace(", opaque: true", ""),
    ],
)
def test_what_is_allowed(tmp_path: Path, more: str) -> None:
    assert load(tmp_path, more)


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (PARTY.replace("p-02", "thanh-uy"), f"more.yaml:5: 'thanh-uy' {REMEDY}"),
        (PARTY.replace("p-02", "dang2"), f"more.yaml:5: 'dang2' {REMEDY}"),
        (PARTY.replace("p-02", "p-2-hai-duong"), f"more.yaml:5: 'p-2-hai-duong' {REMEDY}"),
        (PARTY + FLOW.format("mail", "centre/router"), f"more.yaml:7: 'mail' {REMEDY}"),
        (PARTY + BORDER.format("out", "party", "state"), f"more.yaml:7: 'out' {REMEDY}"),
        (PARTY + FLOW.format("f101", "p-02/router"), f"more.yaml:7: p-02/router {INSIDE}"),
        (PARTY + BORDER.format("b-01", "party", "party"), f"more.yaml:7: party {INSIDE}"),
    ],
)
def test_what_would_tell_something_is_refused(tmp_path: Path, more: str, line: str) -> None:
    found = complaints(tmp_path, more)
    assert len(found) == 1
    assert found[0].startswith(line)
