"""A planned site is measured and shown, and counts nowhere; from its first day on it counts."""

from __future__ import annotations

import json
import signal
import socket
from typing import Any

import pytest

from tests.daemon.running import INVENTORY, Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

PLANNED = """\
  thai-tan:
    tier: district
    name_vi: Xã Thái Tân
    state: planned
    targets: {server: 127.8.0.2}
"""


def status(running: Running) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(running.get("/status.json"))
    return found


def answers(running: Running) -> bool | None:
    ((target,),) = [site["targets"] for site in status(running)["planned_sites"]] or [[{}]]
    found: bool | None = target.get("answers")
    return found


def test_it_is_measured_and_counts_nowhere(running: Running, server: socket.socket) -> None:
    port = server.getsockname()[1]
    text = INVENTORY.replace("PORT", str(port)) + PLANNED
    running.write(text)
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")
    eventually(lambda: running.site()["state"] == "up")
    eventually(lambda: answers(running) is False)
    with socket.create_server(("127.8.0.2", port)):
        eventually(lambda: answers(running) is True)
        metrics = running.get("/metrics")
        assert 'netwatch_planned_site_answering_targets{site="thai-tan"} 1.0' in metrics
    eventually(lambda: answers(running) is False)
    shown = status(running)
    assert [site["id"] for site in shown["sites"]] == ["nam-sach"]
    assert sum(shown["counts"].values()) == 1
    assert shown["faults"] == shown["suspected"] == []
    assert json.loads(running.get("/incidents.json"))["open"] == []
    for series in running.get("/metrics").splitlines():
        assert 'site="thai-tan"' not in series or series.startswith("netwatch_planned_site_")
    assert running.events() == []

    running.write(text.replace("state: planned", "since: 2020-01-01"))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")
    eventually(lambda: running.events("--site", "thai-tan"))
    assert status(running)["counts"]["down"] == 1
    assert status(running)["planned_sites"] == []
