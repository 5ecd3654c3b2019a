"""Ten faults of the lab beside the incidents that they became (docs/incidents.md has the table)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.reader import Wanted, read_ended, read_open, read_story
from netwatch.journal.file import NAME
from tests.end_to_end.province import EDITS, FLAPS, SHIPPED
from tests.harness.demo import Demo, playing
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

SCRIPT = f"""
faults:
  - {{at: 25s, for: 45s, cut: nam-sach}}
  - {{at: 25s, for: 90s, open: no-rdp-database-tinh-uy}}
  - {{at: 27s, for: 6s, cut: {FLAPS}}}
  - {{at: 42s, for: 6s, cut: {FLAPS}}}
  - {{at: 57s, for: 6s, cut: {FLAPS}}}
  - {{at: 25s, for: 60s, cut: so-y-te}}
  - {{at: 25s, for: 60s, reboot: so-noi-vu/switch-1}}
  - {{at: 25s, for: 60s, cut: chi-linh-second}}
  - {{at: 25s, for: 60s, cut: thanh-uy-chi-linh}}
  - {{at: 75s, for: 40s, cut: tu-ky-dai-son}}
  - {{at: 75s, for: 2s, cut: gia-loc}}
  - {{at: 150s, for: 40s, cut: data-centre}}
"""

EXTRA = """
classes:
  quick:
    match: {roles: [nothing]}
    checks: [{probe: icmp, interval: 500ms, timeout: 400ms}]
    down_after: 1
    up_after: 1
maintenance:
  always:
    starts: 2026-01-01 00:00
    for: 1d
    repeat: FREQ=DAILY
    reason: Chưa bàn giao
    sites: [so-y-te]
"""
"""A commune that is judged by each echo, and a department that is worked on."""

LASTS = 230
"""Seconds until all of it is over and judged."""


@dataclass(frozen=True)
class Expected:
    """What a fault becomes. ``sites``: cut off at most; None: however many."""

    kind: Kind
    severity: Severity
    sites: int | None = None
    flaps: int = 0


INCIDENTS = {
    "link:nam-sach-uplink": Expected(Kind.LINE, Severity.CRITICAL),
    "flow:no-rdp-database-tinh-uy": Expected(Kind.VIOLATED, Severity.CRITICAL, 0),
    f"link:{FLAPS}-uplink": Expected(Kind.LINE, Severity.WARNING, 1, flaps=2),
    "target:so-noi-vu/switch-1": Expected(Kind.DEVICE, Severity.WARNING, 0),
    "link:chi-linh-second": Expected(Kind.LINE, Severity.WARNING, 0),
    "link:thanh-uy-chi-linh-uplink": Expected(Kind.LINE, Severity.CRITICAL, 1),
    "link:tu-ky-dai-son-uplink": Expected(Kind.LINE, Severity.WARNING, 1),
    "collector:state-dc": Expected(Kind.COLLECTOR, Severity.CRITICAL, 0),
}
"""By cause. The line of so-y-te is worked on, and that of gia-loc was away for two seconds: neither
is among them."""


@dataclass
class Played:
    """The lab after its script."""

    demo: Demo
    journal: Path
    began: float

    def incidents(self) -> list[Incident]:
        ended, _ = read_ended(self.journal, Wanted(self.began))
        return [*read_open(self.journal), *ended]

    def of(self, cause: str) -> Incident:
        (found,) = [each for each in self.incidents() if each.cause == cause]
        story = read_story(self.journal, found.id)
        assert story is not None
        return story


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    home = tmp_path_factory.mktemp("show")
    (home / "faults.yaml").write_text(SCRIPT, encoding="utf-8")
    settings = {"NETWATCH_STATE_DIR": str(home / "state")}
    with playing(home, _inventory(home / "inventory"), settings) as demo:
        began = time.time()
        eventually(
            lambda: len(demo.events("fault", action="end")) >= SCRIPT.count("at:"), LASTS * 2, 1
        )
        yield Played(demo, home / "state" / NAME, began)


def _inventory(directory: Path) -> Path:
    """The shipped one, measured often enough for the script."""
    shutil.copytree(SHIPPED, directory)
    for name in ("classes.yaml", "flows.yaml", "districts/thanh-ha.yaml"):
        text = (directory / name).read_text(encoding="utf-8")
        for before, after in EDITS[name]:
            text = text.replace(before, after)
        (directory / name).write_text(text, encoding="utf-8")
    (directory / "meetings.yaml").unlink()
    (directory / "extra.yaml").write_text(EXTRA, encoding="utf-8")
    return directory


def causes(played: Played) -> dict[str, tuple[Kind, bool]]:
    return {each.cause: (each.kind, each.ended is not None) for each in played.incidents()}


def test_each_fault_is_one_incident_and_nothing_else_is(played: Played) -> None:
    wanted = {cause: (each.kind, True) for cause, each in INCIDENTS.items()}
    with suppress(AssertionError):  # what is there instead says more
        eventually(lambda: causes(played) == wanted, 60, 1)
    assert causes(played) == wanted
    assert len(played.incidents()) == len(INCIDENTS)


@pytest.mark.parametrize("cause", INCIDENTS)
def test_it_is_told_how_bad_it_was_and_for_whom(played: Played, cause: str) -> None:
    expected, incident = INCIDENTS[cause], played.of(cause)
    assert incident.severity is expected.severity
    assert incident.flaps == expected.flaps
    if expected.sites is not None:
        assert incident.most == expected.sites
