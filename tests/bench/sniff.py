"""Counts the octets of IP packets on an interface, by second and site: ``second site octets``.

A site is the first three numbers of the address at the other end. It ends with its parent.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from collections import defaultdict
from pathlib import Path

_IPV4 = 0x0800
_HOME = b"\xc6\x12"  # 198.18.0.0/16: the collector's own end of the lab's wire


def main() -> None:
    """Count until the parent is gone, then write down."""
    interface, file = sys.argv[1:]
    counted: dict[tuple[int, bytes, bool], int] = defaultdict(int)
    parent = os.getppid()
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_IPV4)) as sock:
        sock.bind((interface, _IPV4))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        sock.settimeout(0.5)
        while os.getppid() == parent:
            try:
                packet = sock.recv(64, socket.MSG_TRUNC)
            except TimeoutError:
                continue
            except OSError as error:
                if error.errno == errno.ENETDOWN:  # the lab takes its wire away
                    break
                raise
            source, destination = packet[12:16], packet[16:20]
            outward = source.startswith(_HOME)
            other = destination if outward else source
            octets = int.from_bytes(packet[2:4], "big")
            counted[int(time.time()), other[:3], outward] += octets
    # Each way has a line of its own; the busier one is what a budget is held against.
    busier: dict[tuple[int, bytes], int] = defaultdict(int)
    for (second, site, _), octets in counted.items():
        busier[second, site] = max(busier[second, site], octets)
    lines = (f"{second} {'.'.join(map(str, site))} {n}\n" for (second, site), n in busier.items())
    fresh = Path(f"{file}.new")
    fresh.write_text("".join(lines), encoding="ascii")
    fresh.rename(file)


if __name__ == "__main__":
    main()
