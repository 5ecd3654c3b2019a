"""The arguments that docs/install.md has Prometheus start with, by a real one."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.harness import alertmanager, prometheus
from tests.harness.fixed_page import collector
from tests.harness.ports import free_port
from tests.harness.waiting import eventually

INSTALL = Path(__file__).parents[2] / "docs" / "install.md"

pytestmark = pytest.mark.slow


def arguments() -> list[str]:
    """What stands in /etc/default/prometheus."""
    (line,) = re.findall(r'^ARGS="(.*)"$', INSTALL.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line).split()


def cuts(told: str) -> list[Any]:
    """What Alertmanager has been told of cuts."""
    with urlopen(f"http://{told}/api/v2/alerts", timeout=30) as answer:
        alerts = json.load(answer)
    return [each for each in alerts if each["labels"]["alertname"] == "NetwatchLinkDown"]


def test_a_cut_stands_for_twelve_minutes_without_prometheus(tmp_path: Path) -> None:
    home = tmp_path / "prometheus"
    home.mkdir()
    listen = f"127.0.0.1:{free_port()}"
    with (
        alertmanager.receiving() as (_, hooks),
        alertmanager.running(tmp_path / "alertmanager", hooks) as told,
        collector() as page,
    ):
        prometheus.write_unchanged_rules(home, listen, page.address, told, "1s")
        with prometheus.launched(home, listen, *arguments()) as running:
            (cut,) = eventually(lambda: cuts(told))
            flags = running.get("status/flags")
        assert flags["storage.tsdb.retention.time"] == "400d"
        assert flags["storage.tsdb.retention.size"] == "90GiB"
        ends, said = (datetime.fromisoformat(cut[key]) for key in ("endsAt", "updatedAt"))
        assert (ends - said).total_seconds() == pytest.approx(720, abs=60)
        # Prometheus is gone now; nobody is told that the cut is over.
        assert cuts(told) != []
