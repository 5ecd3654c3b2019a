"""Every alert fires in a real Prometheus when the lab causes what it is for."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import Watched
from tests.end_to_end.province import BY_THE_CLOCK, CANNOT_HAPPEN, CUT, FLAPS, SILENT, SLOW
from tests.harness.prometheus import rules
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

FIRES = {
    "NetwatchWatchdog": {"severity": "none"},
    "NetwatchLinkDown": {"cause": f"link:{CUT}-uplink", "area": CUT, "severity": "critical"},
    "NetwatchDeviceDown": {"cause": f"target:{SILENT}/router", "severity": "critical"},
    "NetwatchDeviceSilent": {"cause": "target:so-noi-vu/switch-1", "severity": "warning"},
    "NetwatchLinkRedundancyLost": {"link": "chi-linh-second", "carrier": "VNPT"},
    "NetwatchSiteDegraded": {"site": SLOW, "area": SLOW, "severity": "warning"},
    "NetwatchSiteFlapping": {"site": FLAPS, "area": "thanh-ha"},
    "NetwatchSiteNotMeasured": {"site": "not-measured"},
    "NetwatchSnmpFailing": {"site": "so-tai-chinh", "target": "switch-2"},
    "NetwatchLinkSaturated": {"link": "so-tai-chinh-uplink", "contract": "HD-SN-006"},
    "NetwatchAlarmWayAbsent": {"job": "alertmanager"},
    "NetwatchFlowViolated": {"flow": "no-rdp-database-tinh-uy", "severity": "critical"},
    "NetwatchFlowBroken": {"flow": "refused"},
    "NetwatchFlowNotMeasured": {"flow": "not-measured"},
    "NetwatchMeetingNotReady": {"meeting": "soon", "severity": "critical"},
    "NetwatchMeetingRoomsLost": {"meeting": "now", "severity": "critical"},
    "NetwatchMeetingRoomsUnknown": {"severity": "warning"},
    "NetwatchMeetingPlanIncomplete": {"severity": "warning"},
    "NetwatchCollectorAbsent": {"severity": "critical"},
    "NetwatchVantageBlind": {"severity": "critical"},
    "NetwatchVantageSilent": {"vantage": "party-office", "severity": "critical"},
    "NetwatchSlotsSkipped": {"severity": "warning"},
    "NetwatchConfigReloadFailed": {"severity": "warning"},
    "NetwatchBudgetBurningSlowly": {"tier": "district"},
}
"""An alert, and labels of one that must fire."""


def test_every_alert_is_caused_or_has_a_reason() -> None:
    alerts = {name for name, _ in rules() if name.startswith("Netwatch")}
    assert alerts - BY_THE_CLOCK.keys() == FIRES.keys() | CANNOT_HAPPEN.keys()


@pytest.mark.parametrize("name", FIRES)
def test_it_fires(watched: Watched, name: str) -> None:
    def fired() -> bool:
        found = watched.prometheus.has_fired(name)
        return any(FIRES[name].items() <= labels.items() for labels in found)

    eventually(fired, patience=240, pause=1)


@pytest.mark.parametrize("name", CANNOT_HAPPEN)
def test_what_cannot_happen_does_not(watched: Watched, name: str) -> None:
    assert watched.prometheus.has_fired(name) == []


def test_a_cut_line_is_shown_and_alerted(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = watched.timeline
    with capsys.disabled():
        print(f"\n{timeline}")
    assert timeline.cut < timeline.page < timeline.pending < timeline.fired


def test_only_what_the_lab_cut_is_called_down(watched: Watched) -> None:
    sites = {site["id"]: site for site in watched.demo.status()["sites"]}

    def cut_off(site_id: str) -> bool:
        parent = sites[site_id]["parent"]
        at_fault = site_id in {CUT, SILENT, "thanh-uy-chi-linh"}
        return at_fault or (parent is not None and cut_off(parent))

    said = {id_ for id_, site in sites.items() if site["state"] in {"down", "unreachable"}}
    assert said == {id_ for id_, site in sites.items() if cut_off(id_) and site["targets"]}


def test_each_fault_has_one_alert_that_pages_and_what_is_behind_has_none(watched: Watched) -> None:
    causes = {f"link:{CUT}-uplink", "link:thanh-uy-chi-linh-uplink", f"target:{SILENT}/router"}

    def fired(severity: str) -> list[str]:
        names = ("NetwatchLinkDown", "NetwatchDeviceDown")
        alerts = [alert for name in names for alert in watched.prometheus.firing(name)]
        return [alert["cause"] for alert in alerts if alert["severity"] == severity]

    eventually(lambda: set(fired("critical")) >= causes, patience=60, pause=1)
    assert sorted(fired("critical")) == sorted(causes)
    # Each cut of the line that comes and goes is told once it is certain: a warning, no page.
    assert set(fired("warning")) <= {f"link:{FLAPS}-uplink"}
    assert len(fired("warning")) <= 1
    behind = watched.prometheus.now('ALERTS{alertname=~"NetwatchSite(Degraded|Flapping)"}')
    assert not [each for each in behind if each["metric"].get("area") in {CUT, SILENT}]
