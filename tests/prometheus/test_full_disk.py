"""A Prometheus whose disk is full says no longer that it is well."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.harness import alertmanager, prometheus
from tests.harness.fixed_page import collector
from tests.harness.ports import free_port
from tests.harness.processes import process
from tests.harness.prometheus import Prometheus
from tests.harness.requirements import require_tool
from tests.harness.small_disk import fill, mounting
from tests.harness.waiting import eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 and os.environ.get("CI") != "true", reason="needs root for a mount"
    ),
]


def test_the_watchdog_stays_away_while_nothing_can_be_stored(tmp_path: Path) -> None:
    data, listen = tmp_path / "data", f"127.0.0.1:{free_port()}"
    data.mkdir()
    with collector() as page:
        prometheus.write_unchanged_rules(tmp_path, listen, page.address, "127.0.0.1:9", "1s")
        command = [
            *mounting(data, "16m"),
            require_tool("prometheus"),
            f"--config.file={tmp_path}/prometheus.yml",
            f"--storage.tsdb.path={data}",
            f"--web.listen-address={listen}",
            "--query.lookback-delta=5s",
        ]
        with process(command, tmp_path, lambda: alertmanager.is_ready(listen), 120) as running:
            observer = Prometheus(f"http://{listen}")
            eventually(lambda: observer.firing("NetwatchWatchdog"))
            rest = Path(f"/proc/{running.pid}/root{data}/rest")
            fill(rest)
            eventually(lambda: not observer.firing("NetwatchWatchdog"))
            rest.unlink()
            eventually(lambda: observer.firing("NetwatchWatchdog"))
