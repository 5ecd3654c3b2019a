"""The rules and their own unit tests, judged by promtool."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.harness.requirements import require_tool
from tests.harness.shipped_rules import DIRECTORY, RULES, alerts, read, rules

pytestmark = pytest.mark.slow

UNIT_TESTS = sorted((DIRECTORY / "tests").glob("*.yml"))


def promtool(*arguments: str | Path) -> None:
    done = subprocess.run(
        [require_tool("promtool"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_the_configuration() -> None:
    promtool("check", "config", DIRECTORY / "prometheus.yml")


def test_promtool_accepts_the_configuration_of_a_vantage() -> None:
    promtool("check", "config", "--agent", DIRECTORY.parent / "vantage" / "prometheus.yml")


def test_promtool_accepts_the_rules() -> None:
    promtool("check", "rules", *RULES)


@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.stem)
def test_rules_do_what_their_tests_say(path: Path) -> None:
    promtool("test", "rules", path)


def test_every_alert_is_seen_firing_and_silent() -> None:
    seen: defaultdict[str, set[bool]] = defaultdict(set)
    for path in UNIT_TESTS:
        for case in read(path)["tests"]:
            for test in case.get("alert_rule_test", ()):
                seen[test["alertname"]].add(bool(test["exp_alerts"]))
    assert seen == {name: {True, False} for name in alerts()}


def test_every_recording_rule_has_a_series_in_some_test() -> None:
    asked = " ".join(
        test["expr"]
        for path in UNIT_TESTS
        for case in read(path)["tests"]
        for test in case.get("promql_expr_test", ())
    )
    recorded = {rule["record"]: rule["expr"] for rule in rules() if "record" in rule}
    steps = " ".join(expr for name, expr in recorded.items() if name in asked)
    assert [name for name in recorded if name not in asked + steps] == []


def test_seconds_that_are_compared_were_read_by_one_rule() -> None:
    """A scrape between two rules would be time that only one of them has seen."""
    readings = {
        rule["record"]
        for rule in rules()
        if "record" in rule and "netwatch_site_state_seconds_total" in rule["expr"]
    }
    assert readings
    for rule in rules():
        assert len(readings & {*re.findall(r"[\w:]+", rule["expr"])}) <= 1, rule


@pytest.mark.parametrize("name", alerts())
def test_alerts_speak_vietnamese_then_english(name: str) -> None:
    annotations = alerts()[name]["annotations"]
    for text in (annotations["summary"], annotations["description"]):
        vietnamese, separator, english = text.partition(" / ")
        assert separator
        assert not vietnamese.isascii()
        assert english.isascii()
