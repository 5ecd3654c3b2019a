"""The file of the columns: whole, or not taken at all."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.state import State
from netwatch.history.columns import DayColumns, codes
from netwatch.history.store import NAME, HistoryStore, decode, encode


def some_columns() -> DayColumns:
    columns = DayColumns(["a", "Xã"])
    states = codes(np.array([State.UP, State.DOWN], np.uint8))
    loss, trips = np.array([0.0, 1.0], np.float16), np.array([0.004, np.nan], np.float32)
    columns.record(1_800_000_000.0, states, loss, trips)
    return columns


def test_what_was_written_is_read() -> None:
    columns = some_columns()
    read = decode(encode(columns))
    assert (read.sites, read.step) == (columns.sites, columns.step)
    assert read.day("Xã") == columns.day("Xã")
    assert read.day("a") == columns.day("a")


@given(st.data())
def test_no_damage_is_taken_for_history(data: st.DataObject) -> None:
    content = bytearray(encode(some_columns()))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    try:
        read = decode(bytes(content))
    except ValueError:
        return
    day = read.day(read.sites[0])
    assert all(value is None or 0 <= value <= 1 for value in day.loss)
    assert all(value is None or value >= 0 for value in day.round_trips)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"[" * 100_000,
        b'{"format": 2}\n',
        b'{"format": 1, "seconds": 300, "step": 1, "sites": [1]}\n' + bytes(2016),
        b'{"format": 1, "seconds": 300, "step": -1, "sites": []}\n',
        b'{"format": 1, "seconds": 300, "step": 1e99, "sites": []}\n',
        encode(some_columns())[:-1],
        encode(some_columns()) + b"x",
    ],
)
def test_what_is_no_history_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(content)


async def test_it_survives_in_the_state_directory(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path)
    assert await store.load() is None
    await store.save(some_columns())
    kept = await HistoryStore(tmp_path).load()
    assert kept is not None
    assert kept.day("a") == some_columns().day("a")
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


async def test_a_foreign_file_is_told_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_bytes(b"something else")
    store = HistoryStore(tmp_path)
    assert await store.load() is None
    assert "the history begins anew" in caplog.text
    await store.save(some_columns())
    assert await store.load() is not None


async def test_a_directory_that_is_gone_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = HistoryStore(tmp_path / "gone")
    for _ in range(3):
        await store.save(some_columns())
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
