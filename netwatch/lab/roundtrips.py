"""The wire's own round trip of each echo, to compare with what a prober measures.

It is the time from when the kernel had the request at the relay's end of the collector's cable to
when the relay puts the reply into that cable. So it has all that the wire held, and all that relay
and province took, however busy the machine was.
"""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

from netwatch.core.errors import StartError
from netwatch.lab.frame import echo_reply, echo_request
from netwatch.lab.wire import unpacked
from netwatch.net.recvmmsg import SO_TIMESTAMPNS

_TIMESPEC = struct.Struct("@qq")
_ANCILLARY_SIZE = socket.CMSG_SPACE(_TIMESPEC.size)
_KEY_TAIL = 4

MAX_OPEN_REQUESTS = 65536
"""Echo requests without a reply that are remembered; beyond them the oldest is forgotten."""


class RoundTrips:
    """Reads the collector's cable in the relay's place, and writes a line for each first reply.

    A line has Unix time of the request, address, and round trip in seconds. Times are those of the
    wall clock, by which the kernel stamps; it must not be stepped meanwhile.

    Raises:
        StartError: the file can't be written.
    """

    def __init__(self, near: socket.socket, path: Path) -> None:
        self._near = near
        self._near.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._open: dict[bytes, int] = {}
        try:
            self._stream = path.open("w", encoding="utf-8")
        except OSError as error:
            raise StartError(f"{path}: cannot be written: {error.strerror}") from None

    def receive(self, size: int) -> bytes:
        """The next frame from the collector's side, as ``socket.recv`` gives it."""
        frame, ancillary, _, _ = self._near.recvmsg(size, _ANCILLARY_SIZE)
        key = echo_request(frame)
        if key is not None:
            for _, kind, value in ancillary:
                if kind == SO_TIMESTAMPNS:
                    seconds, nanoseconds = _TIMESPEC.unpack(value)
                    self._remember(key, seconds * 10**9 + nanoseconds)
        return frame

    def replied(self, frame: bytes) -> None:
        """Note a frame that goes back to the collector's side now."""
        now = time.time_ns()
        key = echo_reply(frame)
        came = self._open.pop(key, None) if key is not None else None
        if key is not None and came is not None:
            address = unpacked(key[:-_KEY_TAIL])
            self._stream.write(f"{came / 1e9:.6f} {address} {(now - came) / 1e9:.6f}\n")

    def flush(self) -> None:
        """Bring all lines so far to the file."""
        self._stream.flush()

    def _remember(self, key: bytes, came: int) -> None:
        self._open.pop(key, None)  # a sequence number that comes round again is the youngest
        self._open[key] = came
        if len(self._open) > MAX_OPEN_REQUESTS:
            del self._open[next(iter(self._open))]
