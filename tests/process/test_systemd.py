"""systemd's protocols, spoken over real sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netwatch.process import systemd


@pytest.fixture
def manager() -> Iterator[socket.socket]:
    """The receiving end of the notification socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.setblocking(False)
        yield receiver


def test_notify_reaches_a_socket_file(
    manager: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "notify")
    manager.bind(path)
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    assert systemd.notify("READY=1\nSTATUS=đang đo 3 điểm")
    assert manager.recv(4096).decode() == "READY=1\nSTATUS=đang đo 3 điểm"


def test_notify_reaches_an_abstract_socket(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.bind("")  # the kernel picks an abstract name
    name = manager.getsockname()
    monkeypatch.setenv("NOTIFY_SOCKET", "@" + name[1:].decode())
    assert systemd.notify("WATCHDOG=1")
    assert manager.recv(4096) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", [None, "", "vsock:2:1234", "relative/path"])
def test_notify_without_a_usable_manager_sends_nothing(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    if address is not None:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not systemd.notify("READY=1")


def test_notify_survives_a_manager_that_is_gone(
    manager: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notify"
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    assert not systemd.notify("READY=1")
    manager.bind(str(path))
    manager.close()
    assert not systemd.notify("READY=1")


def test_notify_does_not_wait_for_a_manager_that_hangs(
    manager: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "notify")
    manager.bind(path)
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    sent = 0
    while systemd.notify("WATCHDOG=1"):  # until the queue of the socket is full
        sent += 1
    assert 0 < sent < 100_000


@pytest.mark.parametrize("state", ["", "READY", "READY=1\n"])
def test_notify_refuses_what_is_not_a_state(state: str) -> None:
    with pytest.raises(ValueError, match="VARIABLE=value"):
        systemd.notify(state)


def test_a_status_stays_one_line(
    manager: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "notify")
    manager.bind(path)
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    assert systemd.status("no such file: a\nMAINPID=1\r\udcff.yaml")  # a name that is not UTF-8
    assert manager.recv(4096) == b"STATUS=no such file: a MAINPID=1 ?.yaml"


_ACTIVATED = """
import os, socket, sys
os.environ["LISTEN_PID"] = str(os.getpid() + int(sys.argv[1]))
os.environ["LISTEN_FDS"] = sys.argv[2]
os.environ["LISTEN_FDNAMES"] = "metrics"
from netwatch.process import systemd
sockets = systemd.listen_sockets()
assert not {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} & set(os.environ)
assert systemd.listen_sockets() == []
for listener in sockets:
    assert not listener.get_inheritable()
    print(listener.family.name, listener.getsockname()[1])
"""


def _activate(listeners: list[socket.socket], pid_offset: int = 0, count: str = "") -> str:
    """Start a process that holds the sockets from descriptor 3 on, as systemd does."""
    moves = "\n".join(
        f"os.dup2({listener.fileno()}, {200 + n})" for n, listener in enumerate(listeners)
    )
    places = "\n".join(f"os.dup2({200 + n}, {3 + n})" for n in range(len(listeners)))
    script = (
        "import os, sys\n"
        f"{moves}\n{places}\n"
        f"os.execv(sys.executable, [sys.executable, '-c', {_ACTIVATED!r}, *sys.argv[1:]])"
    )
    process = subprocess.run(
        [sys.executable, "-c", script, str(pid_offset), count or str(len(listeners))],
        pass_fds=[listener.fileno() for listener in listeners],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.fixture
def listeners() -> Iterator[list[socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.socket(socket.AF_INET6) as second:
        second.bind(("::1", 0))
        yield [first, second]


def test_listen_sockets_are_taken_in_order(listeners: list[socket.socket]) -> None:
    ports = [listener.getsockname()[1] for listener in listeners]
    assert _activate(listeners) == f"AF_INET {ports[0]}\nAF_INET6 {ports[1]}\n"


def test_sockets_for_another_process_are_left_alone(listeners: list[socket.socket]) -> None:
    assert _activate(listeners, pid_offset=1) == ""


def test_a_nonsense_count_gives_no_sockets(listeners: list[socket.socket]) -> None:
    assert _activate(listeners, count="-1") == ""
    assert _activate(listeners, count="many") == ""


def test_no_activation_gives_no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LISTEN_PID", "LISTEN_FDS"):
        monkeypatch.delenv(name, raising=False)
    assert systemd.listen_sockets() == []


@pytest.mark.parametrize(
    ("microseconds", "pid", "expected"),
    [
        ("30000000", "self", 30.0),
        ("1500000", None, 1.5),
        ("30000000", "1", None),
        (None, None, None),
        ("0", "self", None),
        ("soon", "self", None),
    ],
)
def test_watchdog_interval(
    microseconds: str | None,
    pid: str | None,
    expected: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    variables = {"WATCHDOG_USEC": microseconds, "WATCHDOG_PID": pid}
    for name, value in variables.items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, str(os.getpid()) if value == "self" else value)
    assert systemd.watchdog_interval() == expected
