"""Ten faults of the lab beside the incidents that they became (docs/incidents.md has the table)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.reader import Wanted, read_ended, read_open, read_story
from netwatch.journal.file import NAME
from tests.harness.lab_province import SECRETS, write_province
from tests.harness.waiting import eventually
from tests.paging.daemon import running

pytestmark = pytest.mark.slow

FAULTS = (
    "{at: 45s, for: 40s, cut: north}",
    "{at: 45s, for: 90s, open: no-rdp}",
    "{at: 45s, for: 6s, cut: east}",
    "{at: 65s, for: 6s, cut: east}",
    "{at: 85s, for: 6s, cut: east}",
    "{at: 45s, for: 60s, cut: west}",
    "{at: 45s, for: 60s, reboot: mid/switch-1}",
    "{at: 45s, for: 60s, cut: south-second}",
    "{at: 60s, for: 1s, cut: short}",
    "{at: 110s, for: 30s, cut: mid-one}",
    "{at: 165s, for: 30s, blind: state-dc}",
)

MORE = """
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
    sites: [west]
sites:
  east:
    tier: commune
    parent: centre
    name_vi: Xã Đông
    targets: {router: {address: 10.30.5.1, class: quick}}
    uplink: {carrier: FPT, contract: HD-5, capacity: 20M}
  west:
    tier: district
    parent: centre
    name_vi: Huyện Tây
    targets: {router: 10.30.6.1}
    uplink: {carrier: VNPT, capacity: 20M}
  mid:
    tier: district
    parent: centre
    name_vi: Huyện Giữa
    targets: {router: 10.30.7.1, switch-1: 10.30.7.2}
    uplink: {carrier: VNPT, capacity: 20M}
  mid-one:
    tier: commune
    parent: mid
    name_vi: Xã Giữa
    targets: {router: 10.30.8.1}
    uplink: {carrier: Viettel, contract: HD-8, capacity: 20M}
  short:
    tier: district
    parent: centre
    name_vi: Huyện Ngắn
    targets: {router: 10.30.9.1}
    uplink: {carrier: VNPT, capacity: 20M}
"""
"""A commune that is judged by each echo, a district that is worked on, and others."""


@dataclass(frozen=True)
class Expected:
    """What a fault becomes. ``sites``: cut off at most."""

    kind: Kind
    severity: Severity
    sites: int
    flaps: int = 0


INCIDENTS = {
    "link:north-uplink": Expected(Kind.LINE, Severity.CRITICAL, 3),
    "flow:no-rdp": Expected(Kind.VIOLATED, Severity.CRITICAL, 0),
    "link:east-uplink": Expected(Kind.LINE, Severity.WARNING, 1, flaps=2),
    "target:mid/switch-1": Expected(Kind.DEVICE, Severity.WARNING, 0),
    "link:south-second": Expected(Kind.LINE, Severity.WARNING, 0),
    "link:mid-one-uplink": Expected(Kind.LINE, Severity.WARNING, 1),
    "collector:state-dc": Expected(Kind.COLLECTOR, Severity.CRITICAL, 0),
}
"""By cause. The line of the district in the west is worked on, and that of the short one was away
for a second: neither is among them."""


@dataclass
class Played:
    """The lab after its script."""

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

    def causes(self) -> dict[str, tuple[Kind, bool]]:
        """Kind, and whether it has ended."""
        return {each.cause: (each.kind, each.ended is not None) for each in self.incidents()}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    home = tmp_path_factory.mktemp("show")
    province = write_province(home / "inventory") / "province.yaml"
    text = province.read_text(encoding="utf-8")
    assert text.count("interval: 60s") == 1
    province.write_text(text.replace("interval: 60s", "interval: 15s"), encoding="utf-8")
    (home / "inventory" / "more.yaml").write_text(MORE, encoding="utf-8")
    began = time.time()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in SECRETS.items():
            environment.setenv(name, value)
        with running(home, ", ".join(FAULTS), seed=61) as daemon:
            ends = len(FAULTS)
            eventually(lambda: len(daemon.events("fault", action="end")) >= ends, 600, 1)
            yield Played(home / "state" / NAME, began)


def test_each_fault_is_one_incident_and_nothing_else_is(played: Played) -> None:
    wanted = {cause: (each.kind, True) for cause, each in INCIDENTS.items()}
    with suppress(AssertionError):  # what is there instead says more
        eventually(lambda: played.causes() == wanted, 90, 1)
    assert played.causes() == wanted
    assert len(played.incidents()) == len(INCIDENTS)


@pytest.mark.parametrize("cause", INCIDENTS)
def test_it_is_told_how_bad_it_was_and_for_whom(played: Played, cause: str) -> None:
    expected, incident = INCIDENTS[cause], played.of(cause)
    assert incident.severity is expected.severity
    assert incident.flaps == expected.flaps
    assert incident.most == expected.sites


def test_whose_line_it_was_is_told(played: Played) -> None:
    incident = played.of("link:mid-one-uplink")
    assert (incident.carrier, incident.contract) == ("Viettel", "HD-8")
    assert set(incident.behind) == {"mid-one"}
    assert set(played.of("link:north-uplink").behind) == {"north", "north-one", "north-two"}
