"""``netwatch events``: prints past and present events from the journal."""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from netwatch.commands.table import as_table
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.units import parse_duration
from netwatch.disk.private import working_in
from netwatch.journal.file import NAME
from netwatch.journal.reader import FlowEvent, JournalEvent, read_events, read_flow_events
from netwatch.settings import Settings

MAX_EVENTS = 10_000
"""Events that are printed; older ones are left out."""

_STATES: dict[str, str] = {
    "down": "mất kết nối / down",
    "unreachable": "không tới được / unreachable",
    "degraded": "suy giảm / degraded",
    "unknown": "chưa rõ / unknown",
    "maintenance": "bảo trì / maintenance",
    "broken": "bị đứt / broken",
    "violated": "bị vi phạm / violated",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the choice of events, and the output format."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--site", metavar="SITE", help="only events of this site")
    which.add_argument("--flow", metavar="FLOW", help="only events of this Party-State flow")
    parser.add_argument(
        "--since", metavar="DURATION", default="1d", help="how far back, e.g. 2h, 30d (default 1d)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print the events that ended within ``--since`` or go on, the oldest first; returns 0.

    Raises:
        ConfigError: there is no journal, or ``--since`` is not a duration.
    """
    if settings.state_dir is None:
        raise ConfigError([Problem("state_dir", "is not set, so there is no journal; set it")])
    try:
        since = time.time() - parse_duration(options.since)
    except ValueError as error:
        raise ConfigError([Problem("--since", str(error))]) from None
    path = settings.state_dir / NAME
    try:
        with working_in(settings.state_dir):
            events = _read(path, options, since)
    except (sqlite3.Error, OSError) as error:
        message = f"cannot be read: {error}; run netwatch with this state_dir first, or as its user"
        raise ConfigError([Problem(str(path), message)]) from None
    print(_as_json(events) if options.json else _as_table(events))
    return 0


def _read(path: Path, options: argparse.Namespace, since: float) -> list[JournalEvent | FlowEvent]:
    """The last events of sites and targets, and of flows, the oldest first."""
    found: list[JournalEvent | FlowEvent] = []
    if options.flow is None:
        found += read_events(path, options.site, since, MAX_EVENTS)
    if options.site is None:
        found += read_flow_events(path, options.flow, since, MAX_EVENTS)
    return sorted(found, key=lambda event: event.began)[-MAX_EVENTS:]


def _as_table(events: Sequence[JournalEvent | FlowEvent]) -> str:
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
        state = _state(event)
        rows.append(
            (
                _local(event.began),
                f"{_span(lasted)}{'' if event.ended else ' …'}",
                _place(event),
                _STATES.get(state, state),
                _cause(event),
            )
        )
    return as_table(rows)


def _state(event: JournalEvent | FlowEvent) -> str:
    return event.state.label if isinstance(event, JournalEvent) else event.state.value


def _place(event: JournalEvent | FlowEvent) -> str:
    if isinstance(event, FlowEvent):
        return event.flow
    return f"{event.site}/{event.target}" if event.target else event.site


def _cause(event: JournalEvent | FlowEvent) -> str:
    if isinstance(event, FlowEvent):
        return " ".join(str(value) for value in event.evidence.values() if value)
    return " · ".join(filter(None, (event.root, event.cause, _evidence(event.evidence))))


def _evidence(evidence: dict[str, Any]) -> str:
    parts = []
    if power := evidence.get("power"):
        parts.append(f"mất điện / power cut: {power['target']}")
    if trace := evidence.get("trace"):
        last = trace["last_hop"]
        parts.append(
            f"chặng cuối / last hop {last}" if last else "không chặng nào trả lời / no hop answers"
        )
    if near := evidence.get("near_end"):
        parts.append(f"{near['target']} {near['interface']} {near['oper_status']}")
    return ", ".join(parts)


def _as_json(events: Sequence[JournalEvent | FlowEvent]) -> str:
    return json.dumps(
        [
            {
                **_subject(event),
                "state": _state(event),
                "began": event.began,
                "ended": event.ended,
                "evidence": event.evidence,
            }
            for event in events
        ],
        ensure_ascii=False,
        indent=2,
    )


def _subject(event: JournalEvent | FlowEvent) -> dict[str, str | None]:
    """What it happened to, and what is at fault."""
    if isinstance(event, FlowEvent):
        return {"flow": event.flow}
    return {
        "site": event.site,
        "target": event.target or None,
        "root": event.root or None,
        "cause": event.cause or None,
    }


def _local(unix: float) -> str:
    return datetime.fromtimestamp(unix).astimezone().strftime("%d/%m/%Y %H:%M:%S")


def _span(seconds: float) -> str:
    """In hours, minutes and seconds, which read the same in every language."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
