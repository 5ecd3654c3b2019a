"""The ``netwatch`` command line: runs a command, and prints an error as one line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType

from netwatch import __version__
from netwatch.core.errors import ConfigError, NetwatchError
from netwatch.process.core_dump import forbid_core_dump
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
    "report": "báo cáo tháng / the month on paper: availability, carriers, meetings, objectives",
    "reflect": "trả lời gói đo / answer test packets of collectors (STAMP, RFC 8762)",
    "border": "hỏi bộ định tuyến biên / ask border routers what their pings found",
    "gate": "nhận số liệu từ điểm đo khác / take what other vantages write, over mutual TLS",
    "notify": "báo cho người trực / tell people by Zalo or short message what Alertmanager posts",
    "snmp": "hỏi một thiết bị qua SNMP / ask one device over SNMP",
    "inventory": "kho dữ liệu / work on the inventory",
    "lab": "mô phỏng mạng của tỉnh / simulate the province, and run a command inside it",
    "demo": "chạy thử: mô phỏng và giám sát / simulate the province, and watch it",
}
"""Each command's help. Its module in ``commands/`` is imported when it is called, and only then:
all of them take a second of CPU, which nobody who asks for help or for one of them should pay."""

WRONG_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""128 and SIGPIPE, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for a failed probe, 2 for wrong input."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        try:
            return _run(words)
        except NetwatchError as error:
            _print_error(error)
            return WRONG_INPUT
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            # What is still in the buffer would be lost behind our back, or end in a traceback.
            sys.stdout.flush()
            sys.stderr.flush()
    except BrokenPipeError:
        return _nobody_reads()


def _run(words: Sequence[str]) -> int:
    options = _parser(words).parse_args(words)
    forbid_core_dump()
    settings = import_module("netwatch.settings").load_settings(options.settings)
    configure_logging(settings.log_level)
    status: int = _module(options.command).execute(settings, options)
    return status


def _print_error(error: NetwatchError) -> None:
    """Print what is wrong, a line each, in both languages."""
    both = import_module("netwatch.vietnamese.translate").both
    if isinstance(error, ConfigError):
        for problem in error.problems:
            said = f"{problem.vi} / {problem.message}" if problem.vi else both(problem.message)
            print(f"{problem.place}: {said}", file=sys.stderr)
    else:
        print(both(str(error)), file=sys.stderr)


def _nobody_reads() -> int:
    """End as programs do whose reader has seen enough, as ``head`` has: without a word."""
    with Path(os.devnull).open("wb") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # no file behind it, or one that is closed
                os.dup2(nowhere.fileno(), stream.fileno())
    return BROKEN_PIPE


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Knows the names of all commands, and the arguments of the one that is called.

    Args:
        words: of the command line.
    """
    parser = argparse.ArgumentParser(
        prog="netwatch",
        description="Giám sát mạng diện rộng của tỉnh / The network monitor of a province",
    )
    parser.add_argument("--version", action="version", version=f"netwatch {__version__}")
    _add_settings(parser, default=None)
    called = _called(words)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if name == called:
            _module(name).add_arguments(command)
            _add_settings_everywhere(command)
    return parser


def _called(words: Sequence[str]) -> str | None:
    """The command: the first word that is neither an option nor the value of ``--settings``."""
    rest = iter(words)
    for word in rest:
        if word == "--settings":
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def _add_settings_everywhere(parser: argparse.ArgumentParser) -> None:
    """Take ``--settings`` before an action and behind it, so that nobody has to know its place."""
    # Not given here, it must not undo what was given before.
    _add_settings(parser, default=argparse.SUPPRESS)
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to its subparsers
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for inner in action.choices.values():
                _add_settings_everywhere(inner)


def _add_settings(parser: argparse.ArgumentParser, default: str | None) -> None:
    help_text = "settings file (TOML)"
    parser.add_argument("--settings", type=Path, metavar="FILE", help=help_text, default=default)


def _module(command: str) -> ModuleType:
    return import_module(f"netwatch.commands.{command}")
