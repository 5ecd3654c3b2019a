"""Every alert fires in a real Prometheus when the lab causes what it is for."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import Watched
from tests.end_to_end.prometheus import rules
from tests.end_to_end.province import CANNOT_HAPPEN, CUT
from tests.tools import eventually

FIRES = {
    "NetwatchSiteDown": {"site": CUT, "severity": "critical"},
    "NetwatchSiteDegraded": {"site": "so-noi-vu", "severity": "warning"},
    "NetwatchSiteNotMeasured": {"site": "not-measured"},
    "NetwatchSnmpFailing": {"site": "so-tai-chinh", "target": "switch-2"},
    "NetwatchLinkInterfaceDown": {"link": "chi-linh-second", "carrier": "VNPT"},
    "NetwatchLinkSaturated": {"link": "so-tai-chinh-uplink", "contract": "HD-SN-006"},
    "NetwatchFlowViolated": {"flow": "no-rdp-database-tinh-uy", "severity": "critical"},
    "NetwatchFlowBroken": {"flow": "exchange-thanh-uy-chi-linh"},
    "NetwatchFlowNotMeasured": {"flow": "not-measured"},
    "NetwatchCollectorAbsent": {"severity": "critical"},
    "NetwatchVantageBlind": {"severity": "critical"},
    "NetwatchVantageSilent": {"vantage": "party-office", "severity": "critical"},
    "NetwatchSlotsSkipped": {"severity": "warning"},
    "NetwatchConfigReloadFailed": {"severity": "warning"},
}
"""An alert, and labels of one that must fire."""


def test_every_alert_is_caused_or_has_a_reason() -> None:
    alerts = {name for name, _ in rules() if name.startswith("Netwatch")}
    assert alerts == FIRES.keys() | CANNOT_HAPPEN.keys()


@pytest.mark.parametrize("name", FIRES)
def test_it_fires(watched: Watched, name: str) -> None:
    def fired() -> bool:
        found = watched.prometheus.has_fired(name)
        return any(FIRES[name].items() <= labels.items() for labels in found)

    eventually(fired, patience=60, pause=1)


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
        return site_id in {CUT, "thanh-uy-chi-linh"} or (parent is not None and cut_off(parent))

    said = {id_ for id_, site in sites.items() if site["state"] in {"down", "unreachable"}}
    assert said == {id_ for id_, site in sites.items() if cut_off(id_) and site["targets"]}
    alerted = {labels["site"] for labels in watched.prometheus.firing("NetwatchSiteDown")}
    assert alerted <= said
