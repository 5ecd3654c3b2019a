"""The interface to systemd: notifications, socket activation, and the watchdog.

The three protocols are sd_notify(3), sd_listen_fds(3) and sd_watchdog_enabled(3). Without
systemd their variables are absent, and every function here does nothing.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

_FIRST_FD = 3  # SD_LISTEN_FDS_START


def notify(state: str) -> bool:
    """Send lines such as ``READY=1`` or ``STATUS=text`` to the service manager.

    Returns:
        Whether they were sent. A manager that is absent or does not listen is no reason for the
        daemon to fail, nor is a want of descriptors.

    Raises:
        ValueError: ``state`` is empty or is not made of ``VARIABLE=value`` lines.
    """
    if not state or any("=" not in line for line in state.split("\n")):
        raise ValueError(f"not VARIABLE=value lines: {state!r}")
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in ("/", "@"):
        return False
    if address[0] == "@":  # the abstract namespace
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
            manager.setblocking(False)  # a manager that hangs must not hang the probes
            manager.sendto(state.encode(errors="replace"), address)
    except OSError:
        return False
    return True


def status(text: str) -> bool:
    """Set the line that ``systemctl status`` shows, whatever a user has put into the text."""
    return notify(f"STATUS={' '.join(text.split())}")


def listen_sockets() -> list[socket.socket]:
    """The sockets that the service manager opened for this process, in its order.

    They can be taken once: the variables are cleared, so that no child takes them too.
    """
    pid = os.environ.pop("LISTEN_PID", "")
    count = os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if pid != str(os.getpid()) or not count.isdecimal():
        return []
    sockets = []
    for fd in range(_FIRST_FD, _FIRST_FD + int(count)):
        os.set_inheritable(fd, False)
        sockets.append(socket.socket(fileno=fd))
    return sockets


def watchdog_interval() -> float | None:
    """Seconds within which the manager wants the next ``WATCHDOG=1``; None when it wants none."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    with suppress(ValueError):
        microseconds = int(os.environ.get("WATCHDOG_USEC", ""))
        if microseconds > 0:
            return microseconds / 1_000_000
    return None
