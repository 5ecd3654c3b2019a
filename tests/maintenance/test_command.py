"""``netwatch maintenance`` as people type it, on a disk that may be full."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from netwatch.maintenance.announcements import NAME, read_announcements
from tests.harness.namespaces import tool_path
from tests.harness.told import tells

pytestmark = pytest.mark.slow

EXAMPLE = Path("config/inventory").resolve()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

FULL = """
set -e
mount -t tmpfs -o size=4m none "$STATE"
"$PYTHON" -m netwatch maintenance add thanh-ha --for 2h --reason one
cp "$STATE/maintenance.json" "$HOME/before"
cat /dev/zero > "$STATE/ballast" 2>/dev/null || true
if "$PYTHON" -m netwatch maintenance add nam-sach --for 2h --reason two; then exit 9; fi
cmp "$STATE/maintenance.json" "$HOME/before"
rm "$STATE/ballast"
"$PYTHON" -m netwatch maintenance add nam-sach --for 2h --reason two
"$PYTHON" -m netwatch audit --verify
"""
"""A state directory that becomes full, and has room again."""


def environment(state: Path) -> dict[str, str]:
    # The machine's own zone is another one than the province's, and must not matter.
    return {
        "PATH": os.environ["PATH"],
        "NETWATCH_STATE_DIR": str(state),
        "NETWATCH_INVENTORY": str(EXAMPLE),
        "TZ": "America/New_York",
    }


def run(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netwatch", "maintenance", *arguments],
        env=environment(state),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_branch_is_announced_for_later_in_the_provinces_time(tmp_path: Path) -> None:
    begins = datetime.fromtimestamp(time.time() + 3 * 86400, ZONE).replace(second=0, microsecond=0)
    when = f"{begins:%d/%m/%Y %H:%M}"
    add = ("add", "thanh-ha", "--branch", "--from", when, "--for", "2h", "--reason", "Thay cáp")
    done = run(tmp_path, *add)
    assert done.returncode == 0, done.stderr
    assert f"announced-1  branch thanh-ha  từ / from {when} đến / until " in done.stdout
    assert "(+07:00)  Thay cáp  " in done.stdout
    (made,) = read_announcements(tmp_path / NAME)
    assert made.begins == begins.timestamp()
    assert made.author
    assert made.author in done.stdout


def test_what_recurs_is_announced_and_called_off(tmp_path: Path) -> None:
    until = datetime.fromtimestamp(time.time() + 60 * 86400, ZONE)
    rule = "FREQ=WEEKLY;BYDAY=SA"
    done = run(
        tmp_path,
        *("add", "link:chi-linh-second", "--repeat", rule, "--from", "22:00", "--for", "2h"),
        *("--until", f"{until:%Y-%m-%d %H:%M}", "--reason", "Sao lưu"),
    )
    assert done.returncode == 0, done.stderr
    assert f"lặp lại / repeats {rule}" in done.stdout
    ended = run(tmp_path, "end", "announced-1")
    assert "không có việc nào / nothing is announced" in ended.stdout
    assert read_announcements(tmp_path / NAME) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "thanh-haa", "--branch", "--for", "2h"), "did you mean thanh-ha?"),
        (("add", "link:x", "--branch", "--for", "2h"), "--branch: is for a site"),
        (("add", "thanh-ha"), "--for: give either --for or --until"),
        (("add", "thanh-ha", "--from", "31/02/2027 10:00", "--for", "1h"), "--from: '31/02/2027"),
        (("add", "thanh-ha", "--until", "yesterday"), "--until: 'yesterday' is not a time"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(tmp_path, *arguments, "--reason", "x")
    assert done.returncode == 2
    assert tells(done.stderr, said)
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("needs_namespaces")
def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    places = {"STATE": str(state), "PYTHON": sys.executable, "HOME": str(tmp_path)}
    done = subprocess.run(
        [tool_path("unshare"), "--user", "--map-root-user", "--mount", "sh", "-c", FULL],
        env=environment(state) | places,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.endswith("/ cannot be changed: No space left on device")
