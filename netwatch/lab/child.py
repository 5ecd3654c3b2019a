"""A helper process of the lab: forked before any thread runs, commanded over a socket pair.

One question, one answer, both a line of JSON; only the parent asks.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from netwatch.core.errors import NetwatchError
from netwatch.lab.namespaces import die_with

Message = dict[str, Any]


class Channel:
    """One end of the socket pair between the lab and a helper process."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._stream = end.makefile("rw", encoding="utf-8")

    def fileno(self) -> int:
        """For ``select`` and event loops; readable when a message has come."""
        return self._end.fileno()

    def send(self, message: Message) -> None:
        """Write a message.

        Raises:
            BrokenPipeError: the other end is gone.
        """
        self._stream.write(json.dumps(message) + "\n")
        self._stream.flush()

    def receive(self) -> Message | None:
        """Read a message; None when the other end is gone."""
        line = self._stream.readline()
        return json.loads(line) if line else None

    def close(self) -> None:
        """Close this end; the other one reads None from then on."""
        self._stream.close()
        self._end.close()


class Child:
    """A helper process, as the lab's main process sees it."""

    def __init__(self, name: str, pid: int, channel: Channel) -> None:
        self.name = name
        self.pid = pid
        self._channel = channel
        self.pidfd = os.pidfd_open(pid)

    def ask(self, message: Message) -> Message:
        """Send a command and wait for its answer.

        Raises:
            NetwatchError: the helper has failed or is gone.
        """
        try:
            self._channel.send(message)
        except BrokenPipeError:
            answer = None
        else:
            answer = self._channel.receive()
        return self._checked(answer)

    def ready(self) -> Message:
        """Wait for the first message, which the helper sends unasked."""
        return self._checked(self._channel.receive())

    def _checked(self, answer: Message | None) -> Message:
        if answer is None:
            raise NetwatchError(f"lab: the {self.name} process has ended; see above for its reason")
        if "error" in answer:
            raise NetwatchError(f"lab: {self.name}: {answer['error']}")
        return answer

    def stop(self) -> None:
        """Kill the helper, and wait until it is gone."""
        self._channel.close()
        signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.pidfd)


def start(name: str, body: Callable[[Channel], None]) -> Child:
    """Fork a helper that runs ``body`` and ends with it.

    Signals of the terminal are the parent's business: the helper ignores them.
    """
    parent = os.getpid()
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        theirs.close()
        return Child(name, pid, Channel(ours))
    status = 1
    try:
        die_with(parent)
        _forget_the_parent(theirs.fileno())
        channel = Channel(theirs)
        try:
            body(channel)
            status = 0
        except (NetwatchError, OSError) as error:
            channel.send({"error": str(error)})
    except BrokenPipeError:
        status = 0  # the lab is gone, so is the reason to go on
    finally:
        if status and sys.exc_info()[0] is not None:
            traceback.print_exc()
        os._exit(status)


def _forget_the_parent(kept: int) -> None:
    """Ignore the parent's signals and close its files.

    A copy of the HTTP listener would outlive the parent otherwise.

    Args:
        kept: the one file descriptor that stays open.
    """
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    os.closerange(3, kept)
    os.closerange(kept + 1, most)
