from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from netwatch.lab.processes import missing_support
from tests.harness.requirements import require, require_tool
from tests.probes.icmp.hostile import FORGED

pytestmark = pytest.mark.slow


def test_what_is_forged_or_dropped_is_counted_and_changes_no_result() -> None:
    require_tool("nft")
    require_tool("ip")
    require(not missing_support(), "user and network namespaces")
    done = subprocess.run(
        [sys.executable, "-m", "tests.probes.icmp.hostile"],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    assert said["alive"] == {"sent": 1, "ok": 1}
    forged = said["forged"]
    assert forged.pop("rejected") + forged.pop("overflow", 0) == FORGED
    # Had the socket overflown, the silent target's echo would not be called lost.
    assert forged in ({"sent": 2, "ok": 1, "timeout": 1}, {"sent": 2, "ok": 1, "local_error": 1})
    assert said["odd"] == {"sent": 1, "timeout": 1, "rejected": 10}
    assert said["refused"] == {
        "sent": 1,
        "protocol_error": 1,
        "mtu 1300": 1,
        "rejected": 1,
        "router": 1,
    }
    assert said["redirect"] == said["source quench"] == {"sent": 20, "ok": 20}
    assert said["ttls"] == [64, 62]
    overflowed = said["overflowed"]
    assert overflowed["overflow"] > 100
    assert overflowed["all"] == 200
    assert overflowed.get("timeout", 0) == 0
    assert overflowed["local_error"] >= 1
