"""``netwatch incidents``: what goes on, and what happened, one line a cause."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.commands.journal_file import (
    ago,
    check_known,
    from_journal,
    journal_of,
    present_site,
)
from netwatch.commands.moments import moment, offset, span
from netwatch.commands.table import as_table
from netwatch.incidents.reader import (
    Wanted,
    known_carriers,
    known_sites,
    read_ended,
    read_open,
)
from netwatch.incidents.shape import IncidentView, ListView
from netwatch.incidents.view import incident_view
from netwatch.incidents.words import KINDS
from netwatch.inventory.zone import province_zone
from netwatch.settings import Settings

MAX_INCIDENTS = 10_000
"""Incidents that ended which are printed; older ones are left out, and that is told."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the choice of incidents, and the output format."""
    parser.add_argument(
        "--since",
        metavar="DURATION",
        help="cả những sự cố đã kết thúc / those too that ended meanwhile, e.g. 2h, 30d",
    )
    parser.add_argument("--site", metavar="SITE", help="only those at this site or before it")
    parser.add_argument("--carrier", metavar="NAME", help="only those on lines of this carrier")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print the incidents, those that go on first; returns 0.

    Raises:
        ConfigError: there is no journal, or an option is wrong.
    """
    path = journal_of(settings)
    since = time.time() if options.since is None else ago("--since", options.since)
    wanted = Wanted(since, options.site, options.carrier, MAX_INCIDENTS)
    found = from_journal(path, lambda: _read(path, wanted, with_ended=options.since is not None))
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(found, province_zone(settings.inventory))
    return 0


def _read(path: Path, wanted: Wanted, *, with_ended: bool) -> ListView:
    """What is asked for.

    Raises:
        ConfigError: nothing is known of the site or the carrier.
    """
    wanted = replace(wanted, site=present_site(path, wanted.site))
    if wanted.site is not None:
        check_known("--site", wanted.site, known_sites(path))
    if wanted.carrier is not None:
        check_known("--carrier", wanted.carrier, known_carriers(path))
    ended, left_out = read_ended(path, wanted) if with_ended else ([], 0)
    now = time.time()
    return {
        "time": now,
        "open": [incident_view(each, now) for each in read_open(path, wanted)],
        "ended": [incident_view(each, now) for each in ended],
        "left_out": left_out,
        "unreadable": False,
    }


def _print(found: ListView, zone: ZoneInfo) -> None:
    shown = [*found["open"], *found["ended"]]
    if not shown:
        print("không có sự cố nào / no incidents")
        return
    print(_table(shown, zone))
    if found["left_out"]:
        print(f"! còn {found['left_out']} sự cố cũ hơn / {found['left_out']} older ones left out")


def _table(shown: Sequence[IncidentView], zone: ZoneInfo) -> str:
    head = f"Bắt đầu / Began ({offset(time.time(), zone)})"
    rows = [
        (
            *("Mã / ID", head, "Kéo dài / Lasted", "Loại / Kind", "Điểm / Sites"),
            *("Nhà mạng / Carrier", "Người nhận / Taken on by", "Sự cố / Incident"),
        )
    ]
    for each in shown:
        kind = next(text for name, text in KINDS.items() if name == each["kind"])
        taken = each["acknowledged"]
        rows.append(
            (
                each["id"],
                moment(each["began"], zone),
                f"{span(each['seconds'])}{'' if each['ended'] else ' …'}{_flaps(each)}",
                f"{kind['vi']} / {kind['en']}",
                str(each["sites"]),
                each["carrier"] or "–",
                taken["by"] if taken else "–",
                f"{each['title']['vi']} / {each['title']['en']}",
            )
        )
    return as_table(rows)


def _flaps(shown: IncidentView) -> str:
    return f" ×{shown['flaps'] + 1}" if shown["flaps"] else ""
