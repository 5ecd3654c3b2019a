"""Records of meetings on disk."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from netwatch.journal.file import NAME, open_journal
from netwatch.meetings.records.journal import DeletedRecord, SavedRecord, declare, read_records
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict, RoomTally
from tests import journal
from tests.harness.meetings import make_meeting


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def keep(path: Path, record: MeetingRecord) -> None:
    connection = open_journal(path)
    with connection:
        SavedRecord.of(record).write(connection)
    connection.close()


def seen() -> MeetingRecord:
    record = MeetingRecord.of(make_meeting())
    record.rooms["nam-sach/codec"] = RoomTally(ready=0, measured=4, reached=3, interruptions=1)
    record.together = 3
    return record


def test_a_record_comes_back_as_it_was_kept(path: Path) -> None:
    keep(path, seen())
    assert read_records(path, 0.0) == [seen()]
    assert read_records(path, seen().end + 1) == []


def test_keeping_it_again_brings_it_up_to_date(path: Path) -> None:
    keep(path, MeetingRecord.of(make_meeting()))
    keep(path, seen())
    assert read_records(path, 0.0) == [seen()]


def test_what_is_declared_stays_when_the_daemon_writes_again(path: Path) -> None:
    keep(path, seen())
    declare(path, MeetingRecord.of(make_meeting()), MeetingVerdict.NOT_HELD)
    (record,) = read_records(path, 0.0)
    assert (record.declared, record.rooms) == (MeetingVerdict.NOT_HELD, seen().rooms)
    keep(path, seen())
    assert read_records(path, 0.0)[0].declared is MeetingVerdict.NOT_HELD


def test_a_meeting_that_nobody_saw_can_be_declared(path: Path) -> None:
    declare(path, MeetingRecord.of(make_meeting()), MeetingVerdict.HELD)
    (record,) = read_records(path, 0.0)
    assert (record.verdict, record.rooms) == (MeetingVerdict.HELD, {})


def test_a_meeting_that_was_called_off_is_forgotten(path: Path) -> None:
    keep(path, seen())
    connection = open_journal(path)
    with connection:
        DeletedRecord(seen().key).write(connection)
    connection.close()
    assert read_records(path, 0.0) == []


def test_a_journal_of_an_older_version_has_no_meetings_and_takes_them(path: Path) -> None:
    shutil.copy(Path(journal.__file__).parent / "kept" / "layout-2.sqlite", path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE meeting")
    connection.close()
    assert read_records(path, 0.0) == []
    keep(path, seen())
    assert len(read_records(path, 0.0)) == 1


@pytest.mark.parametrize("rooms", ["", "[]", '{"a": {"ready": "x"}}', '{"a": 1}'])
def test_a_damaged_record_is_told(path: Path, rooms: str) -> None:
    keep(path, seen())
    connection = open_journal(path)
    with connection:
        connection.execute("UPDATE meeting SET rooms = ?", (rooms,))
    connection.close()
    with pytest.raises(sqlite3.DatabaseError, match="giao-ban@2026-11-23T08:00 is not readable"):
        read_records(path, 0.0)
