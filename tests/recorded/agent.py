"""Plays recordings on a UDP port of 127.0.0.1: ``python -m tests.recorded.agent``.

Each line of standard input is the name of the recording to play from now on; it is answered by a
line with the port.
"""

from __future__ import annotations

import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from netwatch.lab.agent import respond
from netwatch.lab.mib import Mib, Value
from tests.harness.recordings import Recording, made_up, recordings

COMMUNITY = "recorded-device"


class Player:
    """The process that plays."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def play(self, recording: Recording) -> int:
        """Play a recording instead of the one before; returns the port."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{recording.name}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def player() -> Iterator[Player]:
    """A player until the end of the block."""
    command = [sys.executable, "-m", "tests.recorded.agent"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Player(process)
        finally:
            process.terminate()


class _RecordedMib(Mib):
    """The objects of a recording in the order of their identifiers."""

    def __init__(self, recording: Recording) -> None:
        objects = recording.objects()
        self.down = set()
        self.oids = sorted(objects)
        self.values = [_fixed(objects[oid]) for oid in self.oids]


def _fixed(encoded: bytes) -> Value:
    return lambda _: encoded


def _play(mib: Mib) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        print(server.getsockname()[1], flush=True)
        while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
            request, peer = server.recvfrom(65535)
            if answer := respond(request, COMMUNITY.encode(), mib, 0.0):
                server.sendto(answer, peer)


def main() -> None:
    """Play what is asked for until the input ends."""
    known = {recording.name: recording for recording in (*recordings(), *made_up())}
    # Unbuffered, because select() sees only what is not in Python's buffer yet.
    while name := _line():
        _play(_RecordedMib(known[name]))


def _line() -> str:
    text = bytearray()
    while octet := sys.stdin.buffer.raw.read(1):  # type: ignore[attr-defined]  # of a pipe
        if octet == b"\n":
            break
        text += octet
    return text.decode()


if __name__ == "__main__":
    main()
