"""The daemon verifies the audit by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from netwatch.audit.chain_watch import AuditChainWatch
from netwatch.audit.log import record_at_once
from netwatch.audit.who import PROGRAM
from netwatch.journal.file import NAME


async def test_it_says_whether_the_chain_is_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / NAME
    watch = AuditChainWatch(path)
    await watch.look(path)
    assert watch.is_whole is None  # there is no journal yet
    for number in range(3):
        record_at_once(path, PROGRAM, "note", str(number), {})
    await watch.look(path)
    assert watch.is_whole is True
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM audit WHERE number = 2")
    await watch.look(path)
    assert watch.is_whole is False
    assert "missing: line 2" in caplog.text
