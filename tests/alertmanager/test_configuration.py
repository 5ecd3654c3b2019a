"""The example configuration of Alertmanager, judged by amtool: who is told what, in which words."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.requirements import require_tool
from tests.harness.shipped_rules import alerts

pytestmark = pytest.mark.slow

DIRECTORY = Path(__file__).parents[2] / "config" / "alertmanager"
CONFIGURATION = DIRECTORY / "alertmanager.yml"

RECEIVERS = {"critical": "on-watch", "warning": "office", "none": "heartbeat"}
"""Who is told, by severity."""

BLIND = {"NetwatchVantageBlind", "NetwatchCollectorAbsent", "NetwatchNotMeasuring"}
"""The collector does not see."""

STILL_TRUE = {
    "NetwatchWatchdog",
    "NetwatchRulesFailing",
    "NetwatchMessagesNotSent",
    "NetwatchSeriesMissing",
    "NetwatchAlarmWayAbsent",
    "NetwatchAlertmanagersApart",
    "NetwatchAlertsNotDelivered",
    "NetwatchPrometheusLate",
    "NetwatchHistoryShort",
    "NetwatchOverInMuteHours",
    "NetwatchVantageSiteDown",
    "NetwatchFlowViolated",
    "NetwatchFlowViolatedUnseen",
    "NetwatchFlowBroken",
    "NetwatchFlowNotMeasured",
    "NetwatchVantageSilent",
    "NetwatchMeetingRoomsUnknown",
    "NetwatchMeetingPlanIncomplete",
    "NetwatchSlotsSkipped",
    "NetwatchConfigReloadFailed",
    "NetwatchJournalFailing",
    "NetwatchForbiddenFlowRemoved",
    "NetwatchAuditChainBroken",
    "NetwatchContractEnding",
}
"""Alerts that are as true when it does not."""


def amtool(*arguments: str | Path) -> str:
    done = subprocess.run(
        [require_tool("amtool"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read() -> Any:
    return yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))


def test_amtool_accepts_the_configuration() -> None:
    assert "SUCCESS" in amtool("check-config", CONFIGURATION)


@pytest.mark.parametrize("name", alerts())
def test_each_alert_comes_to_whom_its_severity_says(name: str) -> None:
    severity = alerts()[name]["labels"]["severity"]  # a word, or a template that chooses
    possible = [word for word in RECEIVERS if word in severity]
    assert possible
    for word in possible:
        labels = [f"alertname={name}", f"severity={word}"]
        told = amtool("config", "routes", "test", f"--config.file={CONFIGURATION}", *labels)
        assert told.split() == [RECEIVERS[word]]


def test_a_page_waits_for_no_other_and_a_warning_for_its_area_and_office_hours() -> None:
    root = read()["route"]
    routes = {route["receiver"]: {**root, **route} for route in root["routes"]}
    assert routes["on-watch"]["group_by"] == ["..."]
    assert "mute_time_intervals" not in routes["on-watch"]
    assert routes["office"]["group_by"] == ["area"]
    assert routes["office"]["mute_time_intervals"] == ["outside-office-hours"]


def named(matchers: list[str]) -> set[str]:
    """The alerts that a matcher of names means; Alertmanager anchors its expressions."""
    (matcher,) = (each for each in matchers if each.startswith("alertname"))
    pattern = matcher.removeprefix("alertname").lstrip("=~").strip('"')
    return {name for name in alerts() if re.fullmatch(pattern, name)}


def test_a_collector_that_does_not_see_silences_what_it_measures_and_nothing_else() -> None:
    (rule,) = (
        rule for rule in read()["inhibit_rules"] if 'job="netwatch"' in rule["source_matchers"]
    )
    assert named(rule["source_matchers"]) == BLIND
    assert named(rule["target_matchers"]) == alerts().keys() - BLIND - STILL_TRUE


def test_an_alert_silences_only_what_the_same_collector_tells() -> None:
    for rule in read()["inhibit_rules"]:
        assert "instance" in rule["equal"], rule


def test_no_alert_silences_itself() -> None:
    for rule in read()["inhibit_rules"]:
        source, target = named(rule["source_matchers"]), named(rule["target_matchers"])
        assert source
        assert target
        apart = [set(rule[f"{side}_matchers"]) for side in ("source", "target")]
        values = [{found.partition("=")[0]: found for found in side} for side in apart]
        told_apart = any(
            values[0][label] != values[1].get(label, values[0][label])
            for label in ("severity", "job")
            if label in values[0]
        )
        assert told_apart or not source & target


def test_a_page_holds_back_the_warning_of_the_same_cause() -> None:
    (rule,) = (r for r in read()["inhibit_rules"] if severity_in(r["target_matchers"]))
    assert named(rule["source_matchers"]) == named(rule["target_matchers"])
    assert severity_in(rule["source_matchers"]) == "critical"
    assert severity_in(rule["target_matchers"]) == "warning"
    assert rule["equal"] == ["instance", "cause"]


def test_paths_around_what_is_down_are_no_news() -> None:
    paths = {"NetwatchPathChanged"}
    (rule,) = (r for r in read()["inhibit_rules"] if named(r["target_matchers"]) == paths)
    assert named(rule["source_matchers"]) == {"NetwatchLinkDown", "NetwatchDeviceDown"}
    assert severity_in(rule["source_matchers"]) == "critical"


def severity_in(matchers: list[str]) -> str | None:
    """The severity that alerts must have; None when any will do."""
    found = (each for each in matchers if each.startswith("severity="))
    return next((each.removeprefix("severity=").strip('"') for each in found), None)


ALERT = {
    "status": "firing",
    "labels": {"alertname": "NetwatchLinkDown"},
    "annotations": {
        "summary": "Đứt đường truyền a-uplink / Line a-uplink is cut",
        "description": "Nhà mạng VNPT. / Carrier VNPT.",
        "runbook": "docs/runbooks/NetwatchLinkDown.md",
    },
    "startsAt": "2026-03-02T18:30:00Z",
    "endsAt": "2026-03-02T19:00:00Z",
}


def message(directory: Path, *changes: dict[str, Any]) -> list[str]:
    """The lines of a message about such alerts, the subject first."""
    told = [ALERT | change for change in changes]
    (directory / "data.json").write_text(json.dumps({"status": told[0]["status"], "alerts": told}))
    text = '{{ template "netwatch.subject" . }}\n{{ template "netwatch.text" . }}'
    return amtool(
        *("template", "render", "--template.glob", DIRECTORY / "*.tmpl"),
        *("--template.text", text, "--template.data", directory / "data.json"),
    ).splitlines()


def test_a_message_says_what_happened_when_and_where_help_is(tmp_path: Path) -> None:
    subject, *text = message(tmp_path, {})
    assert subject == "[SỰ CỐ / FAULT] Đứt đường truyền a-uplink / Line a-uplink is cut"
    assert text[:4] == [
        "SỰ CỐ / FAULT: Đứt đường truyền a-uplink / Line a-uplink is cut",
        "Nhà mạng VNPT. / Carrier VNPT.",
        "Hướng dẫn / Runbook: https://docs.netwatch.example/docs/runbooks/NetwatchLinkDown.md",
        "Báo lúc / Told at: 01:30 03/03/2026",
    ]


def test_a_message_leads_to_the_story_of_its_incident(tmp_path: Path) -> None:
    annotations = ALERT["annotations"] | {"incident": "https://netwatch.example/#/incident/7f"}  # type: ignore[operator]
    _, *text = message(tmp_path, {"annotations": annotations})
    assert text[2] == "Sự cố / Incident: https://netwatch.example/#/incident/7f"


def test_a_message_says_what_is_over_and_how_many_there_are(tmp_path: Path) -> None:
    subject, *text = message(tmp_path, {"status": "resolved"}, {"status": "resolved"})
    assert subject == "[ĐÃ HẾT / OVER] Đứt đường truyền a-uplink / Line a-uplink is cut (+1)"
    over = "Báo lúc / Told at: 01:30 03/03/2026; hết lúc / over at: 02:00 03/03/2026"
    assert text.count(over) == 2
