"""An incident of a real daemon: open at once, taken on by a command, the same one over a kill."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import Any

import pytest

from tests.daemon.running import Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


def netwatch(running: Running, *arguments: str) -> str:
    command = [sys.executable, "-m", "netwatch", *arguments]
    told = subprocess.run(
        command, env=running.environment, capture_output=True, text=True, check=False
    )
    return told.stdout + told.stderr


def listed(running: Running, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(netwatch(running, "incidents", "--json", *arguments))
    return found


def shown(running: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(running.get("/incidents.json"))["open"]
    return found


def test_an_incident_is_one_from_the_fault_over_a_kill_to_its_end(
    running: Running, server: socket.socket
) -> None:
    eventually(lambda: running.site()["state"] == "up")
    assert shown(running) == []
    port = server.getsockname()[1]
    server.close()
    (first,) = eventually(lambda: shown(running))
    assert (first["kind"], first["cause"]) == ("device", "target:nam-sach/server")
    eventually(lambda: listed(running)["open"])

    assert "has taken it on" in netwatch(running, "ack", first["id"][:6], "--note", "đang xem")
    eventually(lambda: shown(running)[0]["acknowledged"])
    acknowledged = f'netwatch_incident_acknowledged{{incident="{first["id"]}"}}'
    assert running.metric(acknowledged) == 1.0

    running.kill()
    running.start()
    running.wait_for("READY=1")
    (again,) = eventually(lambda: shown(running))
    assert (again["id"], again["began"], again["flaps"]) == (first["id"], first["began"], 0)
    assert again["acknowledged"]["note"] == "đang xem"

    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: shown(running) == [], patience=90)
        (ended,) = eventually(lambda: listed(running, "--since", "1h")["ended"])
        assert (ended["id"], ended["sites"]) == (first["id"], 1)
        story = netwatch(running, "incident", first["id"])
        assert "it has ended" in netwatch(running, "ack", first["id"])
    assert "đang xem" in story
    assert "is back" in story
    assert "did you mean nam-sach" in netwatch(running, "incidents", "--site", "nam-sac")
