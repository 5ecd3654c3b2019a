"""What an import costs: 12 000 rows into an empty directory, and the same file once more."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.harness.workbooks import many, write

ROWS = 12_000


def main() -> None:
    """Print rows of docs/benchmarks.md."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = write(directory / "a.xlsx", many(ROWS))
        mapping = directory / "a.map.yaml"
        mapping.write_text("province: {name_vi: Tỉnh Hải Dương, ranges: 10.0.0.0/8}\n", "utf-8")
        for what in ("into an empty directory", "once more, nothing changes"):
            print(f"| {ROWS:,} rows {what} | {cost(file, directory / 'inv')} | |", flush=True)


def cost(file: Path, into: Path) -> str:
    """CPU of the command and of the process that reads the file, and most memory of either."""
    command = [sys.executable, "-m", "netwatch", "inventory", "import", str(file)]
    process = subprocess.Popen(
        [*command, "--into", str(into), "--apply"], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return f"{usage.ru_utime + usage.ru_stime:.1f} s CPU, {usage.ru_maxrss / 1024:.0f} MiB"


if __name__ == "__main__":
    main()
