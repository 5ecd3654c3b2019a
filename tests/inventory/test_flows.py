"""What must hold of flows: each mistake with its place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inventory.province import complaints, load

FLOW = "{{name_vi: F, from: {}, to: {}, expect: {}, check: {{{}, interval: 15s}}}}"
SSH = "probe: tcp, port: 22"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            f"flows: {{f: {FLOW.format('there', 'an-lam/router', 'pass', 'probe: icmp')}}}",
            "more.yaml:1: vantage 'there' does not exist; did you mean here?",
        ),
        (
            f"flows: {{f: {FLOW.format('here', 'an-lam/web', 'pass', 'probe: icmp')}}}",
            "more.yaml:1: site an-lam has no target 'web'; correct it, or define it under targets",
        ),
        (
            f"flows: {{f: {FLOW.format('here', 'an-lam/router', 'pass', 'probe: tcpp')}}}",
            "more.yaml:1: unknown probe 'tcpp'; did you mean tcp?",
        ),
        (
            f"flows: {{f: {FLOW.format('here', 'an-lam/router', 'pass', 'probe: snmp')}}}",
            "more.yaml:1: snmp logs in, so it can't tell whether a way is open; use tcp",
        ),
        (
            f"flows: {{f: {FLOW.format('here', 'an-lam/router', 'pass', 'probe: tcp')}}}",
            "more.yaml:1: probe tcp: port is missing; add it",
        ),
        (
            (
                f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass', SSH)}\n"
                f"  g: {FLOW.format('here', 'an-lam/router', 'blocked', 'port: 022, probe: tcp')}"
            ),
            "more.yaml:3: g expects blocked, but f (",
        ),
        (
            (
                f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass', SSH)}\n"
                f"  g: {FLOW.format('here', 'an-lam/router', 'blocked', 'port: 22, probe: tls')}"
            ),
            "more.yaml:3: g expects blocked, but f (",
        ),
        (
            f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'blocked, control: x/y', SSH)}",
            "more.yaml:2: site 'x' does not exist; correct it, or define it under sites",
        ),
        (
            f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass, by: drop', SSH)}",
            "more.yaml:2: f: by and control are for flows that expect blocked; remove them",
        ),
        (
            (
                "flows:\n  f: {name_vi: F, from: here, to: an-lam/router, expect: blocked,\n"
                "    check: {probe: tcp, port: 22, interval: 61s}}"
            ),
            "more.yaml:2: f: interval of a blocked flow is at most 60s, so that a way that is open",
        ),
        (
            f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass, back: g', SSH)}",
            "more.yaml:2: flow 'g' does not exist; correct it, or define it under flows",
        ),
        (
            (
                f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass, back: g', SSH)}\n"
                f"  g: {FLOW.format('here', 'an-lam/codec', 'pass', SSH)}"
            ),
            "more.yaml:2: g begins at here too; name one of the other direction",
        ),
        (
            (
                "vantages: {there: {site: an-lam, name_vi: X}}\n"
                f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass, back: g', SSH)}\n"
                f"  g: {FLOW.format('there', 'centre/router', 'blocked', SSH)}"
            ),
            "more.yaml:3: g expects blocked; name a flow that must pass",
        ),
        (
            f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'blocked, back: f', SSH)}",
            "more.yaml:2: f: back is for flows that expect pass; remove it",
        ),
        (
            (
                "flows:\n  f:\n    name_vi: F\n    from: here\n    to: an-lam/router\n"
                "    expect: pass\n    check: {probe: icmp, interval: 15s}\n"
                "    schedule: {starts: 2026-01-05 08:00, for: 25h, repeat: FREQ=DAILY}"
            ),
            "more.yaml:8: schedule: begins anew before it is over; make it shorter, or the rule",
        ),
    ],
)
def test_a_mistake_has_its_place_and_remedy(tmp_path: Path, more: str, complaint: str) -> None:
    found = complaints(tmp_path, more)
    assert any(line.startswith(complaint) for line in found), found


def test_flows_that_differ_in_what_they_measure_may_expect_different_things(tmp_path: Path) -> None:
    more = (
        f"flows:\n  f: {FLOW.format('here', 'an-lam/router', 'pass', SSH)}\n"
        f"  g: {FLOW.format('here', 'an-lam/router', 'blocked', 'probe: tcp, port: 23')}"
    )
    assert load(tmp_path, more)
