"""The chain of the audit: what is added can't be taken away or changed without being noticed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from netwatch.audit.line import MAX_DETAILS, AuditLine
from netwatch.audit.log import AuditLog, append, record_at_once
from netwatch.audit.read import read_lines
from netwatch.audit.verify import find_damage
from netwatch.audit.who import PROGRAM, SIGNAL, Who, logged_in, unix_user
from netwatch.journal.audit_lines import remove_old_lines
from netwatch.journal.file import NAME, open_journal
from netwatch.journal.writer import JournalWriter
from tests.harness.waiting import eventually

LAN = Who("lan", "login")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal with ten lines, a day apart, the last one now."""
    path = tmp_path / NAME
    now = time.time()
    with closing(open_journal(path)) as connection, connection:
        for number in range(1, 11):
            at = now - (10 - number) * 86400
            append(connection, AuditLine.of(at, LAN, "note", f"incident:{number}", {"n": number}))
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_what_was_written_is_whole_and_read_back(journal: Path) -> None:
    assert find_damage(journal) == []
    lines = read_lines(journal, 0.0, None, None, 100)
    assert [each.number for each in lines] == list(range(1, 11))
    assert lines[-1].line.subject == "incident:10"
    assert json.loads(lines[-1].line.details) == {"n": 10}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM audit WHERE number = 4", "thiếu dòng 4 / missing: line 4"),
        ("DELETE FROM audit WHERE number IN (1, 2)", "missing: line 1–2"),
        ("DELETE FROM audit WHERE number > 8", "missing: line 9–10"),
        ("DELETE FROM audit", "missing: line 1–10"),
        ("UPDATE audit SET who = 'minh' WHERE number = 3", "line 3 was changed"),
        ("UPDATE audit SET at = at + 1 WHERE number = 10", "line 10 was changed"),
        ("UPDATE audit SET known_by = 'unix' WHERE number = 1", "line 1 was changed"),
        ("UPDATE audit SET details = '{}' WHERE number = 7", "line 7 was changed"),
        ("UPDATE audit SET details = x'ff00' WHERE number = 7", "line 7 was changed"),
        ("UPDATE audit SET hash = 'x' WHERE number = 5", "line 5 was changed"),
        ("UPDATE audit SET number = 12 WHERE number = 10", "missing: line 10–11"),
        ("DELETE FROM audit_chain", "the begin and end of the chain are missing"),
        ("UPDATE audit_chain SET head = 'x'", "the end of the chain does not fit"),
        ("UPDATE audit_chain SET removed = 3", "line 1 is before the chain's begin"),
    ],
)
def test_what_was_done_to_it_is_told_with_the_line(
    journal: Path, statement: str, said: str
) -> None:
    change(journal, statement)
    assert said in "\n".join(find_damage(journal))


def test_a_line_that_was_changed_with_its_hash_does_not_fit_the_next_one(journal: Path) -> None:
    lines = {each.number: each.line for each in read_lines(journal, 0.0, None, None, 100)}
    forged = replace(lines[4], who="minh")
    with closing(sqlite3.connect(journal)) as connection:
        (before,) = connection.execute("SELECT hash FROM audit WHERE number = 3").fetchone()
        connection.execute(
            "UPDATE audit SET who = ?, hash = ? WHERE number = 4",
            (forged.who, forged.hash(4, before)),
        )
        connection.commit()
    assert find_damage(journal) == ["dòng 5 đã bị sửa / line 5 was changed"]


def test_lines_that_were_removed_by_their_age_leave_the_chain_whole(journal: Path) -> None:
    with closing(open_journal(journal)) as connection, connection:
        remove_old_lines(connection, time.time() - 4.5 * 86400)
    assert [each.number for each in read_lines(journal, 0.0, None, None, 100)] == [6, 7, 8, 9, 10]
    assert find_damage(journal) == []
    change(journal, "DELETE FROM audit WHERE number = 6")
    assert find_damage(journal) == ["thiếu dòng 6 / missing: line 6"]


def test_all_lines_may_be_old(journal: Path) -> None:
    with closing(open_journal(journal)) as connection, connection:
        remove_old_lines(connection, time.time() + 60)
        remove_old_lines(connection, time.time() + 60)
    assert read_lines(journal, 0.0, None, None, 100) == []
    assert find_damage(journal) == []
    record_at_once(journal, LAN, "note", "", {})
    assert [each.number for each in read_lines(journal, 0.0, None, None, 100)] == [11]
    assert find_damage(journal) == []


