"""The ``netwatch`` command line: runs a command, and prints an error as one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from netwatch import __version__
from netwatch.core.errors import NetwatchError
from netwatch.process.logs import configure_logging

COMMANDS = {
    "run": "chạy tiến trình giám sát / run the daemon",
    "check": "kiểm tra cấu hình / check settings, inventory and secrets",
    "probe": "đo một lần / measure a site or a target once, now",
    "trace": "dò đường đi / show the path to a target, hop by hop",
    "events": "sự kiện đã qua / show what happened",
    "incidents": "sự cố / what goes on, and what happened, one line a cause",
    "incident": "diễn biến một sự cố / the story of one incident",
    "ack": "nhận xử lý sự cố / take an incident on, with a note",
    "audit": "ai đã làm gì / show who did what, and whether no line is missing",
    "maintenance": "bảo trì / announce planned work, list it, end it",
    "meetings": "các cuộc họp sắp tới / the next meetings, and whether their rooms are ready",
    "reflect": "trả lời gói đo / answer test packets of collectors (STAMP, RFC 8762)",
    "border": "hỏi bộ định tuyến biên / ask border routers what their pings found",
    "gate": "nhận số liệu từ điểm đo khác / take what other vantages write, over mutual TLS",
    "snmp": "hỏi một thiết bị qua SNMP / ask one device over SNMP",
    "inventory": "kho dữ liệu / work on the inventory",
    "lab": "mô phỏng mạng của tỉnh / simulate the province, and run a command inside it",
    "demo": "chạy thử: mô phỏng và giám sát / simulate the province, and watch it",
}
"""Each command's help. Its module in ``commands/`` is imported when it is called, and only then:
all of them take a second of CPU, which nobody who asks for help or for one of them should pay."""

WRONG_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for a failed probe, 2 for wrong input."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        options = _parser(words).parse_args(words)
        settings = import_module("netwatch.settings").load_settings(options.settings)
        configure_logging(settings.log_level)
        status: int = _module(options.command).execute(settings, options)
    except NetwatchError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Knows the names of all commands, and the arguments of the one that is called.

    Args:
        words: of the command line; the first one that is not an option is the command.
    """
    parser = argparse.ArgumentParser(
        prog="netwatch",
        description="Giám sát mạng diện rộng của tỉnh / The network monitor of a province",
    )
    parser.add_argument("--version", action="version", version=f"netwatch {__version__}")
    called = next((word for word in words if not word.startswith("-")), None)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if name == called:
            command.add_argument(
                "--settings", type=Path, metavar="FILE", help="settings file (TOML)"
            )
            _module(name).add_arguments(command)
    return parser


def _module(command: str) -> ModuleType:
    return import_module(f"netwatch.commands.{command}")
