"""A Prometheus that takes in what is written to it, and scrapes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.prometheus import Prometheus
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

_CONFIGURATION = "storage: {tsdb: {out_of_order_time_window: 10d}}\n"


@contextmanager
def store(directory: Path) -> Iterator[Prometheus]:
    """An empty one, until the block ends."""
    (directory / "prometheus.yml").write_text(_CONFIGURATION, encoding="utf-8")
    listen, log = f"127.0.0.1:{free_port()}", directory / "prometheus.log"
    command = [
        require_tool("prometheus"),
        f"--config.file={directory}/prometheus.yml",
        f"--storage.tsdb.path={directory}/data",
        "--storage.tsdb.retention.time=10y",
        "--storage.tsdb.min-block-duration=10d",
        "--web.enable-remote-write-receiver",
        f"--web.listen-address={listen}",
        "--web.cors.origin=.*",
    ]
    with program(command, log):
        eventually(lambda: "Server is ready" in log.read_text())
        yield Prometheus(f"http://{listen}")
