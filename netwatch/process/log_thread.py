"""Writes log lines by a thread, so that nothing waits for who reads them.

Standard error is a socket or a pipe, to systemd-journald as a rule. When nobody reads it, it is
full after some 64 KiB, and whoever writes to it then waits for as long as that lasts.
"""

from __future__ import annotations

import logging
import os
import select
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread

MAX_WAITING = 1 << 18
"""Octets of lines that wait to be written; further lines are dropped."""

_END_TIMEOUT = 1.0
"""Seconds in which what waits is written when the program ends."""

_DROPPED = "WARNING netwatch.log {0} dòng nhật ký bị bỏ / {0} lines of the log were dropped\n"


class LogThread(logging.Handler):
    """Takes lines without waiting, writes them when it can, and says how many it had to drop.

    Args:
        descriptor: of the file that is written to.
        count: told how many lines are dropped; none: the log alone tells.
    """

    def __init__(self, descriptor: int, count: Callable[[int], object] | None = None) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._count = count
        self._lines: deque[bytes] = deque()
        self._octets = 0
        self._untold = 0
        self._is_ending = False
        self._changed = Condition()
        self._thread = Thread(target=self._write_all, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line, unless too many wait."""
        line = f"{self._text(record)}\n".encode(errors="backslashreplace")
        with self._changed:
            if self._octets + len(line) > MAX_WAITING:
                self._untold += 1
                self._drop()
                return
            self._lines.append(line)
            self._octets += len(line)
            self._changed.notify()

    def end(self) -> bool:
        """Write what waits; returns whether all of it was written in time."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        self._thread.join(_END_TIMEOUT)
        return not self._thread.is_alive()

    def _text(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record)
        except Exception as error:  # noqa: BLE001 - a mistake of ours; logging would print and wait
            return f"ERROR {record.name} can't format {record.msg!r}: {error!r}"

    def _drop(self) -> None:
        if self._count is not None:
            self._count(1)

    def _write_all(self) -> None:
        while line := self._next():
            try:
                _write(self._descriptor, line)
            except OSError:  # its reader is gone, and can be told of nothing
                self._drop()

    def _next(self) -> bytes:
        """The line that has waited for longest, or how many were dropped; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._untold or self._is_ending)
            if self._lines:
                line = self._lines.popleft()
                self._octets -= len(line)
                return line
            untold, self._untold = self._untold, 0
            return _DROPPED.format(untold).encode() if untold else b""


@contextmanager
def logging_without_waiting(count: Callable[[int], object] | None = None) -> Iterator[None]:
    """Have a thread write what is logged to standard error within the block.

    Who still doesn't read at the end gets nothing any more, so that the program can end.

    Args:
        count: told how many lines are dropped; none: the log alone tells.
    """
    root = logging.getLogger()
    threads = []
    for handler in [*root.handlers]:
        descriptor = _descriptor(handler)
        if descriptor is not None:
            thread = LogThread(descriptor, count)
            thread.setFormatter(handler.formatter)
            root.removeHandler(handler)
            root.addHandler(thread)
            threads.append((handler, thread))
    try:
        yield
    finally:
        for handler, thread in threads:
            if thread.end():
                root.removeHandler(thread)
                root.addHandler(handler)


def _descriptor(handler: logging.Handler) -> int | None:
    """Of standard error, where a handler writes to it and it is a file that can be written to."""
    if type(handler) is not logging.StreamHandler or handler.stream is not sys.stderr:
        return None
    try:
        descriptor: int = sys.stderr.fileno()
    except OSError:  # something in memory
        return None
    return descriptor


def _write(descriptor: int, data: bytes) -> None:
    """Write all of it, however long that takes.

    Raises:
        OSError: the file can't be written to.
    """
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:  # another program has made it so
            select.select([], [descriptor], [])
