"""Linux namespaces without root, and children that never outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

_CLONE_NEWUSER = 0x10000000  # linux/sched.h
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1  # linux/prctl.h

# os.unshare came with Python 3.12; Debian 12 has 3.11.
_libc = ctypes.CDLL(None, use_errno=True)


def _call(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def enter_user_namespace() -> None:
    """Become root of a new user namespace with a network of its own; no thread may run yet.

    Only the present user is mapped, to 0, so nothing outside becomes reachable by it.

    Raises:
        OSError: this machine doesn't allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    _call(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1", encoding="ascii")
    # Per network namespace; it allows datagram ICMP sockets (also ICMPv6) to group 0 in here.
    Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0", encoding="ascii")


def enter_network_namespace() -> None:
    """Move this process to a new, empty network."""
    _call(_libc.unshare(_CLONE_NEWNET), "unshare")


def die_with(parent: int) -> None:
    """Be killed by the kernel as soon as the parent process is gone."""
    _call(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != parent:  # it was gone before the call above
        os.kill(os.getpid(), signal.SIGKILL)
