"""``netwatch audit``: who did what, and when."""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from netwatch.audit.line import WHATS, canonical, clean
from netwatch.audit.read import StoredLine, read_lines
from netwatch.audit.verify import chain_end, find_damage
from netwatch.commands.moments import moment, offset
from netwatch.commands.table import as_table
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.units import parse_duration
from netwatch.disk.private import working_in
from netwatch.inventory.explain import suggest
from netwatch.inventory.zone import province_zone
from netwatch.journal.file import NAME
from netwatch.settings import Settings

MAX_LINES = 10_000
"""Lines that are printed; older ones are left out, and that is told."""

PAIR = 2
"""Values of a field that changed: before and after."""

WORDS = {
    "start": "khởi động / start",
    "stop": "dừng / stop",
    "unclean-end": "lần trước dừng đột ngột / the run before had no proper end",
    "reload": "nạp lại cấu hình / reload",
    "reload-refused": "cấu hình bị từ chối / reload refused",
    "added": "thêm / added",
    "removed": "bỏ / removed",
    "changed": "sửa / changed",
    "web-config": "đổi cấu hình web / web configuration changed",
    "web-config-refused": "cấu hình web bị từ chối / web configuration refused",
    "login-refused": "đăng nhập bị từ chối / logins refused",
    "maintenance-announced": "báo bảo trì / maintenance announced",
    "maintenance-ended": "kết thúc bảo trì / maintenance ended",
    "meeting-declared": "khai báo cuộc họp / meeting declared",
    "acknowledged": "nhận xử lý / acknowledged",
    "note": "ghi chú / note",
}

KNOWN_BY = {
    "login": "đăng nhập / login",
    "unix": "người dùng máy / user of the machine",
    "signal": "tín hiệu / signal",
    "program": "netwatch",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the choice of lines, and the output format."""
    parser.add_argument(
        "--since", metavar="DURATION", default="30d", help="how far back, e.g. 2h (default 30d)"
    )
    parser.add_argument(
        "--who", metavar="NAME", help="only what they did; a part of a name will do"
    )
    parser.add_argument("--what", metavar="WHAT", help=f"only this: {', '.join(WHATS)}")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of a table")
    form.add_argument(
        "--verify",
        action="store_true",
        help="tìm dòng thiếu hoặc bị sửa / tell which lines are missing or changed",
    )


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print the lines, the oldest first; returns 0, or 1 when ``--verify`` finds something wrong.

    Raises:
        ConfigError: there is no journal, or an option is wrong.
    """
    if settings.state_dir is None:
        raise ConfigError([Problem("state_dir", "is not set, so there is no audit; set it")])
    since = _since(options.since)
    if options.what not in {None, *WHATS}:
        raise ConfigError([Problem(options.what, f"is nothing of the audit; {_near(options)}")])
    path = settings.state_dir / NAME
    try:
        with working_in(settings.state_dir):
            if options.verify:
                return _verify(path)
            lines = read_lines(path, since, options.who, options.what, MAX_LINES + 1)
    except (sqlite3.Error, OSError) as error:
        message = f"cannot be read: {error}; run netwatch with this state_dir first, or as its user"
        raise ConfigError([Problem(str(path), message)]) from None
    shown = lines[-MAX_LINES:]
    print(_as_json(shown) if options.json else _as_table(shown, province_zone(settings.inventory)))
    if len(lines) > MAX_LINES and not options.json:
        print(f"! chỉ {MAX_LINES} dòng cuối / only the last {MAX_LINES} lines; see --since")
    return 0


def _since(text: str) -> float:
    try:
        return time.time() - parse_duration(text)
    except ValueError as error:
        raise ConfigError([Problem("--since", str(error))]) from None


def _near(options: argparse.Namespace) -> str:
    return suggest(str(options.what), WHATS)


def _verify(path: Path) -> int:
    damage = find_damage(path)
    for each in damage:
        print(each)
    if not damage:
        number, head = chain_end(path)
        print("không thiếu, không bị sửa / no line is missing, none was changed")
        print(f"dòng cuối / last line {number}, SHA-256 {head}")
    return 1 if damage else 0


def _as_table(lines: Sequence[StoredLine], zone: ZoneInfo) -> str:
    head = f"Lúc / At ({offset(time.time(), zone)})"
    rows = [("Số / No.", head, "Ai / Who", "Việc / What", "Với / Subject", "Chi tiết / Details")]
    for number, line, _ in lines:
        rows.append(
            (
                str(number),
                moment(line.at / 1000, zone),
                f"{line.who} ({KNOWN_BY.get(line.known_by, line.known_by)})",
                WORDS.get(line.what, line.what),
                line.subject,
                _told(line.what, _details(line.details)),
            )
        )
    return as_table(rows)


def _details(text: str) -> Any:
    """The details as JSON; what is none, because somebody changed it, as the text that it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _told(what: str, details: Any) -> str:
    """Details on one line for people: ``name_vi: Xã A → Xã B; while: stopped``."""
    if not isinstance(details, dict):
        return clean(canonical(details))
    shown = _change if what == "changed" else _value
    return "; ".join(f"{clean(name)}: {shown(value)}" for name, value in details.items())


def _change(value: Any) -> str:
    """A field before and after; what is said beside the fields is no pair."""
    if not (isinstance(value, list) and len(value) == PAIR):
        return _value(value)
    before, after = map(_value, value)
    return f"{before} → {after}"


def _value(value: Any) -> str:
    if value is None:
        return "–"
    return clean(value if isinstance(value, str) else canonical(value))


def _as_json(lines: Sequence[StoredLine]) -> str:
    return json.dumps(
        [
            {
                "number": number,
                "at": line.at / 1000,
                "who": line.who,
                "known_by": line.known_by,
                "what": line.what,
                "subject": line.subject,
                "details": _details(line.details),
                "hash": stored,
            }
            for number, line, stored in lines
        ],
        ensure_ascii=False,
        indent=2,
    )
