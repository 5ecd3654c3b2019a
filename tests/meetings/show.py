"""A province on the morning of a meeting: 248 rooms, and what goes wrong with them by a script."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.harness.demo import Demo, playing
from tests.harness.meetings import make_calendar
from tests.harness.waiting import eventually

SHIPPED = Path(__file__).parents[2] / "config" / "inventory"
PATIENCE = 240.0
"""Seconds in which everything must have happened, on a busy machine."""

DEAF = "nam-sach-an-lam/codec"
"""Answers ping; SIP and H.323 are off."""

SILENT = "tu-ky-dai-son/codec"
SLOW = "kim-thanh"
CUT = "thanh-ha"
LOST = "nam-sach"
TWICE = "gia-loc/codec"
CALLED = "gia-loc"
"""Where rooms are in a call while the meeting lasts; all others stay out of it."""

MEETING_AT = 110
"""Seconds after the lab was started at which the meeting begins,"""

MEETING_LASTS = 75
"""and seconds that it lasts; rooms join a little later, and leave earlier."""

FAULTS = f"""
faults:
  - {{at: 40s, for: 10m, reboot: {SILENT}}}
  - {{at: 56s, for: 30s, cut: {CUT}}}
  - {{at: 66s, for: 10m, delay: {{site: {SLOW}, delay: 400ms}}}}
  - {{at: {MEETING_AT + 4}s, for: {MEETING_LASTS - 15}s, call: {CALLED}}}
  - {{at: {MEETING_AT + 8}s, for: 25s, cut: {LOST}}}
"""

PLAN = """
preflight: {before: [100s, 60s, 24s], within: 12s, every: 5s}
calendars:
  briefing:
    name_vi: Giao ban trực tuyến
    file: CALENDAR
    level: province-district
    participants: {tiers: [district, commune]}
    mcu: data-centre/mcu
"""


@dataclass
class Show:
    """The story, and what was said while it was told.

    Attributes:
        demo: lab and daemon.
        start: unix time at which the meeting begins.
        state: the daemon's state directory.
        first: the meeting after its first preflight.
        other: the meeting at the same time.
        said: unix time, and the rooms that were called not ready from then on.
        poor: unix time, and the room whose line was called poor then, for the first time.
        phases: unix time, and the phase that was reached.
    """

    demo: Demo
    start: float
    state: Path
    first: Any = None
    other: Any = None
    said: list[tuple[float, frozenset[str]]] = field(default_factory=list)
    poor: dict[str, float] = field(default_factory=dict)
    phases: list[tuple[float, str]] = field(default_factory=list)

    def watch(self) -> None:
        """Look until the meeting is over."""
        eventually(self._look, PATIENCE, pause=0.3)

    def _look(self) -> bool:
        meetings = {each["title"]: each for each in self.demo.status()["meetings"]}
        meeting, now = meetings.get("Giao ban toàn tỉnh"), time.time()
        if meeting is None:
            return False
        if not self.phases or self.phases[-1][1] != meeting["phase"]:
            self.phases.append((now, meeting["phase"]))
        if meeting["preflight"] and meeting["rooms"]:
            self.first = self.first or meeting
            self.other = self.other or meetings["Họp chuyên đề"]
            not_ready = rooms(meeting, "not_ready")
            if not self.said or self.said[-1][1] != not_ready:
                self.said.append((now, not_ready))
            for room in meeting["rooms"]:
                if any(finding["what"] == "poor-line" for finding in room["findings"]):
                    self.poor.setdefault(f"{room['site']}/{room['target']}", now)
        return bool(meeting["phase"] == "over")

    def table(self) -> str:
        """What was done, by the lab's log, beside what was said, in seconds to the start."""
        done = [
            (event["time"], f"{event['action']} {event['kind']} {event['subject']}", "")
            for event in self.demo.events("fault")
        ]
        told = [
            (at, "", f"{len(who)} not ready: {', '.join(sorted(who)[:3])}{' …' * (len(who) > 3)}")
            for at, who in self.said
        ]
        passed = [(at, "", f"the meeting is {phase}") for at, phase in self.phases]
        slow = sorted(self.poor.get(room, 0.0) for room in below(self, SLOW))
        passed.append((slow[-1], "", f"{len(slow)} with a poor line: {SLOW}/codec …"))
        lines = [f"{'T':>8}   {'what the lab did':<36} what netwatch said"]
        for at, what, said in sorted(done + told + passed):
            lines.append(f"{at - self.start:>+7.1f}s   {what:<36} {said}".rstrip())
        return "\n".join(lines)


