"""A journal whose writer is killed at random moments; ``make soak`` kills a thousand times."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_nothing_that_was_told_to_be_written_is_lost_at_a_kill() -> None:
    command = [sys.executable, "-m", "tests.bench.kills", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "lost, damaged | 0, 0 |" in done.stdout
