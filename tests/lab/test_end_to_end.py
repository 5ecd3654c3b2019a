"""The lab as a process of its own, in namespaces, visited from the collector's side."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.lab_province import write_province
from tests.harness.labs import ENVIRONMENT, Lab
from tests.harness.requirements import require, require_tool
from tests.harness.told import tells
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

NOBODY = "65534"
HAS_V3 = importlib.util.find_spec("cryptography") is not None
SETTLE = 0.05
"""Seconds around a fault's begin within which a packet may have met the wire before or after it."""

FAULTS = """
faults:
  - {at: 0s, cut: south-second}
  - {at: 0s, open: no-rdp}
  - {at: 0s, for: 500ms, reboot: centre/switch-1}
  - {at: 2s, for: 1s, cut: north}
  - {at: 2s, for: 1s, delay: {site: south, delay: 60ms, jitter: 10ms}}
"""

INSIDE = """
import os, sys
from netwatch.lab.namespaces import enter_user_namespace
from tests.harness.told import tells
enter_user_namespace()
os.execv(sys.executable, [sys.executable, "-c", "import netwatch.lab.run"])
"""
"""Whether an interpreter can be started in a namespace, where a home of root may be closed."""


def python() -> list[str]:
    return [sys.executable]


def python_of_nobody() -> list[str]:
    """A Python that a user without any right can run, with the packages of this one."""
    if os.geteuid() != 0:
        pytest.skip("the other tests run without root already")
    drop = [require_tool("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    drop += ["--inh-caps=-all", "--no-new-privs"]
    for interpreter in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(FileNotFoundError):
            attempt = [*drop, interpreter, "-c", INSIDE]
            tried = subprocess.run(attempt, check=False, env=ENVIRONMENT, capture_output=True)
            if tried.returncode == 0:
                return [*drop, interpreter]
    require(None, "a Python that an unprivileged user can run")
    raise AssertionError


@pytest.fixture
def lab_of(needs_namespaces: None) -> Iterator[Callable[..., Lab]]:
    """Starts labs in directories that any user may write to; ends them and removes everything."""
    labs: list[Lab] = []

    def start(
        interpreter: list[str], inside: list[str], *, faults: str = "", loopback: bool = False
    ) -> Lab:
        directory = Path(tempfile.mkdtemp(prefix="netwatch-test-"))
        directory.chmod(0o777)
        write_province(directory / "inventory", v3=HAS_V3)
        if faults:
            (directory / "faults.yaml").write_text(faults, encoding="utf-8")
        mode = ["--loopback"] if loopback else []
        inside = [part.replace("DIRECTORY", str(directory)) for part in inside]
        process = subprocess.Popen(
            [*interpreter, "-m", "tests.lab.drive", *mode, str(directory), "--", *inside],
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        labs.append(Lab(process, directory))
        return labs[-1]

    yield start
    for lab in labs:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(lab.process.pid, signal.SIGKILL)
        lab.process.wait()
        assert lab.process.stderr
        lab.process.stderr.close()
        shutil.rmtree(lab.directory)


def within(found: list[tuple[float, float | None]], begin: float, end: float) -> list[float | None]:
    return [answer for sent, answer in found if begin <= sent <= end]


def moments(log: list[dict[str, Any]], subject: str) -> tuple[float, float]:
    begin, end = (event["monotonic"] for event in log if event.get("subject") == subject)
    return begin, end


@pytest.mark.parametrize("user", [python, python_of_nobody])
def test_a_visit(lab_of: Callable[..., Lab], user: Callable[[], list[str]]) -> None:
    interpreter = user()
    visitor = [interpreter[-1], "-m", "tests.lab.visitor", "DIRECTORY", "v3" if HAS_V3 else "v2c"]
    lab = lab_of(interpreter, visitor, faults=FAULTS)

    with socket.create_connection(lab.listening(), 10) as browser:
        assert browser.recv(100) == b"from inside"
    _, output = lab.process.communicate(timeout=30)
    assert lab.process.returncode == 7, output
    assert "Two-sided simulation" in output
    found = json.loads((lab.directory / "found").read_text(encoding="utf-8"))
    log = lab.log()

    begin, end = moments(log, "north")
    for name in ("cut", "cut6"):
        echoes = found["echoes"][name]
        silent = within(echoes, begin, end - SETTLE)
        assert silent
        assert not any(silent)
        assert all(within(echoes, 0, begin - SETTLE))
        assert all(within(echoes, end, end + 1.0))
    begin, end = moments(log, "south")
    slow = within(found["echoes"]["slow"], begin, end - SETTLE)
    assert slow
    assert all(answer is not None and answer >= 0.06 for answer in slow)
    assert not any(answer for _, answer in found["echoes"]["none"])
    assert found["interfaces"] == [1, 2, 1]  # the second one is the line that stays cut
    assert found["tcp"] == {"443": "open", "444": "refused", "445": "silence", "3389": "open"}
    assert found["unacknowledged"] == 0
    assert found["uptime"]["rebooted"] < 3000 < found["uptime"]["never rebooted"]
    assert found.get("v3", "south/router") == "south/router"

    counts = next(event for event in log if event["event"] == "counts")
    assert (counts["overflowed"], counts["overrun"]) == (0, 0)
    for path in counts["paths"].values():
        assert path["seen"] == path["forwarded"] + path["lost"] + path["cut"] + path["barred"]
    answered = sum(answer is not None for _, answer in found["echoes"]["cut6"])
    assert counts["paths"]["fd30::1:20"]["returned"] == answered
    assert log[-1]["event"] == "stop"
    assert lab.session_is_empty()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(tuple(log[0]["listen"]))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_and_its_status_is_passed_on(
    lab_of: Callable[..., Lab], number: signal.Signals
) -> None:
    lab = lab_of(python(), ["sh", "-c", "trap 'exit 9' TERM; touch DIRECTORY/set; sleep 60 & wait"])
    eventually((lab.directory / "set").exists)
    lab.process.send_signal(number)
    assert lab.process.wait(20) == 9
    assert lab.log()[-1] == lab.log()[-1] | {"event": "stop", "status": 9}


def test_nothing_outlives_a_lab_that_is_killed(lab_of: Callable[..., Lab]) -> None:
    lab = lab_of(python(), ["sleep", "60"])
    lab.listening()
    lab.process.kill()
    lab.process.wait()
    eventually(lab.session_is_empty)


def test_counts_on_request(lab_of: Callable[..., Lab]) -> None:
    lab = lab_of(python(), ["sleep", "60"])
    lab.listening()
    lab.process.send_signal(signal.SIGUSR1)
    eventually(lambda: [event for event in lab.log() if event["event"] == "counts"])


def test_without_namespaces_devices_fall_silent_but_answer_ping(
    lab_of: Callable[..., Lab],
) -> None:
    lab = lab_of(
        python(),
        ["sleep", "60"],
        faults="faults:\n  - {at: 500ms, for: 1s, cut: centre}\n",
        loopback=True,
    )
    lab.listening()
    server = ("127.30.0.30", 10443)
    socket.create_connection(server, 5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.30.0.30", 3389), 5)

    def done(action: str) -> Callable[[], bool]:
        return lambda: any(event.get("action") == action for event in lab.log())

    eventually(done("begin"))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server, 5)
    eventually(done("end"))
    socket.create_connection(server, 5).close()
    lab.process.terminate()
    assert lab.process.wait(20) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("inside", "status", "message"),
    [(["/no/such/program"], 127, "cannot run /no/such/program"), (["false"], 1, "")],
)
def test_the_status_of_the_command(
    lab_of: Callable[..., Lab], inside: list[str], status: int, message: str
) -> None:
    lab = lab_of(python(), inside)
    _, output = lab.process.communicate(timeout=20)
    assert lab.process.returncode == status
    assert message in output


def test_a_mistake_in_the_script_is_one_line_and_starts_nothing(lab_of: Callable[..., Lab]) -> None:
    lab = lab_of(python(), ["true"], faults="faults:\n  - {at: 1s, cut: nowhere}\n")
    _, output = lab.process.communicate(timeout=20)
    assert lab.process.returncode == 2
    assert output.startswith(f"{lab.directory}/faults.yaml:2: ")
    assert output.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--loopback", "--round-trips", "trips"], "leave out --round-trips"),
        (["--round-trips", "no/such/place"], "no/such/place: cannot be written"),
    ],
)
def test_round_trips_that_cannot_be_written_are_refused_in_one_line(
    needs_namespaces: None, province_dir: Path, options: list[str], message: str
) -> None:
    home = province_dir.parent
    done = subprocess.run(
        [sys.executable, "-m", "netwatch", "lab", "--log", "log", *options, "--", "touch", "ran"],
        env={
            **ENVIRONMENT,
            "NETWATCH_INVENTORY": str(province_dir),
            "NETWATCH_LISTEN": "127.0.0.1:0",
        },
        cwd=home,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert tells(done.stderr, message)
    assert done.stderr.count("\n") == 1
    assert not (home / "ran").exists()
