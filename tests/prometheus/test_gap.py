"""A Prometheus that was away longer than it looks back forgets no cut that stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.harness.fixed_page import collector
from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.prometheus import Prometheus
from tests.harness.requirements import require_tool
from tests.harness.shipped_rules import RULES, read
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

LOOKBACK = 10
"""Seconds; Prometheus looks back for 300 s when nobody says otherwise."""

STANDS = 'cause:netwatch_cut_off:sites{cause="link:x"} == 3'


def write_configuration(home: Path, target: str) -> None:
    for path in RULES:
        if path.stem in {"recording", "causes"}:
            shipped = read(path)
            for group in shipped["groups"]:
                group["interval"] = "1s"
            (home / path.name).write_text(yaml.safe_dump(shipped), encoding="utf-8")
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["recording.yml", "causes.yml"],
        "scrape_configs": [{"job_name": "netwatch", "static_configs": [{"targets": [target]}]}],
    }
    (home / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")


@contextmanager
def prometheus(home: Path, listen: str) -> Iterator[Prometheus]:
    command = [
        require_tool("prometheus"),
        f"--config.file={home}/prometheus.yml",
        f"--storage.tsdb.path={home}/data",
        f"--web.listen-address={listen}",
        f"--query.lookback-delta={LOOKBACK}s",
    ]
    log = home / f"{time.monotonic_ns()}.log"
    with program(command, log):
        eventually(lambda: "Server is ready" in log.read_text())
        yield Prometheus(f"http://{listen}")


def test_a_cut_stands_while_prometheus_is_away_and_the_collector_is_gone(tmp_path: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    with collector() as page:
        write_configuration(tmp_path, page.address)
        with prometheus(tmp_path, listen) as first:
            eventually(lambda: first.now(STANDS) != [])
    time.sleep(LOOKBACK + 2)
    with prometheus(tmp_path, listen) as second:
        eventually(lambda: second.now('up{job="netwatch"} == 0') != [])
        eventually(lambda: second.now(STANDS) != [])
        assert second.firing("NetwatchLinkDown") != []
