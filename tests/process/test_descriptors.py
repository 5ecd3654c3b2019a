"""Too few descriptors are raised where that is allowed, and told where it is not."""

from __future__ import annotations

import subprocess
import sys

import pytest

TRY = """
import logging, resource, sys
from netwatch.process.descriptors import allow_descriptors
logging.basicConfig(format="%(message)s")
soft, hard, needed = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(allow_descriptors(needed), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "needed", "left", "told"),
    [
        (64, 256, 40, "True 64 256", False),
        (64, 256, 200, "True 200 256", False),
        (64, 256, 300, "False 256 256", True),
        (64, 64, 300, "False 64 64", True),
    ],
)
def test_it_is_raised_or_told(soft: int, hard: int, needed: int, left: str, told: bool) -> None:
    arguments = [str(soft), str(hard), str(needed)]
    done = subprocess.run(
        [sys.executable, "-c", TRY, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == left
    assert len(done.stderr.splitlines()) == told
    if told:
        assert f"may need {needed} descriptors and is allowed {hard}" in done.stderr
