"""A codec that answers each question with what once took a parser five seconds, twelve times."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.running import INVENTORY, Running
from tests.harness.daemon import usage_of
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

DATAGRAMS = 12
QUESTIONS = 5

MAX_CPU = 0.5
"""Seconds of CPU that the daemon may spend for a question, all its other work included; twelve
datagrams once took 81."""

HOSTILE = b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a" + b" " * 16_000 + b"b\r\n\r\n"
QUOTED = b'SIP/2.0 200 OK\r\nFrom: "' + b'\\"' * 8_000 + b"\r\n\r\n"

CHECK = "{probe: sip, port: SIP, interval: 1s, timeout: 900ms}"


class Codec:
    """Answers by UDP on 127.8.0.1. ``asked``: how often it was."""

    def __init__(self) -> None:
        self.asked = 0
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.8.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.sock.settimeout(0.2)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._attack)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.sock.close()

    def _attack(self) -> None:
        while not self._stop.is_set():
            try:
                _, peer = self.sock.recvfrom(65535)
            except TimeoutError:
                continue
            self.asked += 1
            for at in range(DATAGRAMS):
                self.sock.sendto((HOSTILE, QUOTED)[at % 2], peer)


@pytest.fixture
def codec() -> Iterator[Codec]:
    attacker = Codec()
    yield attacker
    attacker.close()


def test_the_others_are_measured_while_a_codec_attacks(
    tmp_path: Path, server: socket.socket, codec: Codec
) -> None:
    port = server.getsockname()[1]
    daemon = Running(tmp_path, port)
    daemon.wait_for("READY=1")
    checks = INVENTORY.replace("    down_after", f"      - {CHECK}\n    down_after")
    daemon.write(
        checks.replace("200ms", "1s").replace("PORT", str(port)).replace("SIP", str(codec.port))
    )
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("READY=1")
    eventually(lambda: codec.asked)
    begun, cpu = codec.asked, usage_of(daemon.process.pid).cpu
    eventually(lambda: codec.asked >= begun + QUESTIONS and daemon.get("/-/healthy"))
    spent = usage_of(daemon.process.pid).cpu - cpu
    assert spent / (codec.asked - begun) < MAX_CPU
    eventually(lambda: daemon.site()["state"] == "degraded")  # the port answers, SIP is malformed
    daemon.stop()
    assert daemon.process.returncode == 0
