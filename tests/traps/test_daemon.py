"""The daemon with a trap port: a trap makes its sender be probed at once."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.builders import ONE_ROUTER
from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow

PATIENCE = 15.0
CHECKS = """
      {{probe: tcp, port: {port}, interval: 24h, timeout: 2s}},
      {{probe: snmp, port: 9, interval: 24h, timeout: 2s}}"""


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def device() -> Iterator[socket.socket]:
    """The port that the TCP check connects to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        yield server


HAND_OVER = 'exec 3<&"$1"; shift; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'


@pytest.mark.parametrize("by_systemd", [False, True])
def test_a_trap_runs_the_checks_at_once(
    device: socket.socket, tmp_path: Path, *, by_systemd: bool
) -> None:
    checks = CHECKS.format(port=device.getsockname()[1])
    (tmp_path / "all.yaml").write_text(ONE_ROUTER.format(checks=checks), encoding="utf-8")
    web, traps = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    command = [sys.executable, "-m", "netwatch", "run"]
    environment = {
        "PATH": os.environ["PATH"],
        "NETWATCH_INVENTORY": str(tmp_path),
        "NETWATCH_LISTEN": f"127.0.0.1:{web}",
        "NETWATCH_SECRET_LAN": "trap-community",
    }
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as given:
        if by_systemd:  # as netwatch-traps.socket does it
            given.bind(("127.0.0.1", traps))
            command = ["/bin/bash", "-c", HAND_OVER, "-", str(given.fileno()), *command]
        else:
            environment["NETWATCH_TRAPS"] = f"127.0.0.1:{traps}"
        daemon = subprocess.Popen(command, env=environment, pass_fds=[given.fileno()])
    try:
        wait_until_shown(web, "netwatch_traps_total")
        assert shown(web, 'netwatch_traps_total{trap="linkDown"}') == 0
        send_trap(traps)
        connection, _ = device.accept()  # long before the slot of tomorrow
        connection.close()
        wait_until_shown(web, 'netwatch_traps_total{trap="linkDown"} 1')
        assert shown(web, 'netwatch_trap_datagrams_total{verdict="accepted"}') == 1
        assert shown(web, "netwatch_traps_probed_total") == 1
    finally:
        daemon.terminate()
        daemon.wait(PATIENCE)


def send_trap(port: int) -> None:
    command = [require_tool("snmptrap"), "-v2c", "-c", "trap-community", "-m", ""]
    command += [f"127.0.0.1:{port}", "", "1.3.6.1.6.3.1.1.5.3"]
    subprocess.run(command, check=True, env={"SNMP_PERSISTENT_DIR": "/nonexistent"})


def page(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def shown(port: int, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", page(port), re.MULTILINE)
    assert found is not None, series
    return float(found[1])


def wait_until_shown(port: int, text: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if text in page(port):
                return
        except OSError:
            pass  # not listening yet
        assert time.monotonic() < end, f"no {text}"
        time.sleep(0.1)
