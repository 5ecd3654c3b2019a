"""``netwatch meetings`` in the lab: what it says of the rooms, beside what was done to them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netwatch.lab.processes import missing_support
from tests.harness.lab_province import write_province
from tests.harness.labs import ENVIRONMENT
from tests.harness.requirements import require

pytestmark = pytest.mark.slow

MEETINGS = """
classes:
  codec:
    match: {roles: [codec]}
    checks:
      - {probe: icmp, interval: 5s}
      - {probe: sip, interval: 60s, timeout: 2s}
meetings:
  giao-ban:
    name_vi: Giao ban
    level: province-district
    start: 2026-01-05 08:00
    duration: 23h
    repeat: FREQ=DAILY
    participants: {tiers: [district, commune]}
"""

CODEC = """\
  codec:
    match: {roles: [codec]}
    checks: [{probe: icmp, interval: 5s}, {probe: tcp, port: 1720, interval: 30s}]
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    require(not missing_support(), "user namespaces")
    inventory = write_province(tmp_path / "inventory")
    province, sites = inventory / "province.yaml", inventory / "sites.yaml"
    province.write_text(province.read_text().replace(CODEC, ""))
    text = sites.read_text().replace(
        "{router: 10.30.2.1}", "{router: 10.30.2.1, codec: 10.30.2.20}"
    )
    sites.write_text(text.replace("{router: 10.30.3.1}", "{router: 10.30.3.1, codec: 10.30.3.20}"))
    (inventory / "more.yaml").write_text(MEETINGS)
    return tmp_path


def said(directory: Path, *options: str) -> tuple[int, list[str]]:
    (directory / "faults.yaml").write_text("faults:\n  - {at: 0s, cut: north-one}\n")
    wait = f"until grep -q begin {directory}/log; do sleep 0.05; done"
    command = f"{wait}; {sys.executable} -m netwatch meetings {' '.join(options)}"
    drive = [sys.executable, "-m", "tests.lab.drive", str(directory), "--", "sh", "-c", command]
    done = subprocess.run(
        drive,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=ENVIRONMENT | {"TZ": "UTC"},
    )
    return done.returncode, done.stdout.splitlines()


def test_the_room_whose_line_is_cut_is_named_and_no_other(directory: Path) -> None:
    status, lines = said(directory, "--days", "2", "--check")
    assert status == 1
    assert "3 phòng / rooms" in lines[0]
    rooms = [line.strip() for line in lines if line.startswith("  ")]
    assert rooms[0].startswith("north-one/codec: CHƯA SẴN SÀNG / NOT READY - không tới được")
    assert rooms[1:] == ["2/3 sẵn sàng / ready"]


def test_without_check_it_only_lists(directory: Path) -> None:
    status, lines = said(directory)
    assert status == 0
    assert len(lines) in {7, 8}
    assert all("Giao ban" in line for line in lines)


def test_wrong_days_are_told_in_a_line(directory: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "netwatch", "meetings", "--days", "0"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "NETWATCH_INVENTORY": str(directory / "inventory")},
    )
    assert done.returncode == 2
    assert done.stderr == (
        "--days: phải là số nguyên từ 1 đến 366 / must be a whole number from 1 to 366\n"
    )
