"""What flows cost, in shares of a core: ``python -m tests.bench.flows``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice

from tests.bench import services
from tests.harness.daemon import Daemon, inventory, running

FLOWS = 2000
INTERVAL = 60
TARGETS = 40
WINDOW = 60.0
"""Seconds over which each figure is taken: every flow once."""

_FLOW = (
    "  f{0}: {{name_vi: Luồng {0}, from: state-dc, to: site-{1}/router, expect: {2},"
    " check: {{{3}, interval: {4}s, timeout: 3s}}}}\n"
)


def main() -> None:
    """Print the rows of docs/benchmarks.md that are about flows."""
    with tempfile.TemporaryDirectory(prefix="netwatch-bench-") as directory:
        command = [sys.executable, "-m", "tests.bench.services", directory, str(TARGETS)]
        played = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert played.stdout is not None
            played.stdout.readline()
            plain, secured = _kinds(f"{directory}/ca.pem")
            idle = _share("no flow", [])
            _share("tcp, half of them blocked", plain, idle)
            _share("tcp, blocked, tls, https, http and smtp in equal parts", plain + secured, idle)
        finally:
            played.terminate()
            played.wait()


def _kinds(ca: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is expected, and the check: cheap ones, and those that cost a handshake or a page."""
    trusted = f"name: {services.NAME}, ca: {ca}"
    plain = [
        ("pass", f"probe: tcp, port: {services.PLAIN}"),
        ("blocked", f"probe: tcp, port: {services.CLOSED}"),
    ]
    secured = [
        ("pass", f"probe: tls, port: {services.TLS}, {trusted}"),
        ("pass", f"probe: http, port: {services.HTTPS}, {trusted}"),
        ("pass", f"probe: http, port: {services.HTTP}, scheme: http"),
        ("pass", f"probe: smtp, port: {services.MAIL}"),
    ]
    return plain, secured


def _share(what: str, kinds: list[tuple[str, str]], idle: float = 0.0) -> float:
    """CPU seconds a second, with a scrape every 15 s."""
    text = inventory(TARGETS, "{probe: icmp, interval: 5s, timeout: 1s}")
    if kinds:
        text += "flows:\n" + "".join(
            _FLOW.format(number, number % TARGETS, expect, check, INTERVAL)
            for number, (expect, check) in enumerate(islice(cycle(kinds), FLOWS))
        )
    with running(text) as daemon:
        time.sleep(INTERVAL + 5 if kinds else 10)
        before = daemon.usage().cpu
        for _ in range(4):
            daemon.get("/metrics")
            time.sleep(WINDOW / 4)
        share = (daemon.usage().cpu - before) / WINDOW
        figure = f"{share * 100:.2f} %"
        if kinds:
            figure += f", {(share - idle) / (FLOWS / INTERVAL) * 1e3:.2f} ms a flow"
        print(f"| {FLOWS if kinds else 0} flows every {INTERVAL} s, {what} | {figure} | ", end="")
        print(f"{_told(daemon)} |", flush=True)
    return share


def _told(daemon: Daemon) -> str:
    states: dict[str, int] = {}
    for flow in daemon.status()["flows"]:
        states[flow["state"]] = states.get(flow["state"], 0) + 1
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "-"


if __name__ == "__main__":
    main()
