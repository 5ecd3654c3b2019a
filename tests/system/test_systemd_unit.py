"""The units as systemd reads them, without running them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow

UNITS = Path(__file__).parents[2] / "systemd"

EXPOSURE = 10
"""Tenths of the score of ``systemd-analyze security`` that the unit may have: 0 best, 100 worst."""

EXPOSURE_RAW = 13
"""With the drop-in for raw sockets."""

VANTAGES = ("netwatch-agent.service", "netwatch-gate.service")
"""Both ends of the way from a vantage to the centre."""

REPORT = "netwatch-report.service"


NOTIFY = "netwatch-notify.service"
"""Tells people what Alertmanager posts."""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, in a place where no drop-in is beside it."""
    return Path(shutil.copy(UNITS / "netwatch.service", tmp_path))


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [require_tool("systemd-analyze"), *arguments], capture_output=True, text=True, check=False
    )


def read(name: str) -> str:
    return (UNITS / name).read_text(encoding="utf-8")


def add_drop_in(unit: Path) -> None:
    directory = unit.with_name(f"{unit.name}.d")
    directory.mkdir()
    shutil.copy(UNITS / "drop-ins" / "raw-icmp.conf", directory)


def test_systemd_finds_no_mistake_in_the_socket_for_traps(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("/opt/netwatch/bin/netwatch", "/bin/true"))
    verified = analyze("verify", str(shutil.copy(UNITS / "netwatch-traps.socket", unit.parent)))
    assert (verified.stderr, verified.returncode) == ("", 0)


def test_reports_are_made_on_the_first_at_six(tmp_path: Path) -> None:
    (moment,) = re.findall(r"^OnCalendar=(.*)$", read("netwatch-report.timer"), re.MULTILINE)
    told = analyze("calendar", "--base-time=2026-11-30 12:00:00", moment).stdout
    assert re.search(r"Next elapse: Tue 2026-12-01 06:00:00", told), told
    shutil.copy(UNITS / "netwatch-report.timer", tmp_path)
    text = read(REPORT).replace("/opt/netwatch/bin/netwatch", "/bin/true")
    (tmp_path / REPORT).write_text(text)
    verified = analyze("verify", str(tmp_path / "netwatch-report.timer"))
    assert (verified.stderr, verified.returncode) == ("", 0)


def test_memory_has_a_bound_above_what_was_measured() -> None:
    (bound,) = re.findall(r"^MemoryMax=(\d+)G$", read("netwatch.service"), re.MULTILINE)
    assert int(bound) * 1000 > 631  # 30 000 sites, as the comment beside it says


@pytest.mark.parametrize("raw", [False, True])
def test_systemd_finds_no_mistake(unit: Path, *, raw: bool) -> None:
    if raw:
        add_drop_in(unit)
    # The program is not installed here; any that exists will do.
    unit.write_text(unit.read_text().replace("/opt/netwatch/bin/netwatch", "/bin/true"))
    verified = analyze("verify", str(unit))
    # Mistakes leave the exit status at 0.
    assert (verified.stderr, verified.returncode) == ("", 0)


@pytest.mark.parametrize("name", [*VANTAGES, NOTIFY, REPORT])
def test_systemd_finds_no_mistake_in_the_others(tmp_path: Path, name: str) -> None:
    text = re.sub("/usr/bin/prometheus|/opt/netwatch/bin/netwatch", "/bin/true", read(name))
    (tmp_path / name).write_text(text)
    verified = analyze("verify", str(tmp_path / name))
    assert (verified.stderr, verified.returncode) == ("", 0)


def test_verify_would_tell_a_mistake(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("Type=notify", "Type=notfy"))
    assert "notfy" in analyze("verify", str(unit)).stderr


@pytest.mark.parametrize(("raw", "limit"), [(False, EXPOSURE), (True, EXPOSURE_RAW)])
def test_exposure(unit: Path, limit: int, *, raw: bool) -> None:
    if raw:
        add_drop_in(unit)
    analysed = analyze("security", "--offline=true", f"--threshold={limit}", str(unit))
    assert analysed.returncode == 0, analysed.stdout + analysed.stderr


@pytest.mark.parametrize("name", [*VANTAGES, REPORT])
def test_exposure_of_the_others(name: str) -> None:
    analysed = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", str(UNITS / name))
    assert analysed.returncode == 0, analysed.stdout + analysed.stderr


def test_exposure_of_who_talks_to_services_outside() -> None:
    # A tenth more: their addresses change, so none can be named.
    unit, most = str(UNITS / NOTIFY), EXPOSURE + 1
    analysed = analyze("security", "--offline=true", f"--threshold={most}", unit)
    assert analysed.returncode == 0, analysed.stdout + analysed.stderr


def test_the_limits_are_tight(unit: Path) -> None:
    assert analyze(
        "security", "--offline=true", f"--threshold={EXPOSURE - 1}", str(unit)
    ).returncode


@pytest.mark.parametrize("name", [path.name for path in sorted(UNITS.glob("*.service"))])
def test_none_leaves_a_core_file_which_would_have_its_secrets(name: str) -> None:
    assert re.search(r"^LimitCORE=0$", read(name), re.MULTILINE)


@pytest.mark.parametrize("name", ["netwatch.service", *VANTAGES, NOTIFY, REPORT])
def test_every_capability_is_refused(name: str) -> None:
    text = read(name)
    assert re.search(r"^CapabilityBoundingSet=$", text, re.MULTILINE)
    assert re.search(r"^PrivateUsers=yes$", text, re.MULTILINE)
