"""The reflector: whom it answers, how much, and never more than was asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.cli import main
from netwatch.media.reflector import MAX_SESSIONS, SESSION_TIMEOUT, Reflector
from netwatch.media.stamp import extensions, parse_reflected, request, to_stamp
from netwatch.net.stamped import Datagram
from tests.harness.told import tells

pytestmark = pytest.mark.slow

HERE = "127.7.2.1"
LOOPBACK = [ip_network("127.7.0.0/16")]


def question(
    data: bytes | None = None, source: tuple[str, int] = (HERE, 5000), tos: int = 0xB8
) -> Datagram:
    if data is None:
        data = request(0, to_stamp(time.time_ns()), 1, 9) + extensions(172, 46)
    return Datagram(data, source, time.time_ns(), tos, 64)


def test_only_those_who_are_allowed_get_an_answer() -> None:
    reflector = Reflector(LOOPBACK)
    assert reflector.answer(question(), 0.0) is not None
    assert reflector.answer(question(source=("127.8.0.1", 5000)), 0.0) is None
    assert reflector.answer(question(source=("::1", 5000)), 0.0) is None


def test_there_are_at_most_so_many_answers_a_second() -> None:
    reflector = Reflector(LOOPBACK, rate=10)
    begin = time.monotonic()
    answers = [reflector.answer(question(), begin + n / 100) for n in range(300)]
    answered = sum(answer is not None for answer in answers)
    assert 38 <= answered <= 40  # ten at once, then ten a second for three seconds


def test_it_counts_for_each_sender_and_forgets_those_who_are_silent() -> None:
    reflector = Reflector(LOOPBACK)

    def count(port: int, now: float) -> int:
        found = reflector.answer(question(source=(HERE, port)), now)
        assert found is not None
        reflected = parse_reflected(found[0])
        assert reflected is not None
        return reflected.sequence

    assert [count(1, 0.0), count(2, 0.0), count(1, 0.1), count(1, 0.2)] == [0, 0, 1, 2]
    assert count(1, SESSION_TIMEOUT + 1) == 0
    for port in range(10, 10 + MAX_SESSIONS):
        count(port, SESSION_TIMEOUT + 2 + port / 1000)
    assert len(reflector._counts) == MAX_SESSIONS
    assert count(1, SESSION_TIMEOUT + 4) == 0


def test_the_answer_goes_in_the_class_that_was_asked_for_and_tells_what_came() -> None:
    found = Reflector(LOOPBACK).answer(question(tos=34 << 2), 0.0)
    assert found is not None
    assert found[1] == 46
    reflected = parse_reflected(found[0])
    assert reflected is not None
    assert reflected.dscp == 34
    plain = Reflector(LOOPBACK).answer(question(bytes(44), tos=34 << 2), 0.0)
    assert plain is not None
    assert plain[1] == 34


@given(st.binary(max_size=1500))
def test_no_answer_is_longer_than_its_question(data: bytes) -> None:
    found = Reflector(LOOPBACK).answer(question(data), 0.0)
    assert found is None or len(found[0]) == len(data) >= 44


@pytest.fixture
def reflecting() -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind((HERE, 0))
        port = holder.getsockname()[1]
    command = [sys.executable, "-m", "netwatch", "reflect", "--address", HERE, "--allow", HERE]
    environment = {name: value for name, value in os.environ.items() if "NETWATCH" not in name}
    with subprocess.Popen(
        [*command, "--port", str(port)], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        assert "reflecting" in process.stderr.readline()
        yield port
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_command_answers_those_who_are_allowed(reflecting: int) -> None:
    data = request(3, 4, 5, 6)
    for source, allowed in ((HERE, True), ("127.7.2.2", False)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((source, 0))
            sock.settimeout(5 if allowed else 0.3)
            sock.connect((HERE, reflecting))
            sock.send(b"too short")
            sock.send(data)
            if allowed:
                assert len(sock.recv(2048)) == 44
            else:
                with pytest.raises(TimeoutError):
                    sock.recv(2048)


WRONG = [
    (["--allow", "10.0.0.1/8"], "--allow: '10.0.0.1/8' is not a network"),
    (["--allow", "x"], "--allow: 'x' is not a network"),
    (["--allow", "::1", "--port", "0"], "--port: must be a whole number from 1 to 65535"),
    (["--allow", "::1", "--rate", "²"], "--rate: must be a whole number from 1 to 1000000"),
    (["--allow", "::1", "--address", "gk"], "--address: 'gk' is not an IPv4 or IPv6 address"),
    (["--allow", "::1", "--address", "192.0.2.1"], "reflect: can't listen on 192.0.2.1 port 862"),
]


@pytest.mark.parametrize(("options", "complaint"), WRONG)
def test_wrong_options_are_told_in_a_line(
    options: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["reflect", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert tells(line, complaint)
