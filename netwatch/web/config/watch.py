"""Reads the web configuration anew when it, or a certificate that it names, has changed.

A thread of its own looks, so that a disk that hangs holds up neither the event loop nor the end of
the program. What is in force is one reference, which is replaced as a whole.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from netwatch.audit.log import AuditLog
from netwatch.audit.who import PROGRAM
from netwatch.core.errors import ConfigError
from netwatch.metrics.web import WebMetrics
from netwatch.web.config.changes import web_changes
from netwatch.web.config.load import WebConfig

CHECK_INTERVAL = 1.0
"""Seconds between two looks at the files."""

logger = logging.getLogger(__name__)

_Stamp = tuple[tuple[int, int, int] | None, ...]
"""Of each file its time, size and number, which tell that it was changed or replaced."""


class CurrentWebConfig:
    """The configuration that is in force. Attributes: current."""

    def __init__(self, config: WebConfig) -> None:
        self.current = config


class WebConfigWatch(CurrentWebConfig):
    """The configuration that is in force, renewed by ``check``.

    Args:
        read: reads the files.
        metrics: told whether the last reading succeeded.

    Raises:
        ConfigError: by the constructor; the files are wrong at the start.
    """

    def __init__(self, read: Callable[[], WebConfig], metrics: WebMetrics) -> None:
        super().__init__(read())
        self._read = read
        self._metrics = metrics
        self._taken = self._seen = _stamp(self.current.files)
        self._complaint: str | None = None

    def check(self, audit: AuditLog | None = None) -> None:
        """Read the files if they have changed, and not between this look and the one before.

        Who renews a certificate writes two files; what was read between would be no pair. A file
        that is wrong is told once, tried again until it is right, and changes nothing before.
        What was changed, or refused, is told to ``audit``.
        """
        stamp = _stamp(self.current.files)
        is_settled, self._seen = stamp == self._seen, stamp
        if not is_settled or (stamp == self._taken and self._complaint is None):
            return
        self._taken = stamp
        audit, before = audit or AuditLog(), self.current
        try:
            self.current = self._read()
        except ConfigError as error:
            self._refused(str(error), audit)
            return
        self._complaint = None
        self._taken = self._seen = _stamp(self.current.files)
        self._metrics.config_successful.set(1)
        logger.info("web configuration read anew")
        audit.record(PROGRAM, "web-config", "web", web_changes(before, self.current))

    def _refused(self, complaint: str, audit: AuditLog) -> None:
        self._metrics.config_successful.set(0)
        if complaint != self._complaint:
            self._complaint = complaint
            audit.record(PROGRAM, "web-config-refused", "web", {"problems": complaint.splitlines()})
            for line in complaint.splitlines():
                logger.error("web configuration refused, the former one stays: %s", line)

    @contextmanager
    def watching(self, audit: AuditLog | None = None) -> Iterator[None]:
        """Look once in ``CHECK_INTERVAL`` until the end of the block; as ``check``."""
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(CHECK_INTERVAL):
                self.check(audit)

        # A daemon thread: the program's end does not wait for a disk.
        threading.Thread(target=look, name="web-config", daemon=True).start()
        try:
            yield
        finally:
            stop.set()


def _stamp(files: tuple[Path, ...]) -> _Stamp:
    return tuple(_state(file) for file in files)


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
