"""``netwatch meetings``: the next meetings, and whether the rooms of the first one are ready."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.commands.probe import measure_once
from netwatch.configuration import Configuration, read_configuration
from netwatch.core.check import Check
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.result import Result
from netwatch.meetings.calendar import LARGEST
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import Finding, Readiness, RoomState, judge
from netwatch.meetings.upcoming import upcoming
from netwatch.settings import Settings

HELP = "các cuộc họp sắp tới / the next meetings, and whether their rooms are ready"

PACE = 0.02
"""Seconds between two checks of a preflight: 300 rooms take less than 20 s, and no line a burst."""

_MOST_DAYS = 366

_STATES = {
    Readiness.READY: "sẵn sàng / ready",
    Readiness.UNKNOWN: "chưa rõ / unknown",
    Readiness.AT_RISK: "có rủi ro / at risk",
    Readiness.NOT_READY: "CHƯA SẴN SÀNG / NOT READY",
}
_WORDS = {
    "unreachable": "không tới được / unreachable",
    "failed": "không đạt / failed",
    "not-ready": "không nhận cuộc gọi / takes no call",
    "not-registered": "chưa đăng ký tổng đài / not registered",
    "busy": "đang bận / busy",
    "peripheral": "thiết bị kèm theo lỗi / a camera, microphone or screen has a fault",
    "poor-line": "đường truyền kém / poor line",
    "unmeasured": "không đo được / not measured",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How far ahead, and whether to measure."""
    parser.add_argument("--days", default="7", help="how many days ahead (default: %(default)s)")
    parser.add_argument(
        "--check",
        action="store_true",
        help="đo các phòng của cuộc họp gần nhất / measure the rooms of the next meeting now",
    )


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print meetings; with ``--check`` 0 when every room of the next one is ready, else 1.

    Raises:
        ConfigError: the configuration is wrong, or an option.
        StartError: this machine doesn't allow a probe.
    """
    if not (
        options.days.isascii()
        and options.days.isdigit()
        and 1 <= int(options.days[:9]) <= _MOST_DAYS
    ):
        raise ConfigError([Problem("--days", f"must be a whole number from 1 to {_MOST_DAYS}")])
    configuration = read_configuration(settings)
    now = datetime.now(ZoneInfo(configuration.inventory.province.timezone))
    days = timedelta(days=int(options.days[:9]))
    meetings, warnings = upcoming(configuration.inventory, now, now + days, _read)
    for meeting in meetings:
        print(_line(meeting, now))
    for warning in warnings:
        print(f"! {warning}")
    if not meetings:
        print("không có cuộc họp nào / no meetings")
    if not options.check or not meetings:
        return 0
    return _preflight(configuration, meetings[0])


def _preflight(configuration: Configuration, meeting: Meeting) -> int:
    checks = _checks(configuration, meeting)
    results = asyncio.run(measure_once(checks, PACE)) if checks else []
    states = room_states(meeting, results)
    print(f"\n{meeting.title}:")
    for endpoint, state in sorted(states.items(), key=lambda item: -item[1].readiness):
        if state.readiness is not Readiness.READY:
            found = "; ".join(map(_told, state.findings))
            print(f"  {endpoint}: {_STATES[state.readiness]}{' - ' if found else ''}{found}")
    ready = sum(state.readiness is Readiness.READY for state in states.values())
    print(f"  {ready}/{len(states)} {_STATES[Readiness.READY]}")
    return 0 if ready == len(states) and not meeting.unknown else 1


def room_states(meeting: Meeting, results: Sequence[Result]) -> dict[str, RoomState]:
    """How ready each endpoint, and the MCU, is by these results."""
    own: dict[str, list[Result]] = {}
    lines: dict[str, list[Result]] = {}
    for result in results:
        own.setdefault(f"{result.check.site}/{result.check.target}", []).append(result)
        lines.setdefault(result.check.site, []).append(result)
    return {
        endpoint: judge(own.get(endpoint, []), lines.get(endpoint.partition("/")[0], []))
        for endpoint in _rooms(meeting)
    }


def _checks(configuration: Configuration, meeting: Meeting) -> list[Check]:
    """Those of the rooms and the MCU, and the streams to their sites; each target's first first."""
    rooms = set(_rooms(meeting))
    sites = {room.partition("/")[0] for room in rooms}
    return [
        check
        for check in configuration.checks
        if check.flow is None
        and (
            f"{check.site}/{check.target}" in rooms
            or (check.site in sites and check.kind == "stamp")
        )
    ]


def _rooms(meeting: Meeting) -> tuple[str, ...]:
    return (meeting.mcu, *meeting.endpoints) if meeting.mcu else meeting.endpoints


def _line(meeting: Meeting, now: datetime) -> str:
    minutes = (meeting.start - now).total_seconds() / 60
    when = f"{meeting.start:%Y-%m-%d %H:%M}-{meeting.end:%H:%M}"
    soon = "đang họp / now" if minutes <= 0 else f"còn / in {_span(minutes)}"
    rooms = f"{len(meeting.endpoints)} phòng / rooms"
    return f"{when}  {meeting.title}  [{meeting.level}]  {rooms}  {soon}"


def _span(minutes: float) -> str:
    days, rest = divmod(int(minutes), 24 * 60)
    hours, left = divmod(rest, 60)
    return f"{days}d {hours}h" if days else f"{hours}h {left:02}m"


def _told(finding: Finding) -> str:
    return f"{_WORDS[finding.what]} ({finding.probe}: {finding.detail})"


def _read(file: str) -> str:
    path = Path(file)
    if path.is_file() and path.stat().st_size > LARGEST:
        return " " * (LARGEST + 1)  # told as too large without being read
    return path.read_text(encoding="utf-8")
