"""A Prometheus that was away longer than it looks back forgets no cut that stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.prometheus import Prometheus
from tests.harness.requirements import require_tool
from tests.harness.shipped_rules import RULES, read
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

LOOKBACK = 10
"""Seconds; Prometheus looks back for 300 s when nobody says otherwise."""

PAGE = b"""\
netwatch_vantage_ok 1
netwatch_site_info{site="x",name="X",name_vi="X",tier="district",network="state",parent="d"} 1
netwatch_cause_state{cause="link:x"} 4
netwatch_cause_sites{cause="link:x"} 3
netwatch_cause_start_timestamp_seconds{cause="link:x"} 1000
netwatch_cause_info{cause="link:x",kind="link",site="x",target="r",link="x",carrier="V"} 1
"""

STANDS = 'cause:netwatch_cut_off:sites{cause="link:x"} == 3'


class Page(BaseHTTPRequestHandler):
    """What a daemon says that sees a cut."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


@contextmanager
def collector() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


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
    with collector() as target:
        write_configuration(tmp_path, target)
        with prometheus(tmp_path, listen) as first:
            eventually(lambda: first.now(STANDS) != [])
    time.sleep(LOOKBACK + 2)
    with prometheus(tmp_path, listen) as second:
        eventually(lambda: second.now('up{job="netwatch"} == 0') != [])
        eventually(lambda: second.now(STANDS) != [])
        assert second.firing("NetwatchLinkDown") != []
