"""``netwatch events``: what happened, from the journal."""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from netwatch.commands.table import as_table
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.units import parse_duration
from netwatch.journal.file import NAME
from netwatch.journal.reader import Event, read_events
from netwatch.settings import Settings

HELP = "sự kiện đã qua / show what happened"

MOST = 10_000
"""Events that are shown at most, the last ones."""

_STATES = {
    "down": "mất kết nối / down",
    "unreachable": "không tới được / unreachable",
    "degraded": "suy giảm / degraded",
    "unknown": "chưa rõ / unknown",
    "maintenance": "bảo trì / maintenance",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which events, and how to print them."""
    parser.add_argument("--site", metavar="SITE", help="only events of this site")
    parser.add_argument(
        "--since", metavar="DURATION", default="1d", help="how far back, e.g. 2h, 30d (default 1d)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print the events that ended within a time or go on, the oldest first.

    Raises:
        ConfigError: there is no journal, or the time is not one.
    """
    if settings.state_dir is None:
        raise ConfigError([Problem("state_dir", "is not set, so there is no journal; set it")])
    try:
        since = time.time() - parse_duration(options.since)
    except ValueError as error:
        raise ConfigError([Problem("--since", str(error))]) from None
    path = settings.state_dir / NAME
    try:
        events = read_events(path, options.site, since, MOST)
    except sqlite3.Error as error:
        message = f"cannot be read: {error}; run netwatch with this state_dir first, or as its user"
        raise ConfigError([Problem(str(path), message)]) from None
    print(_as_json(events) if options.json else _as_table(events))
    return 0


def _as_table(events: Sequence[Event]) -> str:
    rows = [
        (
            "Bắt đầu / Began",
            "Kéo dài / Lasted",
            "Nơi / Place",
            "Trạng thái / State",
            "Nguyên nhân / Cause",
        )
    ]
    for event in events:
        lasted = (event.ended or time.time()) - event.began
        rows.append(
            (
                _local(event.began),
                f"{_span(lasted)}{'' if event.ended else ' …'}",
                f"{event.site}/{event.target}" if event.target else event.site,
                _STATES.get(event.state.label, event.state.label),
                " · ".join(filter(None, (event.root, event.cause, _evidence(event.evidence)))),
            )
        )
    return as_table(rows)


def _evidence(evidence: dict[str, Any]) -> str:
    parts = []
    if trace := evidence.get("trace"):
        parts.append(f"chặng cuối / last hop {trace['last_hop']}")
    if near := evidence.get("near_end"):
        parts.append(f"{near['target']} {near['interface']} {near['oper_status']}")
    return ", ".join(parts)


def _as_json(events: Sequence[Event]) -> str:
    return json.dumps(
        [
            {
                "site": event.site,
                "target": event.target or None,
                "state": event.state.label,
                "began": event.began,
                "ended": event.ended,
                "root": event.root or None,
                "cause": event.cause or None,
                "evidence": event.evidence,
            }
            for event in events
        ],
        ensure_ascii=False,
        indent=2,
    )


def _local(unix: float) -> str:
    return datetime.fromtimestamp(unix).astimezone().strftime("%d/%m/%Y %H:%M:%S")


def _span(seconds: float) -> str:
    """In hours, minutes and seconds, which read the same in every language."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
