"""A daemon process with an inventory of one server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

INVENTORY = """
province: {name_vi: Hải Dương, name: Hai Duong}
ranges: [127.0.0.0/8]
tiers:
  district: {name_vi: Huyện, name: District, rank: 0}
networks:
  state: {name_vi: Mạng Nhà nước, name: State network}
vantages:
  state-dc: {site: nam-sach, name_vi: Trung tâm dữ liệu}
classes:
  server:
    match: {roles: [server]}
    checks:
      - {probe: tcp, port: PORT, interval: 200ms, timeout: 150ms}
    down_after: 2
sites:
  nam-sach:
    tier: district
    name_vi: Huyện Nam Sách
    targets: {server: 127.8.0.1}
"""

PATIENCE = 120.0

started: list[subprocess.Popen[str]] = []
"""Every daemon of this test; those that it left running, as when it fails, are ended after it."""


class Running:
    """A daemon process with an inventory of one server."""

    def __init__(self, home: Path, port: int) -> None:
        self.inventory = home / "inventory"
        self.inventory.mkdir()
        self.write(INVENTORY.replace("PORT", str(port)))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(home / "notify"))
        self.notified.settimeout(PATIENCE)
        self.state = home / "state"
        self.environment = {
            "PATH": os.environ["PATH"],
            "NETWATCH_INVENTORY": str(self.inventory),
            "NETWATCH_LISTEN": f"127.0.0.1:{self.port}",
            "NETWATCH_STATE_DIR": str(self.state),
            "NOTIFY_SOCKET": str(home / "notify"),
            "WATCHDOG_USEC": "1500000",
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netwatch", "run"],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(self.process)

    def kill(self) -> None:
        """End it as a power failure would: it can do nothing any more."""
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)

    def write(self, text: str) -> None:
        (self.inventory / "province.yaml").write_text(text, encoding="utf-8")

    def measure_every(self, interval: str) -> None:
        """Take over another interval."""
        file = self.inventory / "province.yaml"
        text = file.read_text(encoding="utf-8")
        self.write(re.sub(r"interval: \w+", f"interval: {interval}", text))
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("READY=1")

    def wait_for(self, message: str) -> None:
        """Wait until the daemon sends this line to the service manager."""
        end = time.monotonic() + PATIENCE
        while message not in self.notified.recv(4096).decode().split("\n"):
            assert time.monotonic() < end, f"no {message}"

    def get(self, path: str) -> str:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def metric(self, name: str) -> float | None:
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else None

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """What ``netwatch events`` says."""
        command = [sys.executable, "-m", "netwatch", "events", "--json", *arguments]
        told = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True
        )
        events: list[dict[str, Any]] = json.loads(told.stdout)
        return events

    def site(self) -> dict[str, Any]:
        site: dict[str, Any] = json.loads(self.get("/status.json"))["sites"][0]
        return site

    def causes(self) -> list[Any]:
        return [target["cause"] for target in self.site()["targets"]]

    def stop(self) -> str:
        self.process.terminate()
        _, errors = self.process.communicate(timeout=PATIENCE)
        self.notified.close()
        return str(errors)
