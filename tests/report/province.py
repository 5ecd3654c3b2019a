"""A month of the example province in a journal, of which a log says what really happened."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from netwatch import probes
from netwatch.core.state import State
from netwatch.flows.transition import FlowChange, FlowState
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.journal.coverage import Coverage, ProvinceNamed
from netwatch.journal.file import NAME, open_journal
from netwatch.journal.flows import FlowChanged
from netwatch.journal.records import EvidenceFound, StateChanged
from netwatch.lab.log import Log
from netwatch.meetings.records.journal import SavedRecord
from netwatch.meetings.records.record import MeetingRecord, RoomTally
from netwatch.report.account.period import Period
from netwatch.report.facts import below
from netwatch.state.transition import StateChange

EXAMPLE = Path(__file__).parents[2] / "config" / "inventory"
HOUR = 3600.0


def example() -> Inventory:
    return load_inventory(EXAMPLE, {name: kind.params for name, kind in probes.kinds().items()})


@dataclass
class WrittenMonth:
    """A month in a journal, and the lab's log of it.

    Attributes:
        cuts: what the log says was cut: the site at the end of the line, begin and end in seconds.
    """

    state_dir: Path
    inventory: Inventory
    cuts: list[tuple[str, float, float]]


@contextmanager
def clock() -> Iterator[list[float]]:
    now = [0.0]
    with mock.patch("netwatch.journal.coverage.time.time", side_effect=lambda: now[0]):
        yield now


def write_month(
    state_dir: Path, inventory: Inventory, period: Period, cuts: int = 80
) -> WrittenMonth:
    """The daemon's records of a month in which uplinks were cut, one after the other."""
    state_dir.mkdir(mode=0o700, exist_ok=True)
    begin, end = (each / 1000 for each in period.interval)
    chance = random.Random(7)  # noqa: S311 (the same month again)
    log_file = state_dir.with_name("lab.log")
    with (
        clock() as now,
        closing(open_journal(state_dir / NAME)) as journal,
        Log(log_file) as log,
    ):
        province = inventory.province
        ProvinceNamed(province.name_vi, province.timezone).write(journal)
        now[0] = begin - HOUR
        coverage = Coverage()
        coverage.begin(journal)
        for site in inventory.sites:
            _turn(journal, site, "", State.UP, State.UNKNOWN, begin - HOUR / 2)
        lines = [id_ for id_, site in inventory.sites.items() if site.uplink]
        busy: dict[str, float] = {}
        for number in range(cuts):
            at = begin + (end - begin) * (number + chance.random()) / cuts
            site = chance.choice(lines)
            lasts = min(chance.choice([40.5, 300.25, 3000.0, 4.5 * HOUR]), end - at - 1)
            behind = below(inventory, site)
            if any(busy.get(each, 0.0) >= at for each in behind):
                continue
            busy |= dict.fromkeys(behind, at + lasts)
            for action, moment in (("begin", at), ("end", at + lasts)):
                log.write("fault", action=action, kind="cut", subject=site, time=moment)
            _cut(journal, inventory, site, at, lasts)
        _flows_and_meetings(journal, inventory, begin)
        now[0] = end + HOUR
        coverage.tell(journal, without_break=True)
        journal.execute("UPDATE alive SET at = ?", (now[0],))
        journal.commit()
    return WrittenMonth(state_dir, inventory, read_cuts(log_file))


def _cut(
    journal: sqlite3.Connection, inventory: Inventory, site: str, at: float, lasts: float
) -> None:
    root = f"link:{site}-uplink"
    target = "router-1" if "router-1" in inventory.sites[site].targets else "router"
    _turn(journal, site, target, State.DOWN, State.UP, at, root)
    near = {"target": "x/router", "interface": "Gi0/1", "oper_status": "down"}
    found: dict[str, object] = {"near_end": near}
    EvidenceFound(site, target, found).write(journal)
    for place in below(inventory, site):
        state = State.DOWN if place == site else State.UNREACHABLE
        _turn(journal, place, "", state, State.UP, at, root, "icmp timeout")
    _turn(journal, site, target, State.UP, State.DOWN, at + lasts)
    for place in below(inventory, site):
        before = State.DOWN if place == site else State.UNREACHABLE
        _turn(journal, place, "", State.UP, before, at + lasts)


def _turn(  # noqa: PLR0913, PLR0917 (what a change is)
    journal: sqlite3.Connection,
    site: str,
    target: str,
    state: State,
    before: State,
    at: float,
    root: str = "",
    cause: str = "",
) -> None:
    StateChanged(StateChange(site, target, before, state, at, at, root, cause)).write(journal)


def _flows_and_meetings(journal: sqlite3.Connection, inventory: Inventory, begin: float) -> None:
    blocked = next(id_ for id_, flow in inventory.flows.items() if flow.expect != "pass")
    for state, at in (
        (FlowState.VIOLATED, begin + HOUR),
        (FlowState.AS_EXPECTED, begin + HOUR + 167),
    ):
        before = FlowState.AS_EXPECTED if state is FlowState.VIOLATED else FlowState.VIOLATED
        FlowChanged(FlowChange(blocked, before, state, at, at, {})).write(journal)
    rooms = {"nam-sach/codec": RoomTally(ready=0, measured=9, reached=9, asked=9, calls=8)}
    for number, together in enumerate((3, 3, 0)):
        start = begin + (24 * number + 8) * HOUR
        record = MeetingRecord(
            f"giao-ban@{number}",
            "giao-ban",
            f"Giao ban =cmd|' /C calc'!A0 #{number}",
            "province-district",
            start,
            start + HOUR,
            rooms,
            together,
            is_over=True,
        )
        SavedRecord(record, {name: tally.as_json() for name, tally in rooms.items()}).write(journal)


def read_cuts(log_file: Path) -> list[tuple[str, float, float]]:
    """What the lab's log says was cut, from when to when."""
    cuts = []
    begun: dict[str, float] = {}
    for line in log_file.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        if told["action"] == "begin":
            begun[told["subject"]] = told["time"]
        else:
            cuts.append((told["subject"], begun.pop(told["subject"]), told["time"]))
    return cuts
