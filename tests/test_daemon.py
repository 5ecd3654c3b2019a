"""The daemon as its users run it: a process, signals, and what it serves."""

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
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from netwatch.journal.file import NAME
from netwatch.journal.reader import read_previous_run
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

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
        with urllib.request.urlopen(url, timeout=5) as answer:
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


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.8.0.1", 0), backlog=512) as listening:
        yield listening


@pytest.fixture
def running(tmp_path: Path, server: socket.socket) -> Iterator[Running]:
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    yield daemon
    daemon.stop()


def test_it_measures_and_shows(running: Running) -> None:
    eventually(lambda: running.site()["state"] == "up")
    assert running.metric('netwatch_site_state{site="nam-sach"}') == 1.0
    assert running.metric("netwatch_config_last_reload_successful") == 1.0
    assert running.get("/-/healthy") == "ok\n"
    assert running.get("/-/ready") == "ok\n"
    assert "<html" in running.get("/")


def test_a_server_that_ends_is_seen_as_down(running: Running, server: socket.socket) -> None:
    eventually(lambda: running.site()["state"] == "up")
    port = server.getsockname()[1]
    server.close()
    eventually(lambda: running.site()["state"] == "down")
    assert running.causes() == [{"probe": f"tcp:{port}", "reason": "refused"}]


def test_a_reload_takes_over_a_good_configuration(running: Running) -> None:
    running.write((running.inventory / "province.yaml").read_text().replace("Sách", "SÁCH"))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")
    assert running.site()["name_vi"] == "Huyện Nam SÁCH"
    assert running.metric("netwatch_config_last_reload_successful") == 1.0


def test_a_reload_refuses_a_bad_configuration_and_goes_on(running: Running) -> None:
    good = (running.inventory / "province.yaml").read_text()
    running.write(good.replace("tier: district", "tier: distrikt"))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")
    assert running.metric("netwatch_config_last_reload_successful") == 0.0
    eventually(lambda: running.site()["state"] == "up")
    running.write(good)
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")
    assert running.metric("netwatch_config_last_reload_successful") == 1.0
    assert re.search(r"reload refused: \S*province\.yaml:\d+: .*distrikt", running.stop())


def test_the_watchdog_is_fed_while_it_measures(running: Running) -> None:
    running.wait_for("WATCHDOG=1")
    running.wait_for("WATCHDOG=1")


BROKEN = {
    "empty": lambda text: "",
    "truncated": lambda text: text[: len(text) // 2],
    "binary": lambda text: "\x00\x01" + text,
    "of wrong types": lambda text: text.replace("tier: district", "tier: [district]"),
    "with a key twice": lambda text: text + "\nsites: {}\n",
    "a circle of parents": lambda text: text.replace(
        "tier: district\n    name_vi: H", "tier: district\n    parent: nam-sach\n    name_vi: H"
    ),
}


def test_after_each_broken_file_the_old_one_stays_and_the_next_good_one_is_taken(
    running: Running,
) -> None:
    eventually(lambda: running.site()["state"] == "up")
    sound = (running.inventory / "province.yaml").read_text(encoding="utf-8")
    for kind, broken in BROKEN.items():
        for text, successful in ((broken(sound), 0.0), (sound, 1.0)):
            running.write(text)
            running.process.send_signal(signal.SIGHUP)
            running.wait_for("READY=1")
            assert running.metric("netwatch_config_last_reload_successful") == successful, kind
    eventually(lambda: running.site()["state"] == "up")


def test_it_stops_cleanly(running: Running) -> None:
    running.process.terminate()
    assert running.process.wait(timeout=3) == 0
    running.wait_for("STOPPING=1")
    with pytest.raises((HTTPError, URLError)):
        running.get("/-/healthy")


def test_a_killed_daemon_goes_on_where_it_was(running: Running, server: socket.socket) -> None:
    eventually(lambda: running.site()["state"] == "up")
    port = server.getsockname()[1]
    server.close()
    eventually(lambda: running.site()["state"] == "down")
    since = running.site()["since"]
    down = 'netwatch_site_state_seconds_total{state="down",site="nam-sach"}'
    eventually(lambda: (running.metric(down) or 0) > 0.5)
    eventually(lambda: len(running.events()) == 2)  # the site, and its one target
    # What was measured longer ago than three intervals would be unknown.
    running.measure_every("10s")
    before = running.metric(down)
    running.kill()
    running.start()
    running.wait_for("READY=1")
    # The first page says what the last one said.
    assert running.metric('netwatch_site_state{site="nam-sach"}') == 4.0
    cause = 'netwatch_cause_state{cause="target:nam-sach/server"}'
    assert running.metric(cause) == 4.0
    after = running.metric(down)
    assert before is not None
    assert after is not None
    assert after >= before - 1.0  # the pulse of the journal
    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: running.site()["state"] == "up", patience=90)
        eventually(lambda: all(event["ended"] for event in running.events()))
    events = running.events("--site", "nam-sach")
    assert [(event["target"], event["state"]) for event in events] == [
        ("server", "down"),
        (None, "down"),
    ]
    assert {event["began"] for event in events} == {since}
    assert running.metric("netwatch_journal_write_errors_total") == 0.0


FLOW = """
flows:
  documents:
    name_vi: Gửi văn bản
    from: state-dc
    to: nam-sach/server
    check: {probe: tcp, port: PORT, interval: 3s, timeout: 1s}
    expect: pass
"""


