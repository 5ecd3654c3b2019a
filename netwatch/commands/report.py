"""``netwatch report``: the month on paper, from the journal, beside the daemon or after it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.private import make_directory, replace_file, working_in
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.probes import kinds
from netwatch.report.account.period import Period, parse_period
from netwatch.report.make import PaperScope, PaperSource, carriers, find_scope, read
from netwatch.report.papers.forms import FORMS, form_of, render
from netwatch.report.shelf import DIRECTORY, KeptPaper, remove_old, slug
from netwatch.report.words import LanguageName
from netwatch.settings import Settings

Result = TypeVar("Result")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the period, what the paper is about, and where it goes."""
    parser.add_argument(
        "period", metavar="PERIOD", help="a month (2026-11), a year (2026), or last: the last month"
    )
    about = parser.add_mutually_exclusive_group()
    about.add_argument("--area", metavar="SITE", help="only this site and all below it")
    about.add_argument("--carrier", metavar="NAME", help="the paper of one carrier, on its lines")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--to",
        metavar="FILE",
        type=Path,
        action="append",
        help=f"where it goes; the ending says what it is: {', '.join(FORMS)}; may be repeated",
    )
    where.add_argument(
        "--publish",
        action="store_true",
        help="all papers of the period into the state directory, where the daemon shows them",
    )
    parser.add_argument("--language", choices=("vi", "en"), default="vi", help="default: vi")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Write the papers; returns 0.

    Raises:
        ConfigError: the period, the scope, the journal or a file's name is wrong.
        StartError: a library is missing.
    """
    forms = [form_of(file) for file in options.to or ()]
    inventory = load_inventory(
        settings.inventory, {name: kind.params for name, kind in kinds().items()}
    )
    period = _period(options.period, inventory)
    scope = find_scope(inventory, options.area, options.carrier)
    _progress("đọc nhật ký / reading the journal")
    reading = read(settings, inventory, period)
    if options.publish:
        assert settings.state_dir is not None  # reading it would have failed
        _publish(settings.state_dir, reading, options.language)
        return 0
    _progress("tính toán / counting")
    paper = reading.paper(scope, options.language)
    for file, form in zip(options.to, forms, strict=True):
        _progress(f"ghi / writing {file}")
        _write(file, render(paper, form, period.zone))
    return 0


def _period(text: str, inventory: Inventory) -> Period:
    try:
        return parse_period(text, datetime.now(UTC), ZoneInfo(inventory.province.timezone))
    except ValueError as error:
        raise ConfigError([Problem("PERIOD", str(error))]) from None


def _publish(state_dir: Path, reading: PaperSource, language: LanguageName) -> None:
    """Write the province's paper in all forms and each carrier's as PDF, and remove old ones."""
    shelf = state_dir / DIRECTORY
    _progress("tính toán / counting")
    papers: list[tuple[PaperScope, str, Sequence[str]]] = [(PaperScope(), "", FORMS)]
    papers += [
        (PaperScope(carrier=name), slug(name), ("pdf",)) for name in carriers(reading.inventory)
    ]
    _on_shelf(state_dir, lambda: make_directory(shelf))
    for scope, of, forms in papers:
        paper = reading.paper(scope, language)
        for form in forms:
            file = shelf / KeptPaper(str(reading.period), of, form).name
            _progress(f"ghi / writing {file.name}")
            _write(file, render(paper, form, reading.period.zone))
    for old in _on_shelf(state_dir, lambda: remove_old(shelf)):
        _progress(f"xóa / removed {old.name}")


def _on_shelf(state_dir: Path, work: Callable[[], Result]) -> Result:
    """What work on the shelf returns, which is done with the rights of its owner.

    Raises:
        ConfigError: it can't be done.
    """
    try:
        with working_in(state_dir):
            return work()
    except OSError as error:
        message = f"cannot be changed: {error.strerror}; run it as its user"
        raise ConfigError([Problem(str(state_dir / DIRECTORY), message)]) from None


def _write(file: Path, content: bytes) -> None:
    try:
        replace_file(file, content)
    except OSError as error:
        raise ConfigError([Problem(str(file), f"cannot be written: {error.strerror}")]) from None


def _progress(step: str) -> None:
    """What goes on now; a month of a large province takes seconds."""
    print(f"{step} ...", file=sys.stderr, flush=True)
