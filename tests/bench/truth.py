"""The kernel's own round trips: ``python -m tests.bench.truth SECONDS``; needs a datagram socket.

Sends a few echoes a second to live targets and takes both time stamps from the kernel, that of
sending (SO_TIMESTAMPING, from the error queue) and that of receipt. Prints p50 and p99 in seconds.
"""

from __future__ import annotations

import socket
import struct
import sys
import time

from tests.harness.daemon import address

SO_TIMESTAMPING = 37
TX_SOFTWARE, RX_SOFTWARE, SOFTWARE, OPT_ID, OPT_TSONLY = 1 << 1, 1 << 3, 1 << 4, 1 << 7, 1 << 11
IP_RECVERR = 11
GAP = 0.004

_TIMESPEC = struct.Struct("@qq")
_EXTENDED_ERROR = struct.Struct("@IBBBBII")


def measure(seconds: float) -> list[float]:
    """Round trips in seconds, in no order."""
    sent: dict[int, int] = {}
    received: dict[int, int] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as sock:
        flags = TX_SOFTWARE | RX_SOFTWARE | SOFTWARE | OPT_ID | OPT_TSONLY
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, flags)
        sock.setblocking(False)
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            packet = struct.pack("!BBHHH", 8, 0, 0, 0, number & 0xFFFF) + bytes(56)
            sock.sendto(packet, (address(number % 1000), 0))
            number += 1
            time.sleep(GAP)
            _take(sock, socket.MSG_ERRQUEUE, sent)
            _take(sock, 0, received)
    return [(received[key] - sent[key]) / 1e9 for key in received.keys() & sent.keys()]


def _take(sock: socket.socket, flags: int, stamps: dict[int, int]) -> None:
    """Note the kernel's time stamps, by the number of the echo."""
    while True:
        try:
            data, ancillary, _, _ = sock.recvmsg(256, 256, flags)
        except BlockingIOError:
            return
        number = int.from_bytes(data[6:8], "big") if len(data) >= 8 else None
        stamp = None
        for level, kind, value in ancillary:
            if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPING:
                seconds, nanoseconds = _TIMESPEC.unpack_from(value)
                stamp = seconds * 1_000_000_000 + nanoseconds
            elif (level, kind) == (socket.IPPROTO_IP, IP_RECVERR):
                number = _EXTENDED_ERROR.unpack_from(value)[6]
        if number is not None and stamp is not None:
            stamps[number] = stamp


if __name__ == "__main__":
    trips = sorted(measure(float(sys.argv[1])))
    print(trips[len(trips) // 2], trips[int(len(trips) * 0.99)])
