"""The journal under other ids: every table is read so, history stays, what goes on is one."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from netwatch.core.state import State
from netwatch.flows.transition import FlowChange, FlowState
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import NAME, open_for_reading, open_journal
from netwatch.journal.flows import FlowChanged
from netwatch.journal.present_ids import VIEWS, IdsChanged, stored_ids
from netwatch.journal.reader import read_events, read_flow_events, read_previous_run
from netwatch.journal.records import StateChanged
from netwatch.meetings.records.journal import SavedRecord, read_records
from netwatch.meetings.records.record import MeetingRecord, RoomTally
from netwatch.state.transition import StateChange

FORMER = FormerIds(
    sites={"old": "new"},
    targets={"new/router": "new/gateway"},
    links={"old-uplink": "new-uplink"},
    flows={"axis": "trunk"},
)
NO_IDS = {"alive", "run", "province", "summed", "violations", "retention", "incident_entry"}
"""Tables without an id of the inventory that is read."""

AUDIT = {"audit", "audit_chain"}
"""What people did stands as it was: the lines are chained by hashes."""


def change(site: str, target: str, state: State, since: float) -> StateChanged:
    root = f"link:{site}-uplink" if state is State.DOWN else ""
    return StateChanged(StateChange(site, target, State.UP, state, since, since, root))


def written(path: Path) -> sqlite3.Connection:
    """A journal in which one outage is over and another one goes on, all under the former ids."""
    db = open_journal(path)
    with db:
        db.execute("INSERT INTO run (began, until) VALUES (1, 500)")
        for target in ("", "router"):
            change("old", target, State.DOWN, 100.0).write(db)
            change("old", target, State.UP, 200.0).write(db)
            change("old", target, State.DOWN, 300.0).write(db)
        broken = FlowChange("axis", FlowState.AS_EXPECTED, FlowState.BROKEN, 300.0, 300.0, {})
        FlowChanged(broken).write(db)
        record = MeetingRecord("m@1", "m", "Họp", "province", 1.0, 2.0)
        record.rooms["old/router"] = RoomTally(measured=3)
        SavedRecord.of(record).write(db)
    return db


def test_every_table_with_ids_has_a_view(tmp_path: Path) -> None:
    with closing(open_journal(tmp_path / NAME)) as db:
        tables = {
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'"
            )
        }
        for name in VIEWS:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
            with closing(open_for_reading(tmp_path / NAME, FORMER)) as reading:
                query = f"SELECT * FROM {name}"  # noqa: S608 (names of ours)
                shown = [each[0] for each in reading.execute(query).description]
            assert shown == columns
    assert tables == {*VIEWS, *NO_IDS, *AUDIT, "renamed"}


def test_it_is_read_by_the_ids_of_an_inventory_and_nothing_is_rewritten(tmp_path: Path) -> None:
    path = tmp_path / NAME
    written(path).close()
    before = path.read_bytes()
    past = read_previous_run(path, FORMER)
    assert set(past.states.places) == {("new", ""), ("new", "gateway")}
    assert past.states.places["new", ""].root == "link:new-uplink"
    assert set(past.flows.flows) == {"trunk"}
    assert list(read_records(path, 0.0, FORMER)[0].rooms) == ["new/gateway"]
    assert path.read_bytes() == before
    assert {event.site for event in read_events(path, None, 0.0, 9)} == {"old"}, "not by itself"


def test_what_the_daemon_says_of_ids_holds_for_all_who_read_later(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(written(path)) as db:
        with db:
            IdsChanged(FORMER).write(db)
            change("new", "", State.UP, 400.0).write(db)
        assert stored_ids(db) == FORMER
        kept = db.execute("SELECT site, ended FROM main.event WHERE target = '' ORDER BY id")
        assert kept.fetchall() == [("old", 200.0), ("new", 400.0)], "what is over stays as it was"
    events = read_events(path, "new", 0.0, 9)
    assert [(each.target, each.began, each.ended) for each in events] == [
        ("", 100.0, 200.0),
        ("gateway", 100.0, 200.0),
        ("", 300.0, 400.0),
        ("gateway", 300.0, None),
    ]
    assert {each.root for each in events} == {"link:new-uplink"}
    assert [each.flow for each in read_flow_events(path, "trunk", 0.0, 9)] == ["trunk"]


def test_an_id_that_is_taken_back_splits_history_again(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(written(path)) as db, db:
        IdsChanged(FORMER).write(db)
        IdsChanged(FormerIds()).write(db)
    assert [each.site for each in read_events(path, None, 0.0, 9) if not each.target] == [
        "old",
        "new",
    ]


def test_the_day_of_a_change_has_one_row_that_is_a_day(tmp_path: Path) -> None:
    path, day = tmp_path / NAME, 86_400_000
    with closing(open_journal(path)) as db, db:
        row = "INSERT INTO day VALUES (739000, ?, ?, ?, 0, 0, ?, 0, 1)"
        db.execute(row, ("old", day // 2, day // 4, day // 4))
        db.execute(row, ("new", day // 2, day // 2, 0))
        IdsChanged(FORMER).write(db)
    with closing(open_for_reading(path)) as db:
        assert db.execute("SELECT * FROM day").fetchall() == [
            (739000, "new", 0, 3 * day // 4, 0, 0, day // 4, 0, 2)
        ]


def test_a_damaged_record_is_left_for_its_reader_to_tell(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(written(path)) as db, db:
        db.execute("UPDATE meeting SET rooms = ?", ("[" * 100_000,))
        IdsChanged(FORMER).write(db)
    with closing(open_for_reading(path)) as db:
        (rooms,) = db.execute("SELECT rooms FROM meeting").fetchone()
    assert re.fullmatch(r"\[+", rooms)
    assert json.dumps(rooms)
