"""What netwatch says of 248 rooms before and during a meeting, beside what the lab did to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.journal.file import NAME
from netwatch.meetings.records.journal import read_records
from netwatch.meetings.records.record import MeetingVerdict
from tests.harness.requirements import require_namespaces
from tests.meetings.show import CALLED, CUT, DEAF, LOST, SILENT, SLOW, TWICE, below, rooms, told

pytestmark = pytest.mark.slow


def test_rooms_are_called_what_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_namespaces()
    with told(tmp_path) as show:
        show.watch()
        cut, lost, slow, called = (below(show, site) for site in (CUT, LOST, SLOW, CALLED))
        with capsys.disabled():
            print(f"\n{show.table()}")

    assert sum(show.first["counts"].values()) == len(show.first["rooms"]) == 248
    why = {f"{room['site']}/{room['target']}": room["findings"] for room in show.first["rooms"]}
    assert [finding["what"] for finding in why[DEAF]] == ["failed", "failed"]
    assert TWICE in rooms(show.first, "at_risk")
    assert show.other["unknown"] == ["Phòng họp lạ"]

    said = [not_ready for _, not_ready in show.said]
    assert said[0] == {DEAF}
    always = {DEAF, SILENT}
    story = iter(said)
    for expected in (always, always | cut, always, always | lost, always):
        assert expected in story, f"was never said in its turn: {sorted(expected)}"
    assert all(not_ready <= always | cut | lost for not_ready in said)
    assert slow <= show.poor.keys()  # others may be: a busy machine holds packets too

    records = read_records(show.state / NAME, 0)
    (record,) = [each for each in records if len(each.rooms) == 248]
    assert record.is_over
    assert record.observed is MeetingVerdict.HELD
    assert {name for name, tally in record.rooms.items() if tally.calls} == called
    (alone,) = [each for each in records if each is not record]
    assert alone.together == 1  # nobody was there to talk to
    assert alone.observed is not MeetingVerdict.HELD
    assert {name for name, tally in record.rooms.items() if tally.interruptions} == lost
    assert record.rooms[SILENT].reached == 0 < record.rooms[SILENT].measured
