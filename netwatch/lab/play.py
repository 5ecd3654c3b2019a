"""The lab's main loop: faults when they are due, until the command ends or a signal comes."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Sequence
from types import FrameType

from netwatch.core.errors import NetwatchError
from netwatch.lab.child import Child
from netwatch.lab.command import Command
from netwatch.lab.director import Director
from netwatch.lab.script import Script, timeline

_HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


class SignalSocket:
    """Makes signals readable, from now until it is closed."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._former = {number: signal.signal(number, _only_wake_up) for number in _HANDLED}

    def fileno(self) -> int:
        """For ``select``."""
        return self._reader.fileno()

    def read(self) -> frozenset[int]:
        """The signals that came."""
        return frozenset(self._reader.recv(64))

    def close(self) -> None:
        """Put back what was there before."""
        for number, handler in self._former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()


def _only_wake_up(_number: int, _frame: FrameType | None) -> None:
    pass


class Play:
    """One run of a script.

    Args:
        director: does what the script says.
        script: what goes wrong.
        command: what runs on the collector's side, if anything.
        helpers: the lab can't go on without one of them.
        signals: SIGINT and SIGTERM ask the command to end; the second one, or its patience
            running out, ends it. SIGUSR1 writes the counts into the log.
    """

    def __init__(
        self,
        director: Director,
        script: Script,
        command: Command | None,
        helpers: Sequence[Child],
        signals: SignalSocket,
    ) -> None:
        self._director = director
        self._script = script
        self._command = command
        self._helpers = helpers
        self._signals = signals
        self._turns = timeline(script)
        self._turn = next(self._turns, None)
        self._give_up: float | None = None

    def run(self) -> int:
        """Play to the end; returns the command's exit status, 0 without a command.

        Raises:
            NetwatchError: a helper is gone.
        """
        start = time.monotonic()
        watched = [self._signals.fileno(), *(helper.pidfd for helper in self._helpers)]
        if self._command:
            watched.append(self._command.pidfd)
        while True:
            ready, _, _ = select.select(watched, (), (), self._patience(time.monotonic(), start))
            if self._command and self._command.pidfd in ready:
                return self._command.wait()
            for helper in self._helpers:
                if helper.pidfd in ready:
                    raise NetwatchError(f"lab: the {helper.name} process has ended unexpectedly")
            if self._signals.fileno() in ready and self._asked_to_stop():
                if self._command is None:
                    return 0
                self._stop(self._command)
            self._advance(time.monotonic(), start)

    def _patience(self, now: float, start: float) -> float | None:
        """Seconds until something is due."""
        if self._give_up is not None:
            return max(self._give_up - now, 0.0)
        return max(start + self._turn.due - now, 0.0) if self._turn else None

    def _asked_to_stop(self) -> bool:
        came = self._signals.read()
        if signal.SIGUSR1 in came:
            self._director.count()
        return bool(came & {signal.SIGINT, signal.SIGTERM})

    def _stop(self, command: Command) -> None:
        if self._give_up is None:
            command.stop()
            self._give_up = time.monotonic() + command.patience
        else:
            self._give_up = time.monotonic()

    def _advance(self, now: float, start: float) -> None:
        """Do what is due: the next turn of the script, or the end of patience."""
        if self._give_up is not None:
            if self._command and now >= self._give_up:
                self._command.kill()
                self._give_up = now + self._command.patience
        elif self._turn and now >= start + self._turn.due:
            fault = self._script.faults[self._turn.fault]
            (self._director.begin if self._turn.begins else self._director.end)(fault)
            self._turn = next(self._turns, None)
