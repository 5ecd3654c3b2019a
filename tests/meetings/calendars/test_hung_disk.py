"""A disk that hangs under a calendar's file holds up that calendar, and nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from netwatch.disk import worker
from netwatch.disk.reading import read_begin
from netwatch.meetings.calendars import origin
from netwatch.meetings.calendars.sources import CalendarSources
from tests.harness.builders import make_inventory
from tests.harness.meetings import make_ics

BEGIN = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
MEETING = "UID:1\nSUMMARY:Giao ban\nDTSTART:20261124T010000Z\nDURATION:PT1H\nLOCATION:nam-sach"
HUNG = ("mot", "hai", "ba")
RELOADS = 5


class Disk:
    """Gives what is asked for, but of files that hang only when it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.begun: list[threading.Thread] = []

    def read(self, path: Path, octets: int) -> bytes:
        if path.stem in HUNG and not self.let_go.is_set():
            self.begun.append(threading.current_thread())
            self.let_go.wait()
        return read_begin(path, octets)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    hanging = Disk()
    monkeypatch.setattr(origin, "read_begin", hanging.read)
    monkeypatch.setattr(worker, "DISK_TIMEOUT", 0.1)
    yield hanging
    hanging.let_go.set()
    for thread in hanging.begun:
        thread.join()


def sources(home: Path) -> CalendarSources:
    """As a start or a reload makes them: three calendars on the disk that hangs, one not."""
    for name in (*HUNG, "van-phong"):
        (home / f"{name}.ics").write_text(make_ics(MEETING), encoding="utf-8")
    calendars = {
        name: {"name_vi": "Lịch", "level": "province-district", "file": str(home / f"{name}.ics")}
        for name in (*HUNG, "van-phong")
    }
    return CalendarSources(make_inventory(calendars=calendars), {}, None)


async def refresh(calendars: CalendarSources) -> None:
    await calendars.refresh(BEGIN, BEGIN + timedelta(days=9), BEGIN)


async def test_however_often_it_is_reloaded_each_file_holds_one_thread(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(RELOADS):
        calendars = sources(tmp_path)
        await refresh(calendars)
        for name in HUNG:
            (told,) = calendars.known(name, BEGIN).warnings
            assert "the disk has not answered for" in told
    assert len(disk.begun) == len(HUNG)
    monkeypatch.setattr(worker, "DISK_TIMEOUT", 60.0)
    disk.let_go.set()
    for thread in disk.begun:
        await asyncio.to_thread(thread.join)
    await refresh(calendars)
    assert all(calendars.known(name, BEGIN).is_current for name in (*HUNG, "van-phong"))


async def test_the_others_are_read(tmp_path: Path, disk: Disk) -> None:
    calendars = sources(tmp_path)
    for _ in range(600):  # its own time is short here, too, and a loaded machine may need more
        await refresh(calendars)
        if calendars.known("van-phong", BEGIN).is_current:
            break
    reading = calendars.known("van-phong", BEGIN).reading
    assert reading is not None
    assert [event.title for event in reading.events] == ["Giao ban"]
    assert len(disk.begun) == len(HUNG)
