"""What the daemon's page shows of meetings: one that is near and then held, another is planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.dashboards.history.page import unit
from tests.dashboards.history.story import Span, Story
from tests.dashboards.history.tape import Tape, Values

READY, UNKNOWN, AT_RISK, NOT_READY = range(4)
_READINESS = {READY: "ready", UNKNOWN: "unknown", AT_RISK: "at_risk", NOT_READY: "not_ready"}
_REASONS = {UNKNOWN: "unmeasured", AT_RISK: "poor-line", NOT_READY: "not-registered"}
_MONTH = {"held": 7.0, "not-held": 1.0, "unknown": 2.0}


@dataclass(frozen=True)
class Meeting:
    """One meeting of the story.

    Attributes:
        near: minute from which its rooms are measured.
        held: from begin to end.
        rooms: how many, each at a site of its own.
        unready: how ready the first rooms are; the others are ready.
    """

    id: str
    title: str
    level: str
    near: float
    held: Span
    rooms: int
    unready: tuple[int, ...] = ()


def write_meetings(tape: Tape, story: Story, meetings: tuple[Meeting, ...]) -> None:
    """Every meeting, its rooms while it is followed, and what the month came to."""
    for meeting in meetings:
        _write(tape, story, meeting)
    for level in {meeting.level for meeting in meetings}:
        for verdict, count in _MONTH.items():
            labels = {"level": level, "verdict": verdict}
            tape.add("netwatch_meeting_month_meetings", labels, count)
    for objective_id, objective in story.inventory.objectives.items():
        if objective.kind in {"meetings", "rooms"} and meetings:
            tape.add("netwatch_objective_ratio", {"objective": objective_id}, 0.875)
    for site_id, target_id in story.targets if meetings else ():
        if target_id == "codec":
            _write_media(tape, site_id, target_id, story.sites[site_id])


def _write(tape: Tape, story: Story, meeting: Meeting) -> None:
    name = {"meeting": meeting.id}
    minutes = (tape.times - tape.start) / 60
    phase = np.zeros(story.length)
    for value, begin in enumerate((meeting.near, meeting.held.begin, meeting.held.end), start=1):
        phase[minutes >= begin] = value
    info = name | {"title": meeting.title, "level": meeting.level}
    tape.add("netwatch_meeting_info", info, 1.0)
    for which, minute in (("start", meeting.held.begin), ("end", meeting.held.end)):
        at = tape.start + 60 * minute
        tape.add(f"netwatch_meeting_{which}_timestamp_seconds", name, at)
    tape.add("netwatch_meeting_phase", name, phase)
    tape.add("netwatch_meeting_unknown_rooms", name, 0.0)
    followed = np.where((phase == 1) | (phase == 2), 1.0, np.nan)
    _write_rooms(tape, story, meeting, followed)


def _write_rooms(tape: Tape, story: Story, meeting: Meeting, followed: Values) -> None:
    rooms = list(_rooms(story, meeting))
    for (site_id, target_id), readiness in rooms:
        place = {"meeting": meeting.id, "site": site_id, "target": target_id}
        tape.add("netwatch_meeting_room_readiness", place, followed * readiness)
        if reason := _REASONS.get(readiness):
            tape.add("netwatch_meeting_room_reason", place | {"reason": reason}, followed)
    counts = [readiness for _, readiness in rooms]
    for readiness, label in _READINESS.items():
        labels = {"meeting": meeting.id, "readiness": label}
        tape.add("netwatch_meeting_participants", labels, followed * counts.count(readiness))
    share = counts.count(READY) / max(len(counts), 1)
    tape.add("netwatch_meeting_ready_ratio", {"meeting": meeting.id}, followed * share)


def _rooms(story: Story, meeting: Meeting) -> Iterator[tuple[tuple[str, str], int]]:
    codecs = [place for place in story.targets if place[1] == "codec"]
    offset = int(unit(meeting.id) * 3)
    for number, place in enumerate(codecs[offset : offset + meeting.rooms]):
        unready = meeting.unready
        yield place, unready[number] if number < len(unready) else READY


def _write_media(tape: Tape, site_id: str, target_id: str, states: Values) -> None:
    measured = np.where((states == 1) | (states == 2), 1.0, np.nan)
    labels = {"site": site_id, "target": target_id, "probe": "stamp"}
    bad = unit(site_id) ** 8
    wave = 1 + 0.2 * np.sin(np.arange(len(states)) / 11)
    loss = measured * 0.03 * bad * wave
    tape.add("netwatch_media_loss_ratio", labels | {"direction": "round-trip"}, loss)
    tape.add("netwatch_media_mos", labels | {"codec": "g711"}, measured * (4.4 - 1.6 * bad * wave))
