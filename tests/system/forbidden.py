"""What the unit has to forbid; run within its sandbox. Prints what was possible, a line each."""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
from collections.abc import Callable
from pathlib import Path

OUTSIDE, INSIDE = "203.0.113.5", "10.31.251.1"
"""Addresses at which something answers at port 80: one that the unit forbids, and one that not."""

libc = ctypes.CDLL(None, use_errno=True)


def connect(address: str) -> None:
    socket.create_connection((address, 80), timeout=3).close()


def call(name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


def bind(port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))


FORBIDDEN: dict[str, Callable[[], object]] = {
    "read /etc/shadow": Path("/etc/shadow").read_text,
    "read a secret's file": Path("/etc/netwatch/secrets/snmp-wan-community").read_text,
    "write to its program": lambda: Path("/opt/netwatch/x").touch(),
    "write to its configuration": lambda: Path("/etc/netwatch/x").touch(),
    "write to home": lambda: Path("/home/x").touch(),
    "see another process": Path("/proc/1/cmdline").read_text,
    "open a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
    "open a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "open a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "connect to an address outside": lambda: connect(OUTSIDE),
    "bind a privileged port": lambda: bind(161),
    "become root": lambda: os.setuid(0),
    "make a namespace": lambda: call("unshare", 0x10000000),
    "mount": lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "trace itself": lambda: call("ptrace", 0, 0, 0, 0),
    "set the clock": lambda: call("settimeofday", ctypes.create_string_buffer(16), None),
    "restart the machine": lambda: call("reboot", 0),
    "make memory executable": lambda: mmap.mmap(-1, 4096, prot=7),
}
ALLOWED: dict[str, Callable[[], object]] = {
    "connect to an address of the province": lambda: connect(INSIDE),
    "ask by ICMP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1).close(),
    "write to its state": lambda: Path("/var/lib/netwatch/x").touch(),
}


def main() -> None:
    """Try everything."""
    for name, attempt in (FORBIDDEN | ALLOWED).items():
        try:
            attempt()
        except (OSError, OverflowError) as error:
            print(f"no: {name}: {error}")
        else:
            print(f"yes: {name}")


if __name__ == "__main__":
    main()
