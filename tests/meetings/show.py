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

from tests.end_to_end.demo import Demo, playing
from tests.meetings.made import make_calendar
from tests.tools import eventually

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

MEETING_AT = 110
"""Seconds after the lab was started at which the meeting begins,"""

MEETING_LASTS = 55
"""and seconds that it lasts."""

FAULTS = f"""
faults:
  - {{at: 40s, for: 10m, reboot: {SILENT}}}
  - {{at: 56s, for: 30s, cut: {CUT}}}
  - {{at: 66s, for: 10m, delay: {{site: {SLOW}, delay: 400ms}}}}
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
    """The story while it is told.

    Attributes:
        demo: lab and daemon.
        start: unix time at which the meeting begins.
        said: unix time, and the rooms that were called not ready from then on.
    """

    demo: Demo
    start: float
    state: Path
    said: list[tuple[float, frozenset[str]]] = field(default_factory=list)
    phases: list[tuple[float, str]] = field(default_factory=list)
    notes: list[tuple[float, str]] = field(default_factory=list)

    def meeting(self, title: str = "Giao ban toàn tỉnh") -> Any:
        found = [each for each in self.demo.status()["meetings"] if each["title"] == title]
        return found[0] if found else None

    def look(self) -> Any:
        """The meeting now; what is said of it is noted."""
        meeting = self.meeting()
        if meeting is None:
            return None
        not_ready = rooms(meeting, "not_ready")
        if (
            meeting["rooms"]
            and meeting["preflight"]
            and (not self.said or self.said[-1][1] != not_ready)
        ):
            self.said.append((time.time(), not_ready))
        if not self.phases or self.phases[-1][1] != meeting["phase"]:
            self.phases.append((time.time(), meeting["phase"]))
        return meeting

    def until_said(self, expected: set[str]) -> Any:
        """Wait until exactly these rooms are called not ready, after a preflight."""

        def right() -> Any:
            meeting = self.look()
            good = meeting and meeting["preflight"] and rooms(meeting, "not_ready") == expected
            return meeting if good else None

        try:
            return eventually(right, PATIENCE, pause=0.3)
        except AssertionError:
            meeting = self.look()
            last = rooms(meeting, "not_ready") if meeting else None
            raise AssertionError(f"said {last}, expected {expected}") from None

    def until(self, phase: str) -> Any:
        def reached() -> Any:
            meeting = self.look()
            return meeting if meeting and meeting["phase"] == phase else None

        return eventually(reached, PATIENCE, pause=0.3)

    def until_poor(self, expected: set[str]) -> None:
        """Wait until the lines of all these rooms are called poor.

        Others may be: a busy machine holds packets too.
        """

        def all_are() -> bool:
            return expected <= {
                f"{each['site']}/{each['target']}"
                for each in self.look()["rooms"]
                if any(finding["what"] == "poor-line" for finding in each["findings"])
            }

        eventually(all_are, PATIENCE, pause=0.3)
        self.notes.append((time.time(), f"{len(expected)} with a poor line: {min(expected)} …"))

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
        passed += [(at, "", note) for at, note in self.notes]
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
