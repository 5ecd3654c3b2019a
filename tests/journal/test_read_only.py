"""What a former run left can be read from a disk that can't be written any more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netwatch.journal.file import NAME

WRITE = """
import os, sys, time
from pathlib import Path
from netwatch.core.state import State
from netwatch.journal.writer import JournalWriter
from tests.journal.test_journal import turned
writer = JournalWriter(Path(sys.argv[1]), keep=86400.0)
writer.start()
writer.put(turned(State.DOWN, State.UP, time.time()))
while writer.written < 1:
    time.sleep(0.01)
if sys.argv[2] == "stopped":
    writer.stop()
else:
    os._exit(9)
"""

READ = """
import asyncio, sys
from contextlib import AsyncExitStack
from pathlib import Path
from netwatch.inventory.former_ids import FormerIds
from netwatch.settings import Settings
from netwatch.state_dir import open_state_directory

async def read():
    async with AsyncExitStack() as stack:
        settings = Settings(state_dir=Path(sys.argv[1]))
        kept = await open_state_directory(settings, stack, FormerIds())
        print(sorted(kept.recorder._places))

asyncio.run(read())
"""


@pytest.mark.skipif(os.geteuid() != 0 and os.environ.get("CI") != "true", reason="needs root")
@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_states_go_on_from_a_read_only_disk(tmp_path: Path, end: str) -> None:
    subprocess.run([sys.executable, "-c", WRITE, str(tmp_path / NAME), end], check=False)
    (tmp_path / "read.py").write_text(READ, encoding="utf-8")
    mount = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" "$1/read.py" "$1"'
    done = subprocess.run(
        ["/usr/bin/unshare", "--mount", "sh", "-c", mount, "-", str(tmp_path), sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[('nam-sach', 'router')]\n", done.stderr
