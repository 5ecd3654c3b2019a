"""``netwatch notify``: tells people by Zalo or short message what Alertmanager posts."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from netwatch.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the configuration, and the address to listen on."""
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="whom to tell, and how (TOML)"
    )
    parser.add_argument(
        "--address",
        default="127.0.0.1:10885",
        metavar="ADDRESS:PORT",
        help="where to listen (default: %(default)s)",
    )
    parser.add_argument(
        "--test",
        action="store_true",
        help="gửi thử một tin / send one message to everybody, and end",
    )


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; returns 0, with ``--test`` 1 when somebody was not reached.

    Raises:
        ConfigError: the configuration is wrong, or a secret is missing.
        StartError: the address can't be used.
    """
    status: int = import_module("netwatch.notify.program").run(settings, options)
    return status
