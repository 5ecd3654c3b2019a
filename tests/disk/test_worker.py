"""A disk that hangs holds one thread, and nobody else."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from netwatch.disk import worker
from netwatch.disk.worker import DiskWorker, read_first


async def test_it_gives_what_the_work_returns_or_raises() -> None:
    disk = DiskWorker()
    assert await disk.run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await disk.run(lambda: 1 // 0)
    assert await disk.run(lambda: 8) == 8


async def test_while_one_hangs_no_other_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "DISK_TIMEOUT", 0.05)
    disk, hold, begun = DiskWorker(), threading.Event(), []

    def hangs() -> None:
        begun.append(threading.current_thread())
        hold.wait()

    for _ in range(3):
        with pytest.raises(OSError, match="the disk has not answered for"):
            await disk.run(hangs)
    assert len(begun) == 1
    assert begun[0].daemon, "it must not keep the process alive"
    hold.set()
    begun[0].join()
    monkeypatch.setattr(worker, "DISK_TIMEOUT", 60.0)
    assert await disk.run(lambda: 9) == 9


async def test_what_does_not_hang_is_waited_for() -> None:
    disk, hold = DiskWorker(), threading.Event()
    first = asyncio.create_task(disk.run(hold.wait))
    second = asyncio.create_task(disk.run(lambda: 2))
    await asyncio.sleep(0.05)
    assert not second.done()
    hold.set()
    assert await first
    assert await second == 2


def test_no_worker_is_made_where_it_is_asked() -> None:
    """One that is made for each request, or by each reload, adds a thread to those that hang."""
    found = [
        path.name
        for path in Path(worker.__file__).parents[1].rglob("*.py")
        if "DiskWorker().run" in path.read_text(encoding="utf-8")
    ]
    assert not found


async def told_often(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(6000):
        if len(caplog.records) >= 3:
            return
        await asyncio.sleep(0.01)


async def test_a_disk_that_hangs_at_the_start_is_told_until_it_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "DISK_TIMEOUT", 0.02)
    hold = threading.Event()
    reading = asyncio.create_task(read_first(hold.wait))
    await told_often(caplog)
    assert "the configuration has not been read for" in caplog.text
    hold.set()
    assert await reading
    with pytest.raises(ZeroDivisionError):
        await read_first(lambda: 1 // 0)


@pytest.mark.parametrize("turns", range(8))
async def test_a_cancellation_that_comes_as_the_work_ends_is_not_lost(turns: int) -> None:
    disk, hold = DiskWorker(), threading.Event()
    threads = set(threading.enumerate())
    waiting = asyncio.create_task(disk.run(hold.wait))
    await asyncio.sleep(0)
    hold.set()
    for begun in set(threading.enumerate()) - threads:
        begun.join()
    for _ in range(turns):
        await asyncio.sleep(0)
    if waiting.cancel():
        with pytest.raises(asyncio.CancelledError):
            await waiting
    else:
        await waiting
