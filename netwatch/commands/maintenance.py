"""``netwatch maintenance``: announces planned work by hand, lists it, ends it."""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from netwatch import probes
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.units import parse_duration
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.maintenance.announcements import NAME, Announcement, changing, read_announcements
from netwatch.settings import Settings
from netwatch.state.maintenance import scope_of

MAX_DURATION = 31 * 86400.0
"""Seconds that announced work may last."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions, each with its arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="bắt đầu / begin now")
    add.add_argument("place", metavar="SITE|SITE/TARGET|link:LINK|carrier:CARRIER")
    add.add_argument("--for", dest="duration", required=True, metavar="DURATION", help="e.g. 2h")
    add.add_argument("--reason", required=True, metavar="TEXT", help="lý do / why")
    actions.add_parser("list", help="liệt kê / what was announced and is not over")
    end = actions.add_parser("end", help="kết thúc / end now")
    end.add_argument("id", metavar="ID", help="as list shows it")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Change and print the announcements; the daemon notices within a second. Returns 0.

    Raises:
        ConfigError: there is no such place or announcement, or the file can't be used.
    """
    if settings.state_dir is None:
        raise _refused("state_dir", "is not set, so nothing can be announced; set it")
    path = settings.state_dir / NAME
    match options.action:
        case "add":
            _add(path, settings, options)
        case "end":
            _end(path, options.id)
    for each in read_announcements(path):
        if each.ends > time.time():
            until = datetime.fromtimestamp(each.ends).astimezone().strftime("%d/%m/%Y %H:%M")
            print(f"{each.id}  {each.kind} {each.name}  đến / until {until}  {each.reason}")
    return 0


def _add(path: Path, settings: Settings, options: argparse.Namespace) -> None:
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    inventory = load_inventory(settings.inventory, schemas)
    kind, name = _place(options.place)
    if scope_of(inventory, kind, name) is None:
        raise _refused(options.place, f"is not in the inventory; {_nearest(inventory, name)}")
    try:
        duration = parse_duration(options.duration)
    except ValueError as error:
        raise _refused("--for", str(error)) from None
    if not 0 < duration <= MAX_DURATION:
        raise _refused("--for", "must be more than 0 and at most 31d")
    now = time.time()
    with changing(path) as announcements:
        for other in announcements:
            if (other.kind, other.name) == (kind, name) and other.ends > now:
                raise _refused(options.place, f"is announced already as {other.id}; end that first")
        taken = {each.id for each in announcements}
        names = (f"announced-{number}" for number in range(1, len(taken) + 2))
        identity = next(each for each in names if each not in taken)
        try:
            announcements.append(
                Announcement(
                    id=identity,
                    kind=kind,
                    name=name,
                    begins=now,
                    ends=now + duration,
                    reason=options.reason,
                )
            )
        except ValidationError as error:
            message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
            raise _refused("--reason", message) from None


def _end(path: Path, identity: str) -> None:
    with changing(path) as announcements:
        found = [each for each in announcements if each.id == identity]
        if not found:
            raise _refused(identity, "is not announced; run netwatch maintenance list")
        announcements.remove(found[0])


def _place(text: str) -> tuple[str, str]:
    kind, colon, name = text.partition(":")
    if colon and kind in {"link", "carrier"}:
        return kind, name
    return ("target" if "/" in text else "site"), text


def _nearest(inventory: Inventory, name: str) -> str:
    words = get_close_matches(name.partition("/")[0], list(inventory.sites)[:1000], n=1)
    return f"did you mean {words[0]}?" if words else "give SITE, SITE/TARGET, link: or carrier:"


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])
