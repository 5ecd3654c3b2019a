"""The ``netwatch`` command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from netwatch import __version__
from netwatch.commands import (
    border,
    check,
    demo,
    events,
    gate,
    inventory,
    lab,
    maintenance,
    meetings,
    probe,
    reflect,
    run,
    snmp,
    trace,
)
from netwatch.core.errors import NetwatchError
from netwatch.logs import configure_logging
from netwatch.settings import load_settings

COMMANDS = {
    "run": run,
    "check": check,
    "probe": probe,
    "trace": trace,
    "events": events,
    "maintenance": maintenance,
    "meetings": meetings,
    "reflect": reflect,
    "border": border,
    "gate": gate,
    "snmp": snmp,
    "inventory": inventory,
    "lab": lab,
    "demo": demo,
}

WRONG_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for a failed probe, 2 for wrong input."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(options.settings)
        configure_logging(settings.log_level)
        status: int = COMMANDS[options.command].execute(settings, options)
    except NetwatchError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="netwatch",
        description="Giám sát mạng diện rộng của tỉnh / The network monitor of a province",
    )
    parser.add_argument("--version", action="version", version=f"netwatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=command.HELP, description=command.HELP)
        subparser.add_argument("--settings", type=Path, metavar="FILE", help="settings file (TOML)")
        command.add_arguments(subparser)
    return parser
