"""A real Prometheus reads the page, whatever devices put into their names."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from netwatch.metrics import Registry, page
from netwatch.metrics.own import OwnMetrics
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness.requirements import require_tool
from tests.harness.status_source import FakeSource

pytestmark = pytest.mark.slow

PATIENCE = 30.0

CONFIG = """
global: {{scrape_interval: 500ms, scrape_timeout: 500ms}}
scrape_configs:
  - job_name: netwatch
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""

NAMES = [
    "Gi0/1",
    "",
    "Xã Tân Trường",
    'quote " backslash \\ brace }',
    "line\nfeed",
    "carriage\rreturn",
    "tab\t",
    "NUL \0",
    "escape \x1b[31m",
    "C1 \x85 and \u2028",
    "\ufeffmark",
    "not a character \uffff",
    "lone \udcff",
    "😀",
]
VALUES = [0.0, -0.5, 1e-7, 999_999.0, 1e6, 1234567.5, 2.0**53 - 1, 1e16, 1.7976931348623157e308]


class Page(FakeSource):
    def __init__(self) -> None:
        super().__init__()
        self.own = OwnMetrics("1.2.3")
        self.registry = Registry(reserved=self.own.names)

    def metrics(self) -> AsyncIterator[bytes]:
        return page(self.registry, self.own.registry)


@contextmanager
def prometheus(home: Path, port: int) -> Iterator[str]:
    """A Prometheus that scrapes this port; its own address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    (home / "prometheus.yml").write_text(CONFIG.format(port=port))
    process = subprocess.Popen(
        [
            require_tool("prometheus"),
            f"--config.file={home / 'prometheus.yml'}",
            f"--storage.tsdb.path={home / 'data'}",
            f"--web.listen-address={address}",
            "--log.level=error",
        ]
    )
    try:
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def query(url: str, expression: str) -> list[dict[str, Any]]:
    """The samples of an instant query; none while Prometheus is starting."""
    parameters = urllib.parse.urlencode({"query": expression})
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query?{parameters}", timeout=5) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return result
    except OSError:
        return []


@pytest.fixture
async def scraped(tmp_path: Path) -> AsyncIterator[tuple[Page, str]]:
    source = Page()
    listener = open_listener("127.0.0.1", 0)
    async with serve(create_app(source), listener):
        with prometheus(tmp_path, listener.getsockname()[1]) as url:
            yield source, url


async def eventually(url: str, expression: str) -> list[dict[str, Any]]:
    async with asyncio.timeout(PATIENCE):
        while True:
            if found := await asyncio.to_thread(query, url, expression):
                return found
            await asyncio.sleep(0.2)


async def test_it_reads_what_was_written(scraped: tuple[Page, str]) -> None:
    source, url = scraped
    names = source.registry.gauge("netwatch_test_name", "Help \\ \n of\ttest", ("name",))
    values = source.registry.counter("netwatch_test_value_total", "Values", ("index",))
    trips = source.registry.histogram("netwatch_test_seconds", "Trips", buckets=(0.1, 1.0))
    for index, name in enumerate(NAMES):
        names.cell(name).set(index)
    for index, value in enumerate(VALUES):
        values.cell(str(index)).set(value)
    trips.cell().observe(0.5)
    shown = await eventually(url, "netwatch_test_name")
    assert {s["metric"].get("name", ""): float(s["value"][1]) for s in shown} == {
        name.replace("\udcff", "\ufffd"): index for index, name in enumerate(NAMES)
    }
    shown = await eventually(url, "netwatch_test_value_total")
    assert {int(s["metric"]["index"]): float(s["value"][1]) for s in shown} == dict(
        enumerate(VALUES)
    )
    shown = await eventually(url, "netwatch_test_seconds_bucket")
    assert {s["metric"]["le"]: s["value"][1] for s in shown} == {
        "0.1": "0",
        "1.0": "1",
        "+Inf": "1",
    }
    assert await eventually(url, 'netwatch_build_info{version="1.2.3"}')
