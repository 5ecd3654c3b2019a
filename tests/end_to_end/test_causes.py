"""What the lab breaks is what is named, and nothing else: on the page, and in Prometheus."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.conftest import Watched
from tests.end_to_end.province import CUT, SILENT
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

FAULTS = {
    f"link:{CUT}-uplink": "down",
    "link:thanh-uy-chi-linh-uplink": "down",
    "link:chi-linh-second": "degraded",
    "target:so-noi-vu/switch-1": "down",
    f"target:{SILENT}/router": "down",
}


def faults(watched: Watched) -> dict[str, dict[str, Any]]:
    return {fault["root"]: fault for fault in watched.demo.status()["faults"]}


def test_each_fault_of_the_lab_is_one_root_cause(watched: Watched) -> None:
    def as_expected() -> bool:
        return {root: each["state"] for root, each in faults(watched).items()} == FAULTS

    eventually(as_expected, patience=60, pause=1)


def test_a_cut_line_names_whom_to_call_and_what_is_behind(watched: Watched) -> None:
    fault = faults(watched)[f"link:{CUT}-uplink"]
    assert (fault["site"], fault["target"], fault["carrier"]) == (CUT, "router", "Viettel")
    sites = watched.demo.status()["sites"]
    below = [site for site in sites if site["parent"] == CUT and site["targets"]]
    assert {site["state"] for site in below} == {"unreachable"}
    assert {site["root"] for site in below} == {f"link:{CUT}-uplink"}
    assert fault["behind"] == len(below)


def test_what_is_worked_on_is_in_maintenance(watched: Watched) -> None:
    site = watched.demo.site("so-y-te")
    assert site["state"] == "maintenance"
    assert site["maintenance"]["reason"] == "Chưa bàn giao"
