"""One daemon a state directory; the second one says who is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from netwatch.core.errors import StartError
from netwatch.disk.lock import NAME, DirectoryLock
from netwatch.journal.file import NAME as JOURNAL
from netwatch.journal.file import open_journal

HOLD = """
import sys
from pathlib import Path
from netwatch.disk.lock import DirectoryLock
lock = DirectoryLock()
lock.acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_one_is_told_who_holds_it_until_that_one_ends(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for _ in range(2):
            with pytest.raises(StartError) as caught:
                DirectoryLock().acquire(tmp_path)
            (line,) = str(caught.value).splitlines()
            assert re.fullmatch(
                rf"{tmp_path}: đang được tiến trình {holder.pid} sử dụng từ \S+, .*"
                rf" / is in use by process {holder.pid} since \d{{4}}-\d\d-\d\dT\S+; stop it first",
                line,
            )
        holder.kill()
    lock = DirectoryLock()
    lock.acquire(tmp_path)
    assert (tmp_path / NAME).read_text(encoding="utf-8").startswith(f"{os.getpid()} ")
    lock.release()


@pytest.mark.parametrize("content", [b"", b"\xff\x1b[2J", b"1" * 4096, b"12 \n34 now"])
def test_a_strange_line_in_the_lock_is_not_repeated(tmp_path: Path, content: bytes) -> None:
    first = DirectoryLock()
    first.acquire(tmp_path)
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(StartError, match=r"process \? since \?") as caught:
        DirectoryLock().acquire(tmp_path)
    assert str(caught.value).isprintable()
    first.release()


@pytest.mark.parametrize("lay", ["link", "pipe"])
def test_no_link_is_followed_and_no_pipe_waited_for(tmp_path: Path, lay: str) -> None:
    if lay == "link":
        (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OSError, match="is a symbolic link"):
            DirectoryLock().acquire(tmp_path)
        assert not (tmp_path / "elsewhere").exists()
    else:
        os.mkfifo(tmp_path / NAME)
        lock = DirectoryLock()
        lock.acquire(tmp_path)  # what matters is that it comes back
        lock.release()


def test_who_only_reads_is_not_hindered(tmp_path: Path) -> None:
    lock = DirectoryLock()
    lock.acquire(tmp_path)
    open_journal(tmp_path / JOURNAL).close()
    done = subprocess.run(
        [sys.executable, "-m", "netwatch", "events"],
        env={"NETWATCH_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lock.release()
