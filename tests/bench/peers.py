"""The peers that echoes are compared with, in the same run: CPU seconds an echo, or None."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.harness.daemon import address, usage_of
from tests.harness.ports import free_port

BLACKBOX = "prometheus-blackbox-exporter"
_CONFIG = "modules: {icmp: {prober: icmp, timeout: 2s}}\n"


def fping(targets: int, rounds: int, *options: str) -> float | None:
    """CPU seconds an echo of ``fping -C rounds`` with these options."""
    if shutil.which("fping") is None:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as hosts:
        hosts.write("\n".join(address(number) for number in range(targets)))
        hosts.flush()
        before = getrusage(RUSAGE_CHILDREN)
        command = ["fping", "-q", "-C", str(rounds), *options, "-f", hosts.name]
        subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
        after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / targets / rounds


def blackbox(targets: int, seconds: float) -> float | None:
    """CPU seconds a probe of blackbox_exporter alone, asked for one target after the other."""
    program = shutil.which(BLACKBOX)
    if program is None:
        return None
    with _exporter(program) as (pid, port):
        before, probes, end = usage_of(pid), 0, time.monotonic() + seconds
        with ThreadPoolExecutor(8) as clients:
            while time.monotonic() < end:
                urls = [
                    f"http://127.0.0.1:{port}/probe?module=icmp&target={address(number)}"
                    for number in range(probes % targets, probes % targets + 100)
                ]
                probes += sum(clients.map(_probe, urls))
        return (usage_of(pid).cpu - before.cpu) / probes


@contextmanager
def _exporter(program: str) -> Iterator[tuple[int, int]]:
    with tempfile.TemporaryDirectory() as home:
        config = Path(home) / "blackbox.yml"
        config.write_text(_CONFIG)
        port = free_port()
        command = [program, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield process.pid, port
        finally:
            process.terminate()
            process.wait()


def _probe(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return int(b"probe_success 1" in answer.read())
