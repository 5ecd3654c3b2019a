"""A pair of Prometheus and Alertmanager: one page a cause, whatever of it is killed."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import pytest
import yaml

from tests.harness import alertmanager
from tests.harness.alertmanager import Receivers
from tests.harness.fixed_page import WELL, collector
from tests.harness.prometheus import SHIPPED
from tests.harness.waiting import eventually
from tests.paging.pair import watching


def pages(receivers: Receivers) -> Counter[tuple[str, ...]]:
    """How often each thing was told: status, alert, and what of the pair it is about."""
    return Counter(
        (page.status, labels["alertname"], labels.get("job", ""), labels["instance"])
        for page in receivers.pages()
        for labels in (alert["labels"] for alert in page.alerts)
    )


CUT = ("NetwatchLinkDown", "", "state-dc")
ALERTMANAGER_B = ("NetwatchAlarmWayAbsent", "alertmanager", "b")
PROMETHEUS_A = ("NetwatchAlarmWayAbsent", "prometheus", "a")


@pytest.mark.slow  # Alertmanagers of a pair wait 15 s for each other
def test_one_page_a_cause_whatever_is_killed(tmp_path: Path) -> None:
    with (
        alertmanager.receiving() as (receivers, hooks),
        collector() as page,
        watching(tmp_path, page.address, hooks) as pair,
    ):

        def told(status: str, what: tuple[str, ...]) -> None:
            eventually(lambda: pages(receivers)[status, *what] > 0)

        told("firing", CUT)
        for machine in pair.machines.values():
            eventually(partial(machine.ask().now, "min(alertmanager_cluster_members) == 2"))
        pair.kill("alertmanager", "b")
        told("firing", ALERTMANAGER_B)
        pair.begin("alertmanager", "b")
        told("resolved", ALERTMANAGER_B)
        pair.kill("prometheus", "a")
        told("firing", PROMETHEUS_A)
        pair.begin("prometheus", "a")
        told("resolved", PROMETHEUS_A)
        page.text = WELL
        told("resolved", CUT)
        assert pages(receivers) == {
            (status, *what): 1
            for status in ("firing", "resolved")
            for what in (CUT, ALERTMANAGER_B, PROMETHEUS_A)
        }


def test_a_pair_differs_in_addresses_alone() -> None:
    one, pair = (
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (SHIPPED / "prometheus.yml", SHIPPED / "pair" / "prometheus.yml")
    )
    for configuration in (one, pair):
        for job in configuration["scrape_configs"]:
            job["static_configs"] = [
                {"labels": each["labels"]}
                for each in job["static_configs"]
                if job["job_name"].startswith("netwatch")
            ]
        (to,) = configuration["alerting"]["alertmanagers"]
        del to["static_configs"]
    assert one == pair
