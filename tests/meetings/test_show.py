"""What netwatch says of 248 rooms before and during a meeting, beside what the lab did to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.journal.file import NAME
from netwatch.journal.meetings import read_meetings
from netwatch.meetings.record import Verdict
from tests.meetings.show import CUT, DEAF, LOST, SILENT, SLOW, TWICE, below, rooms, told
from tests.tools import eventually, require_namespaces


def test_rooms_are_called_what_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_namespaces()
    with told(tmp_path) as show:
        first = show.until_said({DEAF})
        assert (
            first["counts"]["ready"] + len(rooms(first, "unknown", "at_risk", "not_ready")) == 248
        )
        why = {room["site"]: room["findings"] for room in first["rooms"]}
        assert [found["what"] for found in why[DEAF.partition("/")[0]]] == ["failed", "failed"]
        assert TWICE in rooms(first, "at_risk")
        other = show.meeting("Họp chuyên đề")
        assert other["unknown"] == ["Phòng họp lạ"]

        show.until_said({DEAF, SILENT})
        show.until_said({DEAF, SILENT} | below(show, CUT))
        show.until_said({DEAF, SILENT})
        show.until_poor(below(show, SLOW))

        show.until("under-way")
        show.until_said({DEAF, SILENT} | below(show, LOST))
        show.until_said({DEAF, SILENT})
        show.until("over")
        possible = {DEAF, SILENT} | below(show, CUT) | below(show, LOST)
        assert all(not_ready <= possible for _, not_ready in show.said)
        with capsys.disabled():
            print(f"\n{show.table()}")
        record = eventually(
            lambda: next(
                (
                    each
                    for each in read_meetings(show.state / NAME, 0)
                    if each.is_over and len(each.rooms) == 248
                ),
                None,
            )
        )
    assert record.observed is Verdict.UNKNOWN  # no endpoint of the lab says that it is in a call
    interrupted = {name for name, tally in record.rooms.items() if tally.interruptions}
    assert interrupted == {
        name for name in record.rooms if name == f"{LOST}/codec" or name.startswith(f"{LOST}-")
    }
    assert record.rooms[SILENT].reached == 0 < record.rooms[SILENT].measured
