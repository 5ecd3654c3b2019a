"""``netwatch run``: the daemon."""

from __future__ import annotations

import argparse
import asyncio
from importlib import import_module

from netwatch.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes only the settings."""


def execute(settings: Settings, _options: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; returns 0, raises as ``daemon.run``."""
    # Here, for it is most of the program, and who asks for help needs none of it.
    asyncio.run(import_module("netwatch.daemon").run(settings))
    return 0
