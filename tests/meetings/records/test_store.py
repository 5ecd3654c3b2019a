"""Records of this month, with and without a journal."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from netwatch.journal.file import NAME
from netwatch.journal.writer import JournalWriter
from netwatch.meetings.records.journal import declare
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict
from netwatch.meetings.records.store import MeetingRecords
from tests.harness.meetings import START, make_meeting, make_room
from tests.harness.waiting import eventually

AFTER = START + timedelta(hours=3)
MEETING = make_meeting()
READY = make_room()


def watched(records: MeetingRecords) -> MeetingRecord:
    records.begin(MEETING, {"nam-sach/codec": READY})
    return records.add_round(MEETING, {"nam-sach/codec": READY})


def test_without_a_journal_the_records_are_in_memory() -> None:
    records = MeetingRecords()
    watched(records)
    assert records.read(AFTER) == []
    assert [record.key for record in records.month(AFTER, [MEETING]).records] == [MEETING.key]


def test_a_meeting_that_nobody_saw_is_missed_and_not_held() -> None:
    month = MeetingRecords().month(AFTER, [MEETING])
    assert (month.records, month.missed) == ((), ("province-district",))
    assert month.held("province-district") is None


def test_a_meeting_that_is_not_planned_online_counts_as_such() -> None:
    month = MeetingRecords().month(AFTER, [make_meeting(online=False)])
    assert month.held("province-district") == 0
    assert month.missed == ()


def test_a_meeting_that_goes_on_does_not_count_yet() -> None:
    records = MeetingRecords()
    watched(records)
    assert records.month(START + timedelta(hours=1), []).records == ()


def test_last_month_does_not_count() -> None:
    records = MeetingRecords()
    watched(records)
    later = START + timedelta(days=20)
    assert records.month(later, [MEETING]).records == ()
    assert records.month(later, [MEETING]).missed == ()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def test_another_run_goes_on_with_the_record_and_learns_what_was_declared(path: Path) -> None:
    writer = JournalWriter(path, keep=1e9)
    writer.start()
    watched(MeetingRecords(writer, path))
    eventually(lambda: writer.written == 1)
    next_run = MeetingRecords(writer, path)
    next_run.merge(next_run.read(AFTER), AFTER)
    record = next_run.add_round(MEETING, {"nam-sach/codec": READY})
    assert record.rooms["nam-sach/codec"].measured == 2
    record.rooms["nam-sach/codec"].measured = 3
    declare(path, record, MeetingVerdict.HELD)
    next_run.merge(next_run.read(AFTER), AFTER)
    assert record.declared is MeetingVerdict.HELD
    assert record.rooms["nam-sach/codec"].measured == 3
    next_run.delete(MEETING.key)
    eventually(lambda: writer.written == 3)
    assert next_run.read(AFTER) == []
    writer.stop()


def test_a_journal_that_cannot_be_read_stops_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sqlite3.connect(path).execute("CREATE TABLE other (x)").connection.close()
    records = MeetingRecords(None, path)
    assert records.read(AFTER) == records.read(AFTER) == []
    assert [record.message for record in caplog.records] == [
        "records of meetings can't be read: is not a journal of netwatch"
    ]