def test_a_flow_is_in_the_journal_and_goes_on_after_a_kill(
    running: Running, server: socket.socket
) -> None:
    port = server.getsockname()[1]
    running.write((INVENTORY + FLOW).replace("PORT", str(port)))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")
    ends = 'from="state-dc",to="nam-sach/server"'
    name = f'netwatch_flow_as_expected{{expect="pass",flow="documents",{ends}}}'
    eventually(lambda: running.metric(name) == 1.0)
    assert running.events("--flow", "documents") == []
    server.close()
    eventually(lambda: running.metric(name) == 0.0)
    eventually(lambda: len(running.events("--flow", "documents")) == 1)
    running.kill()
    running.start()
    running.wait_for("READY=1")
    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: running.metric(name) == 1.0)
        eventually(lambda: running.events("--flow", "documents")[0]["ended"] is not None)
    event = running.events("--flow", "documents")[0]
    assert (event["flow"], event["state"]) == ("documents", "broken")
    assert event["evidence"]["probe"] == f"tcp:{port}"
    assert "flow" not in str(running.events("--site", "nam-sach"))


def violations_on_disk(journal: Path) -> int:
    """Of all flows, as a daemon would find them that starts now."""
    return sum(flow.violations for flow in read_previous_run(journal).flows.flows.values())


def test_violations_stay_counted_after_a_kill(running: Running, server: socket.socket) -> None:
    port = server.getsockname()[1]
    often = FLOW.replace("interval: 3s, timeout: 1s", "interval: 200ms, timeout: 150ms")
    flow = often.replace("expect: pass", "expect: blocked")
    running.write((INVENTORY + flow).replace("PORT", str(port)))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")
    name = 'netwatch_flow_violations_total{flow="documents"}'
    eventually(lambda: (running.metric(name) or 0.0) >= 3.0)
    eventually(lambda: violations_on_disk(running.state / NAME) >= 3)
    server.close()
    running.kill()
    running.start()
    running.wait_for("READY=1")
    assert (running.metric(name) or 0.0) >= 3.0


def test_a_state_directory_that_can_not_be_used_stops_nothing(
    tmp_path: Path, server: socket.socket
) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    eventually(lambda: daemon.site()["state"] == "up")
    assert (daemon.metric("netwatch_journal_write_errors_total") or 0) >= 1.0
    assert "can't be written" in daemon.stop()


def test_events_need_a_journal(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, "events").splitlines()
    assert line.startswith("state_dir: ")
    (line,) = refused(tmp_path, "events", NETWATCH_STATE_DIR=str(tmp_path)).splitlines()
    assert str(tmp_path) in line
    (line,) = refused(
        tmp_path, "events", "--since", "yesterday", NETWATCH_STATE_DIR=str(tmp_path)
    ).splitlines()
    assert line.startswith("--since: ")


def refused(home: Path, *arguments: str, **environment: str) -> str:
    """What a command that must be refused says."""
    done = subprocess.run(
        [sys.executable, "-m", "netwatch", *arguments],
        env={"PATH": os.environ["PATH"], "NETWATCH_INVENTORY": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_wrong_inventory_is_refused_with_all_its_mistakes(tmp_path: Path) -> None:
    text = INVENTORY.replace("PORT", "0").replace("tier: district\n", "tier: distrikt\n")
    (tmp_path / "province.yaml").write_text(text, encoding="utf-8")
    for command in ("check", "run"):
        lines = refused(tmp_path, command).splitlines()
        assert len(lines) == 2
        assert all(re.match(r"\S*province\.yaml:\d+: ", line) for line in lines), lines


def test_a_port_in_use_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "province.yaml").write_text(INVENTORY.replace("PORT", "80"), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        lines = refused(tmp_path, "run", NETWATCH_LISTEN=where).splitlines()
    assert [where in line for line in lines] == [True]


def test_an_unknown_site_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "province.yaml").write_text(INVENTORY.replace("PORT", "80"), encoding="utf-8")
    assert len(refused(tmp_path, "probe", "nowhere").splitlines()) == 1
    assert len(refused(tmp_path, "trace", "nowhere/router").splitlines()) == 1


def test_probe_measures_once_and_says_so_by_its_exit_status(
    tmp_path: Path, server: socket.socket
) -> None:
    text = INVENTORY.replace("PORT", str(server.getsockname()[1]))
    (tmp_path / "province.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "netwatch", "probe", "nam-sach", "--json"]
    environment = {"PATH": os.environ["PATH"], "NETWATCH_INVENTORY": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (result,) = json.loads(done.stdout)
    assert (result["outcome"], result["reason"]) == ("success", "ok")
    server.close()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["reason"] == "refused"


def test_a_second_daemon_on_the_same_state_directory_ends_with_one_line(running: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "netwatch", "run"],
        env=running.environment | {"NETWATCH_LISTEN": "127.0.0.1:0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    (line,) = second.stderr.splitlines()
    assert f"is in use by process {running.process.pid} since " in line
    assert running.get("/-/healthy") == "ok\n"


def test_pipes_in_the_state_directory_stop_nothing(tmp_path: Path, server: socket.socket) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    for name in ("maintenance.json", "daemon.lock", NAME):
        os.mkfifo(state / name)
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    eventually(lambda: daemon.site()["state"] == "up")
    errors = daemon.stop()
    assert daemon.process.returncode == 0
    assert "maintenance stays as it was" in errors
