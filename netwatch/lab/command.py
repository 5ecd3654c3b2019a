"""The command that runs on the collector's side; it is handed the HTTP listener."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence

from netwatch.lab.namespaces import die_with

_FIRST_FD = 3  # sd_listen_fds(3)
_NOT_FOUND = 127
"""Exit status of a shell whose command does not exist."""

_STOP_TIMEOUT = 10.0
"""Seconds from SIGTERM to SIGKILL."""


class Command:
    """A running command.

    Attributes:
        pidfd: readable when it has ended.
    """

    stop_timeout = _STOP_TIMEOUT
    """Seconds that the command gets to end when it is asked to."""

    def __init__(
        self, arguments: Sequence[str], listener: socket.socket, environment: Mapping[str, str]
    ) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            _execute(parent, arguments, listener, environment)
        self.pidfd = os.pidfd_open(self._pid)
        self._status: int | None = None

    def stop(self) -> None:
        """Send SIGTERM to the command."""
        signal.pidfd_send_signal(self.pidfd, signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL to the command."""
        signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end; the exit status as a shell gives it: 128 + n when signal n ended it."""
        if self._status is None:
            code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            self._status = code if code >= 0 else 128 - code
        return self._status

    def end(self) -> None:
        """Make sure that the command is gone, whatever happened."""
        if self._status is None:
            self.kill()
            self.wait()
        os.close(self.pidfd)


def _execute(
    parent: int,
    arguments: Sequence[str],
    listener: socket.socket,
    environment: Mapping[str, str],
) -> None:
    """In the forked child: hand over the listener as systemd does, and become the command."""
    try:
        die_with(parent)
        if listener.fileno() == _FIRST_FD:
            os.set_inheritable(_FIRST_FD, True)
        else:
            os.dup2(listener.fileno(), _FIRST_FD)
        handed = {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid()), "LISTEN_FDNAMES": "http"}
        os.execvpe(arguments[0], list(arguments), {**environment, **handed})  # noqa: S606 -- as told
    except OSError as error:
        print(f"lab: cannot run {arguments[0]}: {error.strerror}", file=sys.stderr, flush=True)
    finally:
        os._exit(_NOT_FOUND)
