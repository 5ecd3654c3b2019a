"""``netwatch run``: the daemon."""

from __future__ import annotations

import argparse
import asyncio

from netwatch import daemon
from netwatch.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes only the settings."""


def execute(settings: Settings, _options: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; returns 0, raises as ``daemon.run``."""
    asyncio.run(daemon.run(settings))
    return 0
