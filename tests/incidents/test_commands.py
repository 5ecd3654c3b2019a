"""What ``netwatch incidents``, ``incident`` and ``ack`` print and write, from the journal alone."""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from netwatch.audit.who import unix_user
from netwatch.commands import ack, incident, incidents
from netwatch.core.errors import ConfigError
from netwatch.incidents import notes
from netwatch.settings import Settings
from tests.harness.incidents import Run, line, running
from tests.harness.waiting import eventually

NOW = time.time()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A daemon in which a line was cut an hour ago, and another one is cut now."""
    with running(tmp_path, NOW - 3600) as run:
        old = {
            "cause": "link:an-lam-uplink",
            "first": ("an-lam", "router"),
            "carrier": "Viettel",
            "site": "an-lam",
        }
        run.at(NOW - 3592, line(NOW - 3600, "an-lam", **old))
        run.at(NOW - 3000)
        run.at(NOW - 52, line(NOW - 60, "nam-sach", "an-lam"))
        run.written()
        yield run


def printed(
    run: Run, capsys: pytest.CaptureFixture[str], command: ModuleType, *arguments: str
) -> str:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    settings = Settings(state_dir=run.path.parent)
    assert command.execute(settings, parser.parse_args(arguments)) == 0
    return capsys.readouterr().out


def ids(text: str) -> list[str]:
    found = json.loads(text)
    return [each["cause"] for each in (*found["open"], *found["ended"])]


def open_id(run: Run) -> str:
    return next(iter(run.follower.open))


def test_what_goes_on_is_listed(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    head, row = printed(run, capsys, incidents).splitlines()
    assert "(+07:00)" in head
    assert row.startswith(open_id(run))
    assert " …" in row
    assert "đường truyền / line" in row
    assert "VNPT" in row


def test_what_ended_is_listed_by_time_site_and_carrier(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    def found(*arguments: str) -> list[str]:
        return ids(printed(run, capsys, incidents, "--json", *arguments))

    both = ["link:nam-sach-uplink", "link:an-lam-uplink"]
    assert found() == both[:1]
    assert found("--since", "2h") == both
    assert found("--since", "10m") == both[:1]
    assert found("--since", "2h", "--site", "nam-sach") == both[:1]
    assert found("--since", "2h", "--site", "an-lam") == both
    assert found("--since", "2h", "--carrier", "Viettel") == both[1:]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--site", "namsach"), "did you mean nam-sach"),
        (("--carrier", "viettel"), "did you mean Viettel"),
        (("--since", "x"), "not a duration"),
    ],
)
def test_what_nobody_knows_is_told(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        printed(run, capsys, incidents, *arguments)


def test_a_story_tells_what_happened_in_order(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(run, capsys, incident, open_id(run)[:6])
    assert text.index("first loss") < text.index("certain:") < text.index("sites cut off: 2")
    assert "HD-1" in text
    assert "đang diễn ra / goes on" in text
    story = json.loads(printed(run, capsys, incident, open_id(run), "--json"))
    assert [each["what"] for each in story["timeline"]] == ["loss", "confirmed", "site-down"]
    for wrong in ("ffffffffffff", "x", "'; DROP TABLE incident; --"):
        with pytest.raises(ConfigError, match="is no incident"):
            printed(run, capsys, incident, wrong)


def test_taking_it_on_is_seen_by_the_daemon_and_taken_down(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    me = unix_user().name
    assert me in printed(run, capsys, ack, open_id(run), "--note", "đang gọi")
    assert me in printed(run, capsys, incidents)

    def is_seen() -> bool:
        run.at(time.time(), *run.script.now)
        return run.follower.open[open_id(run)].acknowledged is not None

    eventually(is_seen)
    text = printed(run, capsys, incident, open_id(run))
    assert f"{me} nhận xử lý / took it on: đang gọi" in text
    with closing(sqlite3.connect(run.path)) as journal:
        assert journal.execute("SELECT who, what FROM audit").fetchall() == [(me, "acknowledged")]


def test_the_second_one_is_told_who_was_first(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(run, capsys, ack, open_id(run))
    assert "yours is a note" in printed(run, capsys, ack, open_id(run), "--note", "tôi nữa")
    assert "the note is kept" in printed(
        run, capsys, ack, open_id(run), "--only-note", "--note", "thêm"
    )


def test_what_ended_can_only_be_noted(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = open_id(run)
    run.at(NOW)
    run.written()
    with pytest.raises(ConfigError, match="it has ended"):
        printed(run, capsys, ack, id_)
    printed(run, capsys, ack, id_, "--only-note", "--note", "do thi công")


def test_a_full_disk_is_told_in_a_line(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(notes, "append", full)
    with pytest.raises(ConfigError, match="cannot be written: database or disk is full"):
        printed(run, capsys, ack, open_id(run))
    assert "–" in printed(run, capsys, incidents)
