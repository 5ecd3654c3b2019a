"""A calendar is read apart from the daemon: what it costs, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from netwatch.meetings.calendars import watched
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarError, CalendarReading
from netwatch.meetings.calendars.process import read_apart
from netwatch.meetings.calendars.sources import CalendarSources, KnownCalendar
from tests.harness.builders import make_inventory
from tests.harness.meetings import make_ics

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
END = BEGIN + timedelta(days=9)
ZONE = "Asia/Ho_Chi_Minh"
GOOD = make_ics("UID:1\nSUMMARY:Giao ban\nDTSTART:20261124T010000Z\nDURATION:PT1H").encode()
BOUNDS = CalendarBounds(seconds=1)
NEVER = "DTSTART:20261101T000000Z\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"

HOSTILE = make_ics(
    *(
        f"UID:{n}\nDTSTART:20261101T000000Z\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"
        for n in range(40)
    )
).encode()
"""Rules that are looked for until the year 9999: more than a second of processor time."""


async def test_a_calendar_that_takes_too_long_is_ended() -> None:
    with pytest.raises(CalendarError, match="takes more than 1 s to read"):
        await read_apart(HOSTILE, BEGIN, END, ZONE, BOUNDS)


async def test_what_a_reader_finds_comes_back_whole() -> None:
    events = [
        f"UID:{n}\nSUMMARY:Họp \U0001f4c5 {n}\nDTSTART:20261124T01{n:02}00Z\nLOCATION:a;b\nX:\x01"
        for n in range(60)
    ]
    reading = await read_apart(make_ics(*events, "DTSTART:x").encode(), BEGIN, END, ZONE, BOUNDS)
    assert [event.title for event in reading.events] == [f"Họp \U0001f4c5 {n}" for n in range(60)]
    assert reading.events[0].rooms == ("a", "b")
    assert not reading.is_whole


async def test_the_reader_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWATCH_SECRET_CALENDAR", "mật-khẩu")
    monkeypatch.setattr(
        "netwatch.meetings.calendars.process._COMMAND",
        ("/bin/sh", "-c", 'cat >/dev/null; printf \'{"refusal": "%s"}\' "$(env | grep -c SECRET)"'),
    )
    with pytest.raises(CalendarError, match=r"^0$"):
        await read_apart(GOOD, BEGIN, END, ZONE, BOUNDS)


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("exit 3", r"its reader ended with 3"),
        ("kill -9 $$", r"its reader ended with -9"),
        ("kill -PROF $$", "takes more than 1 s to read"),
        ("exec cat", "its reader said nothing of use"),
        ("exec cat /dev/zero", "could not be read"),
    ],
)
async def test_a_reader_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, does: str, why: str
) -> None:
    command = ("/bin/sh", "-c", does)
    monkeypatch.setattr("netwatch.meetings.calendars.process._COMMAND", command)
    with pytest.raises(CalendarError, match=why):
        await read_apart(GOOD * 1000, BEGIN, END, ZONE, BOUNDS)


class Office:
    """Two calendars, one of which may be hostile, and how often each was read."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = {name: directory / f"{name}.ics" for name in ("good", "other")}
        for name, file in self.files.items():
            file.write_bytes(GOOD.replace(b"UID:1", b"UID:" + name.encode()))
        self.state = directory / "state"
        self.state.mkdir()
        self.read: list[bytes] = []
        entry: dict[str, Any] = {"name_vi": "Lịch", "level": "province-district"}
        self.inventory = make_inventory(
            calendars={name: {**entry, "file": str(file)} for name, file in self.files.items()}
        )

        async def counted(content: bytes, *asked: Any) -> CalendarReading:
            self.read.append(content)
            return await read_apart(content, *asked)

        monkeypatch.setattr(watched, "read_apart", counted)

    def start(self) -> CalendarSources:
        """As a daemon that starts."""
        return CalendarSources(self.inventory, {}, self.state, BOUNDS)


async def refresh(calendars: CalendarSources) -> dict[str, KnownCalendar]:
    await calendars.refresh(BEGIN, END, BEGIN)
    return {name: calendars.known(name, BEGIN) for name in ("good", "other")}


async def test_what_is_unchanged_is_not_read_again_also_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, monkeypatch)
    calendars = office.start()
    first = await refresh(calendars)
    assert len(office.read) == 2
    assert await refresh(calendars) == first
    assert await refresh(office.start()) == first
    assert len(office.read) == 2
    office.files["good"].write_bytes(GOOD.replace(b"Giao ban", b"Khai mac"))
    changed = (await refresh(office.start()))["good"].reading
    assert changed is not None
    assert [event.title for event in changed.events] == ["Khai mac"]
    assert len(office.read) == 3


async def test_a_hostile_calendar_costs_only_itself_and_is_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, monkeypatch)
    await refresh(office.start())
    office.files["other"].write_bytes(HOSTILE)
    office.files["good"].write_bytes(GOOD.replace(b"Giao ban", b"Khai mac"))
    calendars = office.start()
    for _ in range(3):
        known = await refresh(calendars)
        assert known["good"].is_current
        assert not known["other"].is_current
        assert known["other"].reading is not None  # what was read of it before stands
        (warning,) = known["other"].warnings
        assert warning.startswith(f"calendar other: {office.files['other']} takes more than 1 s")
        calendars = office.start()
    assert office.read.count(HOSTILE) == 1
    assert [file.name for file in office.state.iterdir()] == ["calendars"]
