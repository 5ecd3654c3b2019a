"""``netwatch events``: prints past and present events from the journal, put together by cause."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from netwatch.commands.event_groups import EventGroup, group_events
from netwatch.commands.journal_file import (
    ago,
    check_known,
    from_journal,
    journal_of,
    present_flow,
    present_site,
)
from netwatch.commands.moments import moment, offset, share, span
from netwatch.commands.table import as_table
from netwatch.core.errors import ConfigError, Problem
from netwatch.incidents.reader import known_sites
from netwatch.inventory.explain import suggest
from netwatch.inventory.zone import province_zone
from netwatch.journal.reader import (
    FlowEvent,
    JournalEvent,
    known_flows,
    read_events,
    read_flow_events,
)
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


MAX_NAMES = 5
"""Places that one line names; of further ones it tells the number."""

_FIGURE = re.compile(r"(loss|rtt|jitter) ([0-9.e+-]{1,24})")
"""A cause that is a figure, as metric labels write it."""

_FIGURES = {"loss": "mất gói / loss", "rtt": "trễ / round trip", "jitter": "jitter"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the choice of events, and the output format."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--site", metavar="SITE", help="only events of this site")
    which.add_argument("--flow", metavar="FLOW", help="only events of this Party-State flow")
    parser.add_argument(
        "--since", metavar="DURATION", default="1d", help="how far back, e.g. 2h, 30d (default 1d)"
    )
    parser.add_argument(
        "--state", metavar="STATE", help=f"only events of this state: {', '.join(_STATES)}"
    )
    parser.add_argument(
        "--each",
        action="store_true",
        help="từng sự kiện, không gộp / each event by itself, not put together by cause",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, each event by itself")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print the events that ended within ``--since`` or go on, the oldest first; returns 0.

    Raises:
        ConfigError: there is no journal, or an option is wrong.
    """
    path, since = journal_of(settings), ago("--since", options.since)
    if options.state not in {None, *_STATES}:
        remedy = suggest(options.state, _STATES)
        raise ConfigError([Problem("--state", f"{options.state[:64]!r} is no state; {remedy}")])
    events = from_journal(path, lambda: _read(path, options, since))
    if options.json:
        print(_as_json(events))
        return 0
    groups = [EventGroup([event]) for event in events] if options.each else group_events(events)
    print(_as_table(groups, province_zone(settings.inventory)))
    return 0


def _read(path: Path, options: argparse.Namespace, since: float) -> list[JournalEvent | FlowEvent]:
    """The last events of sites and targets, and of flows, the oldest first.

    Raises:
        ConfigError: nothing is known of the site or the flow.
    """
    site, flow = present_site(path, options.site), present_flow(path, options.flow)
    if site is not None:
        check_known("--site", site, known_sites(path))
    if flow is not None:
        check_known("--flow", flow, known_flows(path))
    found: list[JournalEvent | FlowEvent] = []
    if flow is None:
        found += read_events(path, site, since, MAX_EVENTS)
    if site is None:
        found += read_flow_events(path, flow, since, MAX_EVENTS)
    wanted = [event for event in found if options.state in {None, _state(event)}]
    return sorted(wanted, key=lambda event: event.began)[-MAX_EVENTS:]


def _as_table(groups: Sequence[EventGroup], zone: ZoneInfo) -> str:
    rows = [
        (
            f"Bắt đầu / Began ({offset(time.time(), zone)})",
            "Kéo dài / Lasted",
            "Nơi / Place",
            "Trạng thái / State",
            "Nguyên nhân / Cause",
        )
    ]
    for group in groups:
        event, ended = group.worst, group.ended
        state = _state(event)
        rows.append(
            (
                moment(group.began, zone),
                f"{span((ended or time.time()) - group.began)}{'' if ended else ' …'}",
                _places(group),
                _STATES.get(state, state),
                _cause(event),
            )
        )
    return as_table(rows)


def _places(group: EventGroup) -> str:
    """Where it happened: the place that is the cause first, the others by name or number."""
    first = group.worst
    here = first.flow if isinstance(first, FlowEvent) else first.site
    others = [place for place in group.places if place != here]
    more = f" +{len(others) - MAX_NAMES} điểm / sites" if len(others) > MAX_NAMES else ""
    return ", ".join([_place(first), *others[:MAX_NAMES]]) + more


def _state(event: JournalEvent | FlowEvent) -> str:
    return event.state.label if isinstance(event, JournalEvent) else event.state.value


def _place(event: JournalEvent | FlowEvent) -> str:
    if isinstance(event, FlowEvent):
        return event.flow
    return f"{event.site}/{event.target}" if event.target else event.site


def _cause(event: JournalEvent | FlowEvent) -> str:
    if isinstance(event, FlowEvent):
        return " ".join(str(value) for value in event.evidence.values() if value)
    return " · ".join(filter(None, (event.root, _figure(event.cause), _evidence(event.evidence))))


def _figure(cause: str) -> str:
    """A cause as people write it: ``loss 0.0333`` is a loss of 3,3 %."""
    found = _FIGURE.fullmatch(cause)
    if found is None:
        return cause
    value = float(found[2])
    told = share(value) if found[1] == "loss" else f"{value * 1000:.1f} ms".replace(".", ",")
    return f"{_FIGURES[found[1]]} {told}"


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
