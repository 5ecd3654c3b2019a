"""The audit of a daemon that is started, reloaded, stopped and killed."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.daemon.running import Running
from tests.harness.told import tells
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

FORBIDDEN = """
flows:
  party-ssh:
    name_vi: Cấm SSH
    from: state-dc
    to: nam-sach/server
    check: {probe: tcp, port: 22, interval: 30s, timeout: 1s}
    expect: blocked
"""


def audit(running: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "netwatch", "audit", *arguments]
    return subprocess.run(
        command, env=running.environment, capture_output=True, text=True, check=False
    )


def lines(running: Running, *arguments: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(audit(running, "--json", *arguments).stdout)
    return told


def said(running: Running) -> list[tuple[str, str, str]]:
    return [(line["what"], line["subject"], line["known_by"]) for line in lines(running)]


def reload(running: Running, text: str) -> None:
    running.write(text)
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")


def test_what_was_changed_is_told_over_reloads_restarts_and_kills(running: Running) -> None:
    text = (running.inventory / "province.yaml").read_text(encoding="utf-8")
    reload(running, text.replace("Nam Sách", "Nam SÁCH") + FORBIDDEN)
    eventually(lambda: ("added", "flow:party-ssh", "signal") in said(running))
    changed = next(line for line in lines(running) if line["what"] == "changed")
    assert changed["subject"] == "site:nam-sach"
    assert changed["details"] == {"name_vi": ["Huyện Nam Sách", "Huyện Nam SÁCH"]}
    name = 'netwatch_forbidden_flow_removed_timestamp_seconds{flow="party-ssh"}'
    assert running.metric(name) is None

    reload(running, text)
    eventually(lambda: ("removed", "flow:party-ssh", "signal") in said(running))
    eventually(lambda: running.metric(name) is not None)
    (told,) = json.loads(running.get("/status.json"))["removed_forbidden"]
    assert told["flow"] == "party-ssh"

    reload(running, text.replace("tier: district", "tier: distrikt"))
    eventually(lambda: ("reload-refused", "inventory", "signal") in said(running))
    running.kill()
    running.write(text.replace("127.8.0.1", "127.8.0.2"))
    running.start()
    running.wait_for("READY=1")
    eventually(lambda: ("changed", "target:nam-sach/server", "program") in said(running))
    last = lines(running)[-1]
    assert last["details"] == {"address": ["127.8.0.1", "127.8.0.2"], "while": "stopped"}
    assert "unclean-end" in [what for what, _, _ in said(running)]
    assert running.metric(name) is not None
    running.process.terminate()
    running.process.wait()
    assert said(running)[-1] == ("stop", "netwatch", "program")
    assert audit(running, "--verify").returncode == 0


def test_a_command_is_told_with_its_user(running: Running) -> None:
    command = [sys.executable, "-m", "netwatch", "maintenance"]
    subprocess.run(
        [*command, "add", "nam-sach", "--for", "2h", "--reason", "Thay cáp"],
        env=running.environment,
        check=True,
    )
    (line,) = lines(running, "--what", "maintenance-announced")
    assert line["subject"] == "site:nam-sach"
    assert line["details"]["reason"] == "Thay cáp"
    assert pwd.getpwuid(os.getuid()).pw_name in line["who"]
    assert line["known_by"] == "unix"
    assert lines(running, "--who", "NOBODY-ELSE") == []
    subprocess.run([*command, "end", "announced-1"], env=running.environment, check=True)
    (line,) = lines(running, "--what", "maintenance-ended")
    assert line["details"]["id"] == "announced-1"
    assert audit(running, "--verify").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--what", "reloaded"), "did you mean reload?"),
        (("--since", "yesterday"), "--since: 'yesterday' is not a duration"),
    ],
)
def test_a_mistake_is_one_line(running: Running, arguments: tuple[str, str], message: str) -> None:
    done = audit(running, *arguments)
    assert done.returncode == 2
    assert tells(done.stderr, message)
    assert len(done.stderr.splitlines()) == 1
