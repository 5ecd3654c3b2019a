"""Pages of a country: its core line is cut, a real Prometheus reads what the daemon would show.

The states are those of ``rootcause``, and the series those of the daemon. Prometheus has the rules
and intervals that are shipped, and Alertmanager their routes.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from netwatch.export.exporter import Watched
from netwatch.export.inventory import InventoryMetrics
from netwatch.metrics import Registry, render
from tests.bench.rootcause import Cut, core_cut
from tests.bench.table import row
from tests.harness import alertmanager, prometheus
from tests.harness.ports import free_port
from tests.harness.prometheus import Prometheus, write_unchanged_rules
from tests.harness.state_series import state_exporters
from tests.harness.waiting import eventually

PATIENCE = 300.0
EVERY = "15s"
CPU = 'process_cpu_seconds_total{job="prometheus"}'


def shown(cut: Cut) -> bytes:
    """The series of states, as the daemon shows them."""
    registry = Registry()
    InventoryMetrics(registry, "state-dc").watch(Watched.of(cut.inventory))
    exporters = state_exporters(registry, cut.states)
    exporters.watch(Watched.of(cut.inventory))
    for _ in exporters.refresh():
        pass
    return asyncio.run(render(registry))


@contextmanager
def serving(text: bytes) -> Iterator[str]:
    """A web server that answers everything with a text; its address (host:port)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def measure() -> list[tuple[str, str, str]]:
    """Rows of the table: the pages, and what the rules cost Prometheus."""
    cut = core_cut()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        receivers, hooks = stack.enter_context(alertmanager.receiving())
        told = stack.enter_context(alertmanager.running(home / "alertmanager", hooks))
        netwatch = stack.enter_context(serving(shown(cut)))
        listen = f"127.0.0.1:{free_port()}"
        write_unchanged_rules(home / "prometheus", listen, netwatch, told, EVERY)
        observer = stack.enter_context(prometheus.launched(home / "prometheus", listen))
        eventually(receivers.pages, PATIENCE, pause=1)
        # A second page would come as soon as the first; meanwhile Prometheus goes on.
        until = _value(observer, f"count_over_time({CPU}[1h])") + 8
        eventually(
            lambda: _value(observer, f"count_over_time({CPU}[1h])") >= until, PATIENCE, pause=1
        )
        used = _value(observer, f"rate({CPU}[90s])")
        samples = _value(observer, 'scrape_samples_scraped{job="netwatch"}')
    pages = [str(page) for page in receivers.pages()]
    return [
        (
            "Core line cut, 12 000 sites: pages of a real Prometheus and Alertmanager",
            str(len(pages)),
            f"{len(cut.silent)} sites cut off; {pages[0].partition(' / ')[2]}",
        ),
        (
            "Prometheus beside them, with all shipped rules: CPU, as a share of one core",
            f"{used:.0%}",
            f"{samples:.0f} series, read and judged every {EVERY}",
        ),
    ]


def _value(observer: Prometheus, expr: str) -> float:
    (series,) = observer.now(expr)
    return float(series["value"][1])


if __name__ == "__main__":
    for line in measure():
        row(*line)
