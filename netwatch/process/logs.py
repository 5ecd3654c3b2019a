"""Log lines on standard error: one line an event, whatever a device's strings contain."""

from __future__ import annotations

import logging
import sys


class _OneLineFormatter(logging.Formatter):
    """Escapes control characters, so that no device can forge a log line or send escape codes."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def configure_logging(level: str) -> None:
    """Log messages of ``level`` and above to standard error.

    Lines have a time only on a terminal; otherwise systemd-journald adds it.
    """
    stamp = "%(asctime)s " if sys.stderr.isatty() else ""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLineFormatter(f"{stamp}%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Each round is a job, and would log two lines an interval; the metrics count rounds anyway.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
