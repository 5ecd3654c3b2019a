"""How a firewall says no is told apart, whichever way it says it."""

from __future__ import annotations

import json
import subprocess
import sys

from netwatch.lab.stage import why_not
from tests.tools import require, require_tool

SAID = {
    "127.0.1.1 9000": "failure tarpit",
    "127.0.1.1 9001": "failure timeout",
    "127.0.1.1 9002": "failure refused",
    "127.0.1.1 9003": "failure prohibited",
    "127.0.1.1 9004": "failure network_unreachable",
    "127.0.1.1 9005": "failure host_unreachable",
    "127.0.1.1 9006": "failure prohibited",
    "127.0.1.1 9007": "failure silent",
    "127.0.1.1 9008": "failure reset",
    "127.0.1.1 9009": "failure refused",
    "fd00::1 9001": "failure timeout",
    "fd00::1 9002": "failure refused",
    "fd00::1 9003": "failure prohibited",
    "fd00::1 9006": "failure prohibited",
}


def test_every_way_of_a_firewall_is_told_apart() -> None:
    require_tool("nft")
    require_tool("ip")
    require(not why_not(), "user and network namespaces")
    command = [sys.executable, "-m", "tests.probes.firewalled"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {where: said[where] for where in SAID} == SAID
