"""Incidents as series."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netwatch.audit.who import logged_in
from netwatch.export.exporter import Watched
from netwatch.export.incidents import IncidentMetrics
from netwatch.incidents.desk import IncidentDesk
from netwatch.metrics import Registry, render
from tests.harness.builders import make_inventory
from tests.harness.incidents import Run, T, line, running

UPLINK = {"carrier": "VNPT", "contract": "HD-1", "capacity": "20M"}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with running(tmp_path) as run:
        yield run


@pytest.fixture
def metrics(run: Run) -> tuple[Registry, IncidentMetrics]:
    registry = Registry()
    metrics = IncidentMetrics(registry, run.follower)
    links = {
        "nam-sach-line": {
            "a": {"target": "nam-sach/router"},
            "b": {"target": "hd-dc/core"},
            **UPLINK,
        }
    }
    metrics.watch(Watched.of(make_inventory(links=links)))
    return registry, metrics


async def shown(metrics: tuple[Registry, IncidentMetrics]) -> dict[str, float]:
    registry, exporter = metrics
    list(exporter.refresh())
    lines = (await render(registry)).decode().splitlines()
    pairs = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {series: float(value) for series, _, value in pairs}


async def test_what_goes_on_has_a_series_until_its_end(
    run: Run, metrics: tuple[Registry, IncidentMetrics]
) -> None:
    run.at(T + 3, line(T, is_certain=False))
    assert not [name for name in await shown(metrics) if "incident=" in name]
    incident = run.at(T + 8, line(T, "nam-sach", "an-lam"))
    found = await shown(metrics)
    ((start, began),) = [
        each for each in found.items() if each[0].startswith("netwatch_incident_start")
    ]
    assert began == T
    for label in ('kind="line"', 'carrier="VNPT"', 'contract="HD-1"', 'severity="critical"'):
        assert label in start
    me = f'{{incident="{incident.id}"}}'
    assert found[f"netwatch_incident_sites{me}"] == 2
    assert found[f"netwatch_incident_acknowledged{me}"] == 0
    run.at(T + 68)
    assert not [name for name in await shown(metrics) if "incident=" in name]


async def test_that_somebody_has_taken_it_on_is_shown_and_not_who(
    run: Run, metrics: tuple[Registry, IncidentMetrics]
) -> None:
    incident = run.at(T + 8, line(T, "nam-sach"))
    run.written()
    await IncidentDesk(run.follower).write(incident.id, logged_in("lan"), "", acknowledges=True)
    found = await shown(metrics)
    assert found[f'netwatch_incident_acknowledged{{incident="{incident.id}"}}'] == 1
    assert not [name for name in found if "lan" in name]


async def test_ends_and_their_seconds_are_counted_from_0_on(
    run: Run, metrics: tuple[Registry, IncidentMetrics]
) -> None:
    of_line = '{carrier="VNPT",kind="line"}'
    counters = ("incidents_total", "incidents_ended_total", "incident_duration_seconds_total")

    async def counted() -> list[float]:
        found = await shown(metrics)
        return [found[f"netwatch_{name}{of_line}"] for name in counters]

    assert await counted() == [0, 0, 0]
    run.at(T + 8, line(T, "nam-sach"))
    assert await counted() == [1, 0, 0]
    run.at(T + 60)
    run.at(T + 100, line(T + 90, "nam-sach"))
    run.at(T + 120)
    assert await counted() == [1, 2, 90]
