"""A daemon that is killed in the middle of a meeting, and what people are told of it afterwards."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from netwatch.audit.read import read_lines
from netwatch.journal.file import NAME, open_journal
from netwatch.meetings.records.journal import read_records
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict
from tests.harness.ports import free_port
from tests.harness.told import tells
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

PATIENCE = 60.0

INVENTORY = """
province: {{name_vi: Thử, name: Test}}
ranges: [127.0.0.0/8]
tiers: {{district: {{name_vi: Huyện, name: District, rank: 0}}}}
networks: {{state: {{name_vi: Nhà nước, name: State}}}}
vantages: {{state-dc: {{site: nam-sach, name_vi: Đây}}}}
classes:
  room:
    match: {{roles: [codec]}}
    checks: [{{probe: tcp, port: {port}, interval: 1s, timeout: 500ms}}]
sites:
  nam-sach: {{tier: district, name_vi: Huyện Nam Sách, targets: {{codec: 127.8.1.1}}}}
preflight: {{within: 10s, every: 5s}}
meetings:
  giao-ban:
    name_vi: Giao ban
    level: province-district
    start: {start:%Y-%m-%d %H:%M}
    duration: 23h
    participants: {{tiers: [district]}}
  hop-truoc:
    name_vi: Họp trước
    level: province-district
    start: {before:%Y-%m-%d %H:%M}
    duration: 1m
    participants: {{tiers: [district]}}
"""


class House:
    """An inventory, a state directory, and the daemon that uses them."""

    def __init__(self, home: Path, port: int) -> None:
        now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
        self.start_of_meeting = now - timedelta(minutes=1)
        self.before = now - timedelta(minutes=5)
        (home / "inventory").mkdir()
        text = INVENTORY.format(port=port, start=self.start_of_meeting, before=self.before)
        (home / "inventory" / "all.yaml").write_text(text, encoding="utf-8")
        self.journal = home / "state" / NAME
        self._environment = {
            "PATH": os.environ["PATH"],
            "NETWATCH_INVENTORY": str(home / "inventory"),
            "NETWATCH_STATE_DIR": str(home / "state"),
            "NETWATCH_LISTEN": f"127.0.0.1:{free_port()}",
        }

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netwatch", "run"],
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "netwatch", "meetings", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def record(self) -> MeetingRecord | None:
        with contextlib.suppress(sqlite3.Error):  # the daemon has not made it yet
            records = read_records(self.journal, 0)
            return next((each for each in records if each.series == "giao-ban"), None)
        return None

    def rounds(self, least: int) -> int:
        """Wait until the rooms were measured so often while the meeting went on."""

        def measured() -> int | None:
            record = self.record()
            rounds = record.rooms["nam-sach/codec"].measured if record else 0
            return rounds if rounds >= least else None

        return eventually(measured, PATIENCE, pause=0.2)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with socket.create_server(("127.8.1.1", 0), backlog=512) as room:
        house = House(tmp_path, room.getsockname()[1])
        house.start()
        yield house
        house.kill()


def test_the_record_goes_on_and_can_be_declared(house: House) -> None:
    before = house.rounds(1)
    house.kill()
    house.start()
    house.rounds(before + 1)
    key = f"giao-ban@{house.start_of_meeting:%Y-%m-%dT%H:%M}"

    past = house.run("--past")
    assert past.returncode == 0, past.stderr
    assert f"{key}  " in past.stdout
    assert "chưa rõ / unknown" in past.stdout

    done = house.run("not-held", key)
    assert (done.returncode, done.stdout) == (0, f"{key}: KHÔNG họp trực tuyến / NOT held online\n")
    so_far = house.rounds(1)
    house.rounds(so_far + 1)  # the daemon has written again
    record = house.record()
    assert record is not None
    assert record.verdict is MeetingVerdict.NOT_HELD
    assert "(đã khai báo / declared)" in house.run("--past").stdout

    rooms = house.run("record", key).stdout.splitlines()
    assert rooms[0].startswith("Phòng / Room")
    assert rooms[1].split()[0] == "nam-sach/codec"

    # One that nobody watched.
    other = f"hop-truoc@{house.before:%Y-%m-%dT%H:%M}"
    assert house.run("held", other).returncode == 0
    declared = read_lines(house.journal, 0.0, None, "meeting-declared", 9)
    said = [(each.line.subject, each.line.details) for each in declared]
    assert said == [
        (f"meeting:{key}", '{"verdict":"not-held"}'),
        (f"meeting:{other}", '{"verdict":"held"}'),
    ]
    assert f"{other}  " in house.run("--past").stdout

    # What the daemon knows stands in the list of what comes.
    listed = [line for line in house.run().stdout.splitlines() if "đang họp / now" in line]
    assert [line.partition("  (")[2] for line in listed] == ["1 chưa rõ / unknown)"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["held"], "held: of which meeting?"),
        (["held", "nonsense"], "nonsense: is not a key"),
        (["record"], "record: has no record"),
        (["record", "other@2026-01-05T08:00"], "other@2026-01-05T08:00: has no record"),
        (["held", "other@2026-01-05T08:00"], "other@2026-01-05T08:00: "),
        (["held", "giao-ban@2999-01-05T08:00"], "giao-ban@2999-01-05T08:00: has not begun"),
        (["perhaps", "x"], "usage: "),
    ],
)
def test_a_wrong_declaration_is_told_in_a_line(
    tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    house = House(tmp_path, 80)
    open_journal(house.journal).close()
    done = house.run(*arguments)
    assert done.returncode == 2
    assert tells(done.stderr, complaint), done.stderr
    assert complaint == "usage: " or len(done.stderr.splitlines()) == 1


def test_records_need_a_journal(tmp_path: Path) -> None:
    done = House(tmp_path, 80).run("--past")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
