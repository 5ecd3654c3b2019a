"""A site, its target and a flow get other ids while something is wrong: all of it goes on."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from tests.daemon.running import INVENTORY, Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

FLOW = """
flows:
  FLOW: {name_vi: Trục liên thông, from: state-dc, to: SITE/TARGET, expect: pass, FORMERLY
    check: {probe: tcp, port: PORT, interval: 200ms, timeout: 150ms}}
"""
BEFORE = {"SITE": "nam-sach", "TARGET": "server", "FLOW": "axis", "FORMERLY": "purpose: X,"}
AFTER = {"SITE": "thai-tan", "TARGET": "host", "FLOW": "trunk", "FORMERLY": "formerly: [axis],"}


def inventory(port: int, names: dict[str, str]) -> str:
    text = INVENTORY + FLOW
    if names is AFTER:
        text = text.replace("{server: 127.8.0.1}", "{host: {address: 127.8.0.1, role: server,")
        text = text.replace("role: server,", "role: server, formerly: [server]}}\n")
        text = text.replace("targets:", "formerly: [nam-sach]\n    targets:")
        text = text.replace("nam-sach:", "thai-tan:").replace("site: nam-sach", "site: thai-tan")
    for word, name in names.items():
        text = text.replace(word, name)
    return text.replace("PORT", str(port))


def netwatch(running: Running, *arguments: str) -> Any:
    command = [sys.executable, "-m", "netwatch", *arguments, "--json"]
    told = subprocess.run(
        command, env=running.environment, capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


def reload(running: Running, text: str) -> None:
    running.write(text)
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")


def restart(running: Running, text: str) -> None:
    running.kill()
    running.write(text)
    running.start()
    running.wait_for("READY=1")


def down_since(running: Running) -> tuple[str, float] | None:
    site = running.site()
    return (site["id"], site["since"]) if site["state"] == "down" else None


def incidents(running: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(running.get("/incidents.json"))["open"]
    return found


@pytest.mark.parametrize("change", [reload, restart])
def test_what_goes_on_goes_on_under_the_new_id(
    change: Any, running: Running, server: socket.socket
) -> None:
    port = server.getsockname()[1]
    reload(running, inventory(port, BEFORE))
    eventually(lambda: running.site()["state"] == "up")
    server.close()
    _, since = eventually(lambda: down_since(running))
    (before,) = eventually(lambda: incidents(running))
    eventually(lambda: len(running.events()) == 3)

    change(running, inventory(port, AFTER))
    assert eventually(lambda: down_since(running)) == ("thai-tan", since)
    (after,) = eventually(lambda: incidents(running))
    assert (after["id"], after["began"]) == (before["id"], before["began"])
    assert after["cause"] == "target:thai-tan/host"

    told = running.events("--since", "1h")
    assert {each.get("flow") or each["site"] for each in told} == {"thai-tan", "trunk"}
    assert len(told) == 3, "no outage was split"
    assert all(each["ended"] is None for each in told)
    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: running.site()["state"] == "up")
        eventually(lambda: all(each["ended"] for each in running.events("--since", "1h")))
        eventually(lambda: incidents(running) == [], patience=90)
        (ended,) = eventually(lambda: _ended(running))
        assert (ended["id"], ended["sites"]) == (before["id"], 1)
    audit = json.dumps(netwatch(running, "audit", "--since", "1h"), ensure_ascii=False)
    assert "site:nam-sach" not in audit, "nothing was removed"
    with closing(sqlite3.connect(running.state / "journal.sqlite")) as journal:
        watched = {site for (site,) in journal.execute("SELECT site FROM watched")}
    assert "thai-tan" in watched


def _ended(running: Running) -> list[dict[str, Any]]:
    listed = netwatch(running, "incidents", "--since", "1h", "--site", "nam-sach")
    found: list[dict[str, Any]] = listed["ended"]
    return found
