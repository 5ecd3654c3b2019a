"""Who does something, and how that is known."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

KnownBy = Literal["login", "unix", "signal", "program"]
"""``login``: a name and password of the web server; ``unix``: the kernel says which user of this
machine it is; ``signal``: a signal came, which doesn't tell from whom; ``program``: netwatch.
"""

_NO_LOGIN = 0xFFFFFFFF
"""The kernel's login uid of a process that nobody logged in for, as a service."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who does something.

    Attributes:
        name: as it is shown.
        known_by: how the name is known.
    """

    name: str
    known_by: KnownBy


SIGNAL = Who("signal", "signal")
PROGRAM = Who("netwatch", "program")


def logged_in(user: str) -> Who:
    """Somebody who logged in to the web server."""
    return Who(user, "login")


def unix_user() -> Who:
    """The user of this machine who runs this program.

    Whoever logged in and then became another user, by sudo or su, is named with both names: the
    kernel keeps who logged in, and no program of theirs can change it.
    """
    acts_as, came_as = os.getuid(), _login_uid()
    if came_as in {None, acts_as}:
        return Who(_name(acts_as), "unix")
    assert came_as is not None
    return Who(f"{_name(came_as)} as {_name(acts_as)}", "unix")


def _login_uid() -> int | None:
    """Who logged in, as the kernel keeps it (proc_pid_loginuid(5)); None when nobody did."""
    try:
        uid = int(Path("/proc/self/loginuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return None if uid == _NO_LOGIN else uid


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
