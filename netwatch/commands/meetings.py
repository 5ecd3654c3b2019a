"""``netwatch meetings``: the next meetings, and whether the rooms of the first one are ready."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from netwatch.commands.meeting_records import declare_held, print_records, print_rooms
from netwatch.commands.meeting_words import FINDINGS, READINESS, level_words
from netwatch.commands.probe import measure_once
from netwatch.commands.running import meetings_of_daemon
from netwatch.configuration import Configuration, read_configuration
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.result import Result
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.monitor.checks import checks_for
from netwatch.meetings.occurrences import find_meetings
from netwatch.meetings.plan import days_of
from netwatch.meetings.readiness import Finding, Readiness, RoomState, room_state
from netwatch.settings import Settings

CHECK_INTERVAL = 0.02
"""Seconds between two checks of a preflight: 300 rooms take less than 20 s, and no line a burst."""

_MAX_DAYS = 366
"""Days that can be looked ahead, or back."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How far ahead, and whether to measure."""
    parser.add_argument("--days", default="7", help="how many days ahead (default: %(default)s)")
    parser.add_argument(
        "--check",
        action="store_true",
        help="đo các phòng của cuộc họp gần nhất / measure the rooms of the next meeting now",
    )
    parser.add_argument(
        "--past", action="store_true", help="các cuộc họp đã qua / what became of past meetings"
    )
    parser.add_argument(
        "action",
        nargs="?",
        choices=("record", "held", "not-held"),
        help="biên bản từng phòng; ghi nhận đã họp trực tuyến hay không"
        " / what became of each room of KEY; declare that KEY was held online, or not",
    )
    parser.add_argument("key", nargs="?", metavar="KEY", help="of the meeting, as --past shows it")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print meetings, or what became of them; with ``--check`` 1 unless every room is ready.

    Raises:
        ConfigError: the configuration is wrong, or an option.
        StartError: this machine doesn't allow a probe.
    """
    days = _days(options.days)
    configuration = read_configuration(settings)
    now = datetime.now(ZoneInfo(configuration.inventory.province.timezone))
    if options.action == "record":
        return print_rooms(settings, options.key)
    if options.action:
        return declare_held(settings, configuration, options.key, options.action, now)
    if options.past:
        return print_records(settings, now - days)
    meetings = _print_plan(settings, configuration, now, days)
    return _preflight(configuration, meetings[0]) if options.check and meetings else 0


def _days(text: str) -> timedelta:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MAX_DAYS:
        return timedelta(days=int(text[:9]))
    raise ConfigError([Problem("--days", f"must be a whole number from 1 to {_MAX_DAYS}")])


def _print_plan(
    settings: Settings, configuration: Configuration, now: datetime, days: timedelta
) -> list[Meeting]:
    """Print the meetings of the next days and what is wrong with them; the earliest comes first."""
    calendars = configuration.calendars
    asyncio.run(calendars.refresh(*days_of(now, days), now))
    found = find_meetings(configuration.inventory, now, now + days, calendars.known)
    followed = meetings_of_daemon(settings)
    for meeting in found.meetings:
        print(_line(meeting, now) + _readiness(followed.get(meeting.key)))
    for warning in found.warnings:
        print(f"! {warning}")
    if not found.meetings:
        print("không có cuộc họp nào / no meetings")
    return found.meetings


def _preflight(configuration: Configuration, meeting: Meeting) -> int:
    """Measure the rooms of a meeting once and print those that are not ready; the exit status."""
    checks = checks_for({*meeting.rooms}, configuration.checks)
    results = asyncio.run(measure_once(checks, CHECK_INTERVAL)) if checks else []
    states = room_states(meeting, results)
    print(f"\n{meeting.title}:")
    for endpoint, state in sorted(states.items(), key=lambda item: -item[1].readiness):
        if state.readiness is not Readiness.READY:
            found = "; ".join(map(_told, state.findings))
            print(f"  {endpoint}: {READINESS[state.readiness]}{' - ' if found else ''}{found}")
    ready = sum(state.readiness is Readiness.READY for state in states.values())
    print(f"  {ready}/{len(states)} {READINESS[Readiness.READY]}")
    return 0 if ready == len(states) and not meeting.unknown else 1


def room_states(meeting: Meeting, results: Sequence[Result]) -> dict[str, RoomState]:
    """How ready each endpoint, and the MCU, is by these results."""
    own: dict[str, list[Result]] = {}
    lines: dict[str, list[Result]] = {}
    for result in results:
        own.setdefault(f"{result.check.site}/{result.check.target}", []).append(result)
        lines.setdefault(result.check.site, []).append(result)
    return {
        endpoint: room_state(own.get(endpoint, []), lines.get(endpoint.partition("/")[0], []))
        for endpoint in meeting.rooms
    }


def _line(meeting: Meeting, now: datetime) -> str:
    minutes = (meeting.start - now).total_seconds() / 60
    when = f"{meeting.start:%d/%m/%Y %H:%M}-{meeting.end:%H:%M}"
    soon = "đang họp / now" if minutes <= 0 else f"còn / in {_span(minutes)}"
    rooms = f"{len(meeting.rooms)} phòng / rooms"
    if meeting.mcu:
        rooms += ", tính cả MCU / the MCU among them"
    unsure = "  chưa chắc / unsure" if meeting.unsure else ""
    return f"{when}  {meeting.title}  [{level_words(meeting.level)}]  {rooms}  {soon}{unsure}"


def _span(minutes: float) -> str:
    days, rest = divmod(int(minutes), 24 * 60)
    hours, left = divmod(rest, 60)
    return f"{days}d {hours}h" if days else f"{hours}h {left:02}m"


def _told(finding: Finding) -> str:
    return f"{FINDINGS[finding.kind]} ({finding.probe}: {finding.detail})"


def _readiness(followed: Mapping[str, int] | None) -> str:
    """What the running daemon says of a meeting; nothing before its first preflight."""
    if not followed or not sum(followed.values()):
        return ""
    counts = (
        f"{count} {words}"
        for readiness, words in READINESS.items()
        if (count := followed.get(readiness.label, 0))
    )
    return f"  ({', '.join(counts)})"
