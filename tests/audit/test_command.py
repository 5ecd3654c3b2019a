"""``netwatch audit`` as people read it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from netwatch.audit.line import WHATS, AuditLine
from netwatch.audit.log import append
from netwatch.audit.who import SIGNAL, Who
from netwatch.cli import main
from netwatch.commands.audit import KNOWN_BY, WORDS
from netwatch.journal.file import NAME, open_journal

AT = 1796054400.0  # 30/11/2026 23:00:00 in the province


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Settings of a machine whose own zone is another one than the province's."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    with closing(open_journal(tmp_path / NAME)) as connection, connection:
        moved = {"name_vi": ["Xã A", "Xã B"], "coordinates": [None, [20.9, 106.3]]}
        append(connection, AuditLine.of(AT, SIGNAL, "changed", "site:a", moved))
        append(connection, AuditLine.of(AT + 1, Who("lan", "login"), "note", "incident:1", {}))
    file = tmp_path / "netwatch.toml"
    file.write_text(f'state_dir = "{tmp_path}"\ninventory = "{tmp_path}"\n')
    yield str(file)
    monkeypatch.undo()
    time.tzset()


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    main(["audit", "--since", "3650d", *words])
    return capsys.readouterr().out.splitlines()


def test_a_line_is_told_in_the_provinces_time_with_before_and_after(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head, changed, note = said(capsys, "--settings", settings)
    assert "Lúc / At (+07:00)" in head
    assert "30/11/2026 23:00:00" in changed
    assert "signal (tín hiệu / signal)" in changed
    assert "name_vi: Xã A → Xã B" in changed
    assert "coordinates: – → [20.9,106.3]" in changed
    assert "lan (đăng nhập / login)" in note


def test_lines_are_chosen_by_who_and_what(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(said(capsys, "--settings", settings, "--who", "LAN")) == 2
    assert len(said(capsys, "--settings", settings, "--what", "changed")) == 2
    assert len(said(capsys, "--settings", settings, "--what", "reload")) == 1


def test_json_has_the_hash_that_verify_tells(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = json.loads("".join(said(capsys, "--settings", settings, "--json")))
    assert lines[0]["at"] == AT
    whole, end = said(capsys, "--settings", settings, "--verify")
    assert whole == "không thiếu, không bị sửa / no line is missing, none was changed"
    assert end == f"dòng cuối / last line 2, SHA-256 {lines[1]['hash']}"


def test_a_line_that_somebody_broke_is_still_shown(
    settings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        connection.execute("UPDATE audit SET details = '{\x1b[31m' WHERE number = 1")
    assert "\x1b" not in "".join(said(capsys, "--settings", settings))
    assert json.loads("".join(said(capsys, "--settings", settings, "--json")))
    assert main(["audit", "--settings", settings, "--verify"]) == 1
    assert "line 1 was changed" in capsys.readouterr().out


def test_everything_that_is_taken_down_has_its_words() -> None:
    assert set(WORDS) == set(WHATS)
    assert set(KNOWN_BY) == {"login", "unix", "signal", "program"}
