"""The lab's main loop: injects faults when they are due, until the command ends or is stopped."""

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
from netwatch.lab.injector import FaultInjector
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
        """Restore the handlers that were there before."""
        for number, handler in self._former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()


def _only_wake_up(_number: int, _frame: FrameType | None) -> None:
    pass


class ScriptPlayer:
    """One run of a script.

    Args:
        injector: begins and ends faults.
        script: which faults, and when.
        command: what runs on the collector's side, if anything.
        helpers: processes without which the lab can't go on.
        signals: SIGINT and SIGTERM ask the command to end; a second one, or its ``stop_timeout``,
            kills it. SIGUSR1 writes the counts into the log.
    """

    def __init__(
        self,
        injector: FaultInjector,
        script: Script,
        command: Command | None,
        helpers: Sequence[Child],
        signals: SignalSocket,
    ) -> None:
        self._injector = injector
        self._script = script
        self._command = command
        self._helpers = helpers
        self._signals = signals
        self._events = timeline(script)
        self._next_event = next(self._events, None)
        self._kill_at: float | None = None

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
            ready, _, _ = select.select(
                watched, (), (), self._next_timeout(time.monotonic(), start)
            )
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

    def _next_timeout(self, now: float, start: float) -> float | None:
        """Seconds until something is due."""
        if self._kill_at is not None:
            return max(self._kill_at - now, 0.0)
        return max(start + self._next_event.due - now, 0.0) if self._next_event else None

    def _asked_to_stop(self) -> bool:
        came = self._signals.read()
        if signal.SIGUSR1 in came:
            self._injector.count()
        return bool(came & {signal.SIGINT, signal.SIGTERM})

    def _stop(self, command: Command) -> None:
        if self._kill_at is None:
            command.stop()
            self._kill_at = time.monotonic() + command.stop_timeout
        else:
            self._kill_at = time.monotonic()

    def _advance(self, now: float, start: float) -> None:
        """Do what is due: the next event of the script, or killing a command that does not end."""
        if self._kill_at is not None:
            if self._command and now >= self._kill_at:
                self._command.kill()
                self._kill_at = now + self._command.stop_timeout
        elif self._next_event and now >= start + self._next_event.due:
            fault = self._script.faults[self._next_event.fault]
            (self._injector.begin if self._next_event.begins else self._injector.end)(fault)
            self._next_event = next(self._events, None)
