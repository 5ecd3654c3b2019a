"""Planned work that is announced by hand, from the command to the daemon's states."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from netwatch.core.errors import ConfigError
from netwatch.disk.private import replace_file
from netwatch.maintenance.announced import AnnouncedMaintenance
from netwatch.maintenance.announcements import (
    MAX_ENDED,
    NAME,
    Announcement,
    changing,
    read_announcements,
)
from netwatch.state.maintenance import Scope
from tests.harness.builders import make_inventory
from tests.harness.told import tells
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

EXAMPLE = Path("config/inventory").resolve()


def announced(name: str, seconds: float = 3600.0) -> Announcement:
    now = time.time()
    return Announcement(
        id=f"announced-{name}",
        kind="site",
        name=name,
        begins=now,
        ends=now + seconds,
        reason="Thay thiết bị",
    )


def run(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netwatch", "maintenance", *arguments],
        env={"NETWATCH_STATE_DIR": str(state), "NETWATCH_INVENTORY": str(EXAMPLE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_is_announced_listed_and_ended(tmp_path: Path) -> None:
    added = run(tmp_path, "add", "thanh-ha", "--for", "2h", "--reason", "Thay bộ định tuyến")
    assert added.returncode == 0, added.stderr
    assert "announced-1  site thanh-ha  đến / until " in added.stdout
    assert "Thay bộ định tuyến" in added.stdout
    run(tmp_path, "add", "link:chi-linh-second", "--for", "30m", "--reason", "Hàn cáp")
    (first, second) = read_announcements(tmp_path / NAME)
    assert first.ends - first.begins == pytest.approx(7200.0)
    assert (second.kind, second.name) == ("link", "chi-linh-second")
    assert run(tmp_path, "end", "announced-1").returncode == 0
    assert read_announcements(tmp_path / NAME) == [second]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "thanh-haa", "--for", "2h", "--reason", "x"], "did you mean thanh-ha?"),
        (["add", "thanh-ha/nothing", "--for", "2h", "--reason", "x"], "is not in the inventory"),
        (["add", "carrier:Nobody", "--for", "2h", "--reason", "x"], "is not in the inventory"),
        (["add", "thanh-ha", "--for", "soon", "--reason", "x"], "--for: 'soon' is not a duration"),
        (["add", "thanh-ha", "--for", "32d", "--reason", "x"], "--for: must be more than 0"),
        (["add", "thanh-ha", "--for", "2h", "--reason", "a\nb"], "--reason: "),
        (["add", "kim-thanh", "--for", "2h", "--reason", "x"], "announced already as announced-1"),
        (["end", "announced-7"], "is not announced"),
    ],
)
def test_what_is_refused_changes_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    with changing(tmp_path / NAME) as announcements:
        announcements.append(announced("kim-thanh").model_copy(update={"id": "announced-1"}))
    before = (tmp_path / NAME).read_bytes()
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert tells(done.stderr, said)
    assert (tmp_path / NAME).read_bytes() == before


def test_two_who_announce_at_once_are_both_heard(tmp_path: Path) -> None:
    def announce(number: int) -> None:
        with changing(tmp_path / NAME) as announcements:
            announcements.append(announced(f"s{number}"))

    threads = [threading.Thread(target=announce, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_announcements(tmp_path / NAME)) == 20


def test_the_daemon_notices(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / NAME
    inventory = make_inventory()
    maintenance = AnnouncedMaintenance(path)
    now = time.time()

    def seen(count: int, moment: float) -> bool:
        return len(maintenance.under_way(inventory, moment)) == count

    assert maintenance.under_way(inventory, now) == []
    with changing(path) as announcements:
        announcements += [announced("nam-sach", 60.0), announced("gone-since")]
    eventually(lambda: seen(1, now + 1))
    (work,) = maintenance.under_way(inventory, now + 1)
    assert work.scope == Scope(sites=frozenset({"nam-sach"}))
    assert maintenance.under_way(inventory, now + 61) == []
    with caplog.at_level(logging.ERROR):
        replace_file(path, b"{")
        eventually(lambda: seen(1, now + 1) and "stays as it was" in caplog.text)
        for _ in range(20):
            assert seen(1, now + 1)
            time.sleep(0.01)
    assert caplog.text.count("maintenance stays as it was") == 1
    path.unlink()
    eventually(lambda: seen(0, now + 1))


def test_what_is_a_pipe_or_a_link_is_refused_and_holds_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, inventory = tmp_path / NAME, make_inventory()
    os.mkfifo(path)
    with pytest.raises(ConfigError, match="is not a regular file"):
        read_announcements(path)
    maintenance = AnnouncedMaintenance(path)
    eventually(lambda: not maintenance.under_way(inventory, 0.0) and "not a regular" in caplog.text)
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="is a symbolic link"):
        read_announcements(path)


def test_a_disk_that_hangs_is_told_once_and_has_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    inventory, hold, begun = make_inventory(), threading.Event(), []

    def hangs(_: Path) -> list[Announcement]:
        begun.append(threading.current_thread())
        hold.wait()
        return [announced("nam-sach")]

    (tmp_path / NAME).write_bytes(b"[]")
    monkeypatch.setattr("netwatch.maintenance.announced.read_announcements", hangs)
    monkeypatch.setattr("netwatch.maintenance.announced.DISK_TIMEOUT", 0.05)
    maintenance, now = AnnouncedMaintenance(tmp_path / NAME), time.time()
    eventually(
        lambda: not maintenance.under_way(inventory, now) and "has not answered" in caplog.text
    )
    assert maintenance.under_way(inventory, now) == []
    assert len(begun) == 1
    assert caplog.text.count("has not answered") == 1
    hold.set()
    eventually(lambda: maintenance.under_way(inventory, time.time()))


def test_a_clock_that_is_wrong_for_a_moment_loses_no_announcement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, true_time = tmp_path / NAME, time.time
    with changing(path) as announcements:
        announcements += [announced(f"s{number}") for number in range(MAX_ENDED)]
    monkeypatch.setattr(time, "time", lambda: true_time() + 10 * 365 * 86400.0)
    with changing(path) as announcements:
        announcements.append(announced("later"))
    monkeypatch.setattr(time, "time", true_time)
    assert len(read_announcements(path)) == MAX_ENDED + 1


def test_what_is_over_does_not_fill_the_file(tmp_path: Path) -> None:
    with changing(tmp_path / NAME) as announcements:
        announcements += [announced(f"s{number}", -number) for number in range(MAX_ENDED + 50)]
        announcements.append(announced("goes-on"))
    kept = read_announcements(tmp_path / NAME)
    assert [each.name for each in kept] == [*(f"s{n}" for n in range(MAX_ENDED)), "goes-on"]


@pytest.mark.parametrize(
    "content", [b"\xff", b"{}", b"[1]", b'[{"id": "x"}]', b"[" * 100_000, b" " * (1 << 21)]
)
def test_a_damaged_file_is_reported_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_announcements(tmp_path / NAME)
    assert len(str(caught.value).splitlines()) == 1