def test_a_line_of_a_wrong_clock_amid_others_removes_none_behind_it(journal: Path) -> None:
    change(journal, "UPDATE audit SET at = 0 WHERE number = 5")
    with closing(open_journal(journal)) as connection, connection:
        remove_old_lines(connection, time.time() - 7.5 * 86400)
    numbers = [each.number for each in read_lines(journal, -1.0, None, None, 100)]
    assert numbers == [3, 4, 5, 6, 7, 8, 9, 10]


def test_events_that_are_kept_for_a_day_take_no_line_along(tmp_path: Path) -> None:
    path = tmp_path / NAME
    long_ago = time.time() - 399 * 86400
    with closing(open_journal(path)) as connection, connection:
        append(connection, AuditLine.of(long_ago, LAN, "note", "kept", {}))
        append(connection, AuditLine.of(long_ago, LAN, "note", "kept", {}))
        connection.execute("UPDATE alive SET at = ?", (time.time(),))
        connection.execute(
            "INSERT INTO flow_event (flow, state, began, ended, evidence)"
            " VALUES ('f', 'x', 1, 2, '{}')"
        )
    writer = JournalWriter(path, keep=86400.0)
    writer.start()
    AuditLog(writer).record(SIGNAL, "reload", "inventory", {})

    def cleaned() -> bool:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT count(*) FROM flow_event").fetchone() == (0,)

    eventually(cleaned)
    writer.stop()
    assert [each.line.subject for each in read_lines(path, 0, None, None, 9)] == [
        "kept",
        "kept",
        "inventory",
    ]


def test_many_who_write_at_once_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / NAME
    writer = JournalWriter(path, keep=86400.0)
    writer.start()
    program = (
        "import sys, pathlib; from netwatch.audit.log import record_at_once;"
        "from netwatch.audit.who import unix_user\n"
        "for n in range(20): record_at_once(pathlib.Path(sys.argv[1]), unix_user(), 'note', '', {})"
    )
    commands = [subprocess.Popen([sys.executable, "-c", program, path]) for _ in range(3)]
    log = AuditLog(writer)

    def note_often() -> None:
        for _ in range(50):
            log.record(LAN, "note", "", {})

    threads = [threading.Thread(target=note_often) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [command.wait() for command in commands] == [0, 0, 0]
    eventually(lambda: len(read_lines(path, 0.0, None, None, 1000)) == 160)
    writer.stop()
    assert find_damage(path) == []


def test_a_run_without_an_end_is_told_by_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / NAME
    for ends in (False, True, True):
        writer = JournalWriter(path, keep=86400.0)
        writer.start()
        AuditLog(writer).record(PROGRAM, "start", "", {})
        if ends:
            AuditLog(writer).record(PROGRAM, "stop", "", {})
        writer.stop()
    said = [each.line.what for each in read_lines(path, 0.0, None, None, 100)]
    assert said == ["start", "unclean-end", "start", "stop", "start", "stop"]


def test_a_line_is_bounded_and_on_one_line(tmp_path: Path) -> None:
    name = "lan\n\x1b[31m" + "x" * 1000
    line = AuditLine.of(0, logged_in(name), "note", "a\r\nb", {"note": "ô" * MAX_DETAILS})
    assert len(line.who) == 200
    assert line.who.isprintable()
    assert line.subject == "a  b"
    assert json.loads(line.details) == {"left_out": ["note"], "octets": 2 * MAX_DETAILS + 11}
    odd = AuditLine.of(0, LAN, "note", "", {"note": "\ud800"})
    record_at_once(tmp_path / NAME, LAN, "note", "\ud800", {"note": "\ud800"})
    assert json.loads(odd.details) == {"note": "?"}
    assert find_damage(tmp_path / NAME) == []


def test_a_log_without_a_directory_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    AuditLog().record(LAN, "note", "incident:1", {"note": "đang xử lý"})
    assert 'audit note by lan (login) subject=incident:1 {"note":"đang xử lý"}' in caplog.text


def test_a_command_names_the_user_of_this_machine() -> None:
    who = unix_user()
    assert who.known_by == "unix"
    assert who.name