def rooms(meeting: Any, *readiness: str) -> frozenset[str]:
    """Rooms that are as ready as that."""
    return frozenset(
        f"{room['site']}/{room['target']}"
        for room in meeting["rooms"]
        if room["readiness"] in readiness
    )


def below(show: Show, site_id: str) -> set[str]:
    """The rooms of a site and of all below it."""
    sites = show.demo.status()["sites"]
    places = {site_id} | {site["id"] for site in sites if site["parent"] == site_id}
    return {f"{place}/codec" for place in places}


def write_province(directory: Path, start: datetime) -> tuple[Path, Path]:
    """What the lab plays, and what the daemon is told."""
    played, told = directory / "played", directory / "told"
    for inventory in (played, told):
        shutil.copytree(SHIPPED, inventory)
        (inventory / "meetings.yaml").unlink()
    classes = told / "classes.yaml"
    before = "match: {roles: [codec]}\n    checks:\n      - {probe: icmp, interval: 10s,"
    text = classes.read_text(encoding="utf-8")
    assert before in text
    classes.write_text(text.replace(before, before.replace("10s", "2s")), encoding="utf-8")
    calendar = directory / "calendar.ics"
    (told / "plan.yaml").write_text(PLAN.replace("CALENDAR", str(calendar)), encoding="utf-8")
    when = {
        name: f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        for name, moment in (
            ("DTSTART", start),
            ("DTEND", start + timedelta(seconds=MEETING_LASTS)),
        )
    }
    invited = "UBND huyện Gia Lộc; Phòng họp lạ"
    events = (
        {"SUMMARY": "Giao ban toàn tỉnh", **when},
        {"SUMMARY": "Họp chuyên đề", "LOCATION": invited, **when},
    )
    calendar.write_text(make_calendar(*events), encoding="utf-8")
    _edit(
        played / "districts/nam-sach.yaml",
        _target(told, DEAF),
        lambda address: f"codec: {{address: {address}, role: codec, class: deaf}}",
    )
    (played / "deaf.yaml").write_text(
        "classes: {deaf: {match: {roles: [deaf]}, checks: [{probe: icmp, interval: 10s}]}}\n",
        encoding="utf-8",
    )
    return played, told


def _target(inventory: Path, room: str) -> str:
    site = room.partition("/")[0]
    lines = (inventory / "districts/nam-sach.yaml").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"  {site}:"))
    return next(line for line in lines[at:] if "codec:" in line).partition("codec: ")[2].strip("} ")


def _edit(path: Path, address: str, write: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert f"codec: {address}" in text
    path.write_text(text.replace(f"codec: {address}}}", f"{write(address)}}}"), encoding="utf-8")


@contextmanager
def told(directory: Path, faults: str = FAULTS) -> Iterator[Show]:
    """Play it, with the daemon on the collector's side."""
    begun = time.time()
    start = datetime.fromtimestamp(int(begun) + MEETING_AT, UTC)
    played, inventory = write_province(directory, start)
    (directory / "faults.yaml").write_text(faults, encoding="utf-8")
    settings = {
        "NETWATCH_INVENTORY": str(played),
        "NETWATCH_STATE_DIR": str(directory / "state"),
    }
    with playing(directory, inventory, settings) as demo:
        yield Show(demo, start.timestamp(), directory / "state")
