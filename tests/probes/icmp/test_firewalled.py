from __future__ import annotations

import json
import subprocess
import sys

import pytest

from netwatch.lab.processes import missing_support
from tests.harness.requirements import require, require_tool

pytestmark = pytest.mark.slow

SAID = {
    "127.0.1.1": "failure host_unreachable",
    "127.0.1.2": "failure prohibited",
    "127.0.1.3": "failure network_unreachable",
    "127.0.1.5": "failure timeout",
    "127.0.1.6": "success ok",
    "fd00::1": "failure host_unreachable",
    "fd00::2": "success ok",
}


@pytest.mark.parametrize("options", [[], ["--raw"]], ids=["datagram", "raw"])
def test_what_a_firewall_answers_is_told_apart(options: list[str]) -> None:
    require_tool("nft")
    require_tool("ip")
    require(not missing_support(), "user and network namespaces")
    command = [sys.executable, "-m", "tests.probes.icmp.firewalled", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {address: said[address] for address in SAID} == SAID
    # A drop on this machine's own way out is told by the kernel at once: nothing was sent.
    assert said["127.0.1.4"] == "invalid local_error"
