"""Log lines on standard error, one line an event, whatever a device put into its strings."""

from __future__ import annotations

import logging
import sys


class _OneLine(logging.Formatter):
    """Escapes control characters, so that no device can forge a log line or paint the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def configure_logging(level: str) -> None:
    """Send everything of ``level`` and above to standard error.

    Times are left to the journal, which stamps each line; on a terminal they are added.
    """
    stamp = "%(asctime)s " if sys.stderr.isatty() else ""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine(f"{stamp}%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Each round is a job: its two lines an interval say nothing that a metric doesn't.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
