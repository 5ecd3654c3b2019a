"""``netwatch inventory discover``: who answers in a range, beside the inventory, as a sheet."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from netwatch.commands.devices import credential_named
from netwatch.commands.inventory_plan import write_files
from netwatch.configuration import read_configuration
from netwatch.core.errors import ConfigError, Problem
from netwatch.discovery.identify import Discovered, identify
from netwatch.discovery.progress import SweepProgress, resumed
from netwatch.discovery.ranges import addresses_of
from netwatch.discovery.sweep import DEFAULT_RATE, MAX_RATE, sweep
from netwatch.settings import Settings
from netwatch.snmp.identity import as_csv

_HEAD = ("Đơn vị", "Loại thiết bị", "Địa chỉ IP", "Tên thiết bị", "Model", "Nối vào")
"""Headings that ``netwatch inventory import`` knows: what is filled in can be imported."""


def add_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``discover`` and its arguments."""
    text = "tìm thiết bị trong dải địa chỉ / find devices in ranges of the inventory, politely"
    parser = actions.add_parser("discover", help=text, description=text)
    parser.add_argument("ranges", metavar="RANGE", nargs="+", help="10.22.14.0/24, within ranges")
    parser.add_argument("--credential", metavar="ID", help="ask over SNMP what answers")
    parser.add_argument("--port", type=int, default=161, help="UDP port of agents, 161 by default")
    help_text = f"addresses a second, {DEFAULT_RATE:g} by default, at most {MAX_RATE:g}"
    parser.add_argument("--rate", type=float, metavar="N", default=DEFAULT_RATE, help=help_text)
    help_text = "keeps the progress here, and goes on where it was stopped"
    parser.add_argument("--progress", type=Path, metavar="FILE", help=help_text)
    parser.add_argument("--to", type=Path, metavar="FILE.csv", help="else to standard output")


def discover(settings: Settings, options: argparse.Namespace) -> int:
    """Sweep, ask what is new, and write it as CSV; returns 0.

    Raises:
        ConfigError: the configuration is wrong, or a range is not the province's.
        StartError: ICMP is not permitted on this machine.
    """
    if not 0 < options.rate <= MAX_RATE:
        message = f"phải từ 1 đến {MAX_RATE:g} / must be more than 0, at most {MAX_RATE:g}"
        raise ConfigError([Problem(f"--rate {options.rate:g}", message)])
    configuration = read_configuration(settings)
    inventory = configuration.inventory
    addresses = addresses_of(options.ranges, inventory)
    credential = None
    if options.credential is not None:
        credential = credential_named(configuration, settings, options.credential)
    progress = resumed(tuple(options.ranges), options.progress)
    unsent = asyncio.run(sweep(addresses, options.rate, progress, _tell))
    known = {target.address for _, _, _, target in inventory.targets()}
    new = [each for each in addresses if each in progress.answered and each not in known]
    silent = [each for each in addresses if each in known and each not in progress.answered]
    found = asyncio.run(identify(new, inventory, credential, options.port))
    _summary(len(addresses), len(progress.answered), len(new), silent, unsent)
    _write(found, options.to)
    return 0


def _tell(progress: SweepProgress, count: int) -> None:
    """One line that is written over and over, where a person looks at it."""
    if sys.stderr.isatty():
        share = 100 * progress.asked // max(count, 1)
        line = f"vòng / round {progress.round}: {progress.asked}/{count} ({share} %)"
        print(f"\r{line}, trả lời / answer: {len(progress.answered)}", end="", file=sys.stderr)


def _summary(asked: int, answered: int, new: int, silent: Sequence[str], unsent: int) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(
        f"# {asked} địa chỉ / addresses, {answered} trả lời / answer,"
        f" {new} chưa có trong kho / not in the inventory",
        file=sys.stderr,
    )
    if silent:
        print(
            f"# {len(silent)} đích của kho không trả lời / targets of the inventory don't answer:"
            f" {', '.join(silent[:10])}{' ...' if len(silent) > 10 else ''}",
            file=sys.stderr,
        )
    if unsent:
        print(
            f"# {unsent} địa chỉ máy này không hỏi được, nên chưa rõ"
            " / addresses could not be asked by this machine, and are not known",
            file=sys.stderr,
        )


def _write(found: Sequence[Discovered], file: Path | None) -> None:
    rows = [(d.site, "", d.address, d.name, d.description, d.neighbours) for d in found]
    text = as_csv([_HEAD, *rows])
    if file is None:
        print(text, end="")
    else:
        write_files({file: text.encode("utf-8-sig")})  # by the mark spreadsheets know the letters
        print(f"{file}: {len(found)} thiết bị / devices")
