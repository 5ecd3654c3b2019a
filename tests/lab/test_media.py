"""What streams of test packets find, beside what the lab's wire did to them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netwatch.lab.processes import missing_support
from tests.harness.labs import ENVIRONMENT
from tests.harness.requirements import require

pytestmark = pytest.mark.slow

ROUTER = "10.30.4.1"

CLASSES = """
classes:
  reflecting:
    match: {roles: [router], tiers: [district]}
    checks: [{probe: stamp, gap: 5ms, packets: 300, interval: 60s, timeout: 3s}]
"""


def measured(directory: Path, fault: str) -> tuple[dict[str, float], dict[str, int]]:
    """The facts of one stream to the district in the south, and the wire's counts of it."""
    (directory / "inventory/more.yaml").write_text(CLASSES, encoding="utf-8")
    (directory / "faults.yaml").write_text(f"faults:\n  - {{at: 0s, {fault}}}\n", encoding="utf-8")
    begun = f"until grep -q begin {directory}/log; do sleep 0.05; done"
    probe = f"{sys.executable} -m netwatch probe south/router --json > {directory}/found"
    drive = [sys.executable, "-m", "tests.lab.drive", str(directory), "--"]
    subprocess.run(
        [*drive, "sh", "-c", f"{begun}; {probe}"], check=True, env=ENVIRONMENT, timeout=60
    )
    (result,) = json.loads((directory / "found").read_text(encoding="utf-8"))
    facts: dict[str, float] = {}
    for sample in result["samples"]:
        name = sample["name"].removeprefix("netwatch_media_")
        facts[".".join((name, *sample["labels"].values()))] = sample["value"]
    events: list[dict[str, Any]] = [
        json.loads(line) for line in (directory / "log").read_text(encoding="utf-8").splitlines()
    ]
    (counts,) = [event for event in events if event["event"] == "counts"]
    return facts, counts["paths"][ROUTER]


@pytest.fixture
def directory(province_dir: Path) -> Path:
    require(not missing_support(), "user namespaces")
    return province_dir.parent


def test_losses_are_those_of_the_wire(directory: Path) -> None:
    facts, counts = measured(directory, "loss: {site: south, ratio: 20%}")
    assert counts["seen"] == 300
    assert facts["loss_ratio.round-trip"] == counts["lost"] / 300
    assert 0.1 < counts["lost"] / 300 < 0.3
    assert facts["mos.g711-plc"] < 3


def test_delay_is_that_of_the_wire(directory: Path) -> None:
    facts, counts = measured(directory, "delay: {site: south, delay: 60ms, jitter: 40ms}")
    assert (counts["seen"], counts["lost"]) == (300, 0)
    assert facts["loss_ratio.round-trip"] == 0
    assert 0.060 <= facts["rtt_seconds.min"] < 0.070
    assert 0.070 < facts["rtt_seconds.median"] < 0.095
    # Evenly spread over 40 ms, two packets differ by 13 ms on average; on the way there only.
    assert 0.008 < facts["jitter_seconds.forward"] < 0.020
    assert facts["jitter_seconds.backward"] < 0.005
