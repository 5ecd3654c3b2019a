"""What a real Alertmanager keeps to itself: alerts that follow from one that was told already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import alertmanager
from tests.harness.alertmanager import Receivers
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


class Told:
    """An Alertmanager that is told of alerts, and whom it pages."""

    def __init__(self, address: str, receivers: Receivers) -> None:
        self._address = address
        self._receivers = receivers

    def pages(self) -> list[str]:
        """Names of the alerts of each page."""
        return sorted(
            alert["labels"]["alertname"]
            for page in self._receivers.pages()
            for alert in page.alerts
        )

    def post(self, *alerts: dict[str, str]) -> None:
        """Say that these alerts fire."""
        critical = {"severity": "critical"}
        alertmanager.post(self._address, *({"labels": critical | labels} for labels in alerts))

    def wait_for(self, alert: str) -> None:
        """Until somebody was paged for it."""
        eventually(lambda: alert in self.pages(), patience=60)

    def settle(self) -> None:
        """Until what was posted before would have been sent, because what was posted later is."""
        self.post({"alertname": "Later"})
        self.wait_for("Later")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    require_tool("prometheus-alertmanager")
    with (
        alertmanager.receiving() as (receivers, hooks),
        alertmanager.running(tmp_path / "alertmanager", hooks) as address,
    ):
        yield Told(address, receivers)


LINE = {"alertname": "NetwatchLinkDown", "cause": "link:a-uplink", "site": "a", "area": "a"}


def test_a_blind_collector_is_all_that_is_told_and_yet_a_violation_is(told: Told) -> None:
    told.post({"alertname": "NetwatchVantageBlind", "job": "netwatch"})
    told.wait_for("NetwatchVantageBlind")
    told.post(
        LINE,
        {"alertname": "NetwatchBudgetBurningFast", "tier": "commune"},
        {"alertname": "NetwatchFlowViolated", "flow": "no-rdp"},
    )
    told.wait_for("NetwatchFlowViolated")
    told.settle()
    assert told.pages() == ["Later", "NetwatchFlowViolated", "NetwatchVantageBlind"]


def test_a_collector_elsewhere_that_is_blind_silences_nothing_here(told: Told) -> None:
    told.post({"alertname": "NetwatchVantageBlind", "job": "party-office"})
    told.wait_for("NetwatchVantageBlind")
    told.post(LINE)
    told.wait_for("NetwatchLinkDown")


def test_a_line_that_is_cut_silences_what_else_is_told_of_it_and_of_its_site(told: Told) -> None:
    told.post(LINE)
    told.wait_for("NetwatchLinkDown")
    told.post(
        {"alertname": "NetwatchDeviceSilent", "cause": "link:a-uplink", "site": "a"},
        {"alertname": "NetwatchSiteFlapping", "site": "a"},
        {"alertname": "NetwatchSiteFlapping", "site": "b"},
    )
    told.settle()
    assert told.pages() == ["Later", "NetwatchLinkDown", "NetwatchSiteFlapping"]


def test_two_faults_of_one_area_are_two_pages(told: Told) -> None:
    told.post(LINE, {**LINE, "cause": "link:a-2-uplink", "site": "a-2"})
    eventually(lambda: len(told.pages()) == 2, patience=60)
    told.settle()
    assert told.pages() == ["Later", "NetwatchLinkDown", "NetwatchLinkDown"]


def test_a_machine_of_a_pair_that_is_gone_with_all_it_has_is_one_page(told: Told) -> None:
    told.post({"alertname": "NetwatchAlarmWayAbsent", "job": "prometheus", "instance": "a"})
    told.wait_for("NetwatchAlarmWayAbsent")
    told.post({"alertname": "NetwatchAlarmWayAbsent", "job": "alertmanager", "instance": "a"})
    told.settle()
    assert told.pages() == ["Later", "NetwatchAlarmWayAbsent"]
    told.post({"alertname": "NetwatchAlarmWayAbsent", "job": "alertmanager", "instance": "b"})
    eventually(lambda: told.pages().count("NetwatchAlarmWayAbsent") == 2, patience=60)
