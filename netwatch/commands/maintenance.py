"""``netwatch maintenance``: announces planned work by hand, lists it, ends it."""

from __future__ import annotations

import argparse
import sqlite3
import time
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.commands.moments import minute, offset
from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.zone import province_zone
from netwatch.maintenance.announcements import NAME, Announcement, read_announcements
from netwatch.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions, each with its arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    text = "báo việc sẽ làm / announce work, from now on or from later"
    add = actions.add_parser("add", help=text, description=text)
    add.add_argument("place", metavar="SITE|SITE/TARGET|link:LINK|carrier:CARRIER")
    add.add_argument(
        "--branch",
        action="store_true",
        help="cả các điểm bên dưới / the site with all that is below it",
    )
    add.add_argument("--from", dest="begins", metavar="TIME", help="e.g. 05/12/2026 22:00, 22:00")
    add.add_argument("--for", dest="duration", metavar="DURATION", help="e.g. 2h")
    add.add_argument("--until", dest="ends", metavar="TIME", help="instead of --for")
    add.add_argument(
        "--repeat",
        metavar="RULE",
        help="e.g. FREQ=WEEKLY;BYDAY=SA, each time --for so long, --until then",
    )
    add.add_argument("--reason", required=True, metavar="TEXT", help="lý do / why")
    text = "liệt kê / what was announced and is not over"
    actions.add_parser("list", help=text, description=text)
    text = "kết thúc / end now, or call off"
    end = actions.add_parser("end", help=text, description=text)
    end.add_argument("id", metavar="ID", help="as list shows it")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Change and print the announcements; the daemon notices within a second. Returns 0.

    Raises:
        ConfigError: there is no such place or announcement, or the file can't be used.
    """
    if settings.state_dir is None:
        message = "is not set, so nothing can be announced; set it"
        raise ConfigError([Problem("state_dir", message)])
    path, zone = settings.state_dir / NAME, province_zone(settings.inventory)
    if options.action != "list":
        try:
            # Only a change needs the inventory and the journal, which take their time to load.
            import_module("netwatch.commands.maintenance_change").change(settings, options, zone)
        except (sqlite3.Error, OSError) as error:
            raise _not_taken_down(path, error) from None
    now = time.time()
    coming = [each for each in read_announcements(path) if each.ends > now]
    for each in sorted(coming, key=lambda each: each.begins):
        print(_line(each, zone, now))
    if not coming:
        print("không có việc nào / nothing is announced")
    return 0


def _line(each: Announcement, zone: ZoneInfo, now: float) -> str:
    when = "" if each.begins <= now else f"từ / from {minute(each.begins, zone)} "
    until = f"{when}đến / until {minute(each.ends, zone)} ({offset(each.ends, zone)})"
    again = f"  lặp lại / repeats {each.repeat}" if each.repeat else ""
    by = f"  {each.author}" if each.author else ""
    return f"{each.id}  {each.kind} {each.name}  {until}{again}  {each.reason}{by}"


def _not_taken_down(path: Path, error: Exception) -> ConfigError:
    message = f"has changed, but the audit can't be written: {error}; make room, or repair the disk"
    return ConfigError([Problem(str(path), message)])
