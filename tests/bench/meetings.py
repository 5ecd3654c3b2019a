"""Measures a preflight of 300 rooms in the lab: ``python -m tests.bench.meetings``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from netwatch.meetings.monitor.checks import MAX_SITE_BITRATE
from tests.bench.table import row
from tests.harness.meetings import make_calendar

SHIPPED = Path(__file__).parents[2] / "config" / "inventory"
ROOMS = 300
SITES_CUT = ("thanh-ha", "kinh-mon")
PATIENCE = 180.0

PLAN = """
sites:
{sites}
meetings: {{}}
calendars:
  all:
    name_vi: Toàn tỉnh
    file: {calendar}
    level: province-district
    participants: {{tiers: [department, district, commune, party-office]}}
"""
SITE = (
    "  more-{0}: {{tier: commune, parent: nam-sach, name_vi: Xã Thêm {0}, targets:"
    " {{router: 10.22.{1}.1, codec: 10.22.{1}.20}},"
    " uplink: {{carrier: VNPT, capacity: 20M}}}}"
)


def main() -> None:
    """Print the rows of docs/benchmarks.md."""
    for how, faults in (
        ("all well", ""),
        ("two districts cut", "".join(f"  - {{at: 0s, cut: {s}}}\n" for s in SITES_CUT)),
    ):
        with tempfile.TemporaryDirectory(prefix="netwatch-bench-") as home:
            meeting, traffic = _preflight(Path(home), faults)
        counts = meeting["counts"]
        what = f"preflight of {meeting['invited']} rooms, {how}"
        row(f"{what}: from the first question to the last answer", f"{meeting['took']:.1f} s")
        said = ", ".join(f"{count} {readiness}" for readiness, count in counts.items())
        row(f"{what}: what it said", said)
        minute, second = _busiest(traffic, meeting)
        limit = f"limit {MAX_SITE_BITRATE / 1000:.0f} kbit/s"
        row(f"{what}: busiest site, mean of 60 s", f"{minute / 1000:.1f} kbit/s", limit)
        row(f"{what}: busiest site, busiest second", f"{second / 1000:.1f} kbit/s")


def _preflight(home: Path, faults: str) -> tuple[Any, dict[str, dict[int, int]]]:
    """The meeting when all rooms were measured, and bits by site and second."""
    inventory = home / "inventory"
    shutil.copytree(SHIPPED, inventory)
    (inventory / "meetings.yaml").unlink()
    calendar = home / "calendar.ics"
    start = datetime.now(UTC) + timedelta(minutes=45)
    event = {"SUMMARY": "all", "DTSTART": f"{start:%Y%m%dT%H%M%SZ}", "DURATION": "PT1H"}
    calendar.write_text(make_calendar(event), encoding="utf-8")
    codecs = sum(path.read_text().count("codec: 10.") for path in inventory.rglob("*.yaml"))
    more = "\n".join(SITE.format(n, 100 + n) for n in range(ROOMS - codecs))
    plan = PLAN.format(sites=more, calendar=calendar)
    (inventory / "more.yaml").write_text(plan, encoding="utf-8")
    (home / "faults.yaml").write_text(f"faults:\n{faults}" if faults else "faults: []\n")
    with _lab(home, inventory) as listen:
        meeting = _measured(listen)
    lines = _counted(home / "traffic").splitlines()
    traffic: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for second, site, octets in map(str.split, lines):
        traffic[site][int(second)] += int(octets) * 8
    return meeting, traffic


def _busiest(traffic: dict[str, dict[int, int]], meeting: Any) -> tuple[float, float]:
    """Bits a second of the busiest site: over the minute of the preflight, and in one second."""
    begin = int(meeting["preflight"] - meeting["took"])
    minute = max(
        sum(bits for second, bits in seconds.items() if begin <= second < begin + 60) / 60
        for seconds in traffic.values()
    )
    return minute, max(max(seconds.values()) for seconds in traffic.values())


@contextmanager
def _lab(home: Path, inventory: Path) -> Iterator[str]:
    daemon = f"{sys.executable} -m tests.bench.sniff wan0 {home}/traffic & exec {sys.executable}"
    command = [
        *(sys.executable, "-m", "netwatch", "lab"),
        *("--faults", str(home / "faults.yaml"), "--log", str(home / "lab.jsonl")),
        *("--", "sh", "-c", f"{daemon} -m netwatch run"),
    ]
    settings = {"NETWATCH_INVENTORY": str(inventory), "NETWATCH_LISTEN": "127.0.0.1:0"}
    log = {"NETWATCH_LOG_LEVEL": "warning"}
    process = subprocess.Popen(command, env={**os.environ, **settings, **log})
    try:
        yield _listening(home / "lab.jsonl")
    finally:
        process.terminate()
        process.wait(30)


def _counted(file: Path) -> str:
    end = time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.1)  # it is written when the daemon has ended
    return file.read_text(encoding="ascii")


def _listening(log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for line in log.read_text().splitlines(keepends=True) if log.exists() else ():
            event = json.loads(line) if line.endswith("\n") else {"event": ""}
            if event["event"] == "start":
                return ":".join(map(str, event["listen"]))
        time.sleep(0.1)
    raise SystemExit("the lab did not start; see above")


def _measured(listen: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(1.0)
        try:
            with urllib.request.urlopen(f"http://{listen}/status.json", timeout=10) as answer:
                meetings = json.load(answer)["meetings"]
        except OSError:
            continue
        for meeting in meetings:
            if meeting["preflight"] is not None:
                return meeting
    raise SystemExit("the preflight did not come to its end")


if __name__ == "__main__":
    main()
