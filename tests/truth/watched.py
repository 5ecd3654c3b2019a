"""The real daemon in the two-sided lab: what it says, and what the wire did."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netwatch.probes.icmp.probe import MAX_POLL_INTERVAL
from tests.harness.labs import ENVIRONMENT, Lab
from tests.harness.waiting import eventually
from tests.truth.page import Page, scrape
from tests.truth.province import CENTRE, Site, inventory

ECHO_COUNTERS = (
    "netwatch_icmp_sent_total",
    "netwatch_icmp_received_total",
    "netwatch_icmp_late_total",
    "netwatch_icmp_duplicate_total",
)
RELOADED = "netwatch_config_last_reload_timestamp_seconds"
LONGEST_HOLD = 0.5
"""Seconds that no fault of these tests holds a packet for longer than."""

# The wrapper writes its number and becomes the daemon, so that it can be told to reload.
RUN = 'echo $$ > "$0"; exec "$1" -m netwatch run'


@dataclass(frozen=True)
class Account:
    """All that is known of a story when nothing is under way any more.

    Attributes:
        page: what the daemon says.
        counts: what the wire did, by address.
        round_trips: seconds, as the wire measured them, by address.
        places: (site, target) by address.
    """

    page: Page
    counts: dict[str, dict[str, int]]
    round_trips: dict[str, list[float]]
    places: dict[str, tuple[str, str]]

    def said(self, name: str, address: str, **labels: str) -> float:
        """The daemon's figure for the target at this address."""
        site, target = self.places[address]
        return self.page.total(name, site=site, target=target, **labels)


class Watched:
    """A running lab with the daemon inside."""

    def __init__(self, lab: Lab, sites: Sequence[Site], timeout: float) -> None:
        self.lab = lab
        self._sites = sites
        self._timeout = timeout
        self._url = "http://{}:{}/metrics".format(*lab.listening())

    def page(self) -> Page:
        """What the daemon says now."""
        return scrape(self._url)

    def first_page(self) -> Page:
        """What it says as soon as it has started."""

        def page() -> Page | None:
            with contextlib.suppress(OSError):
                return self.page()
            return None

        return eventually(page)

    def settle(self) -> Account:
        """Stop probing without stopping the daemon, wait until all is quiet, and take account.

        With an interval of a day the checks and so their counters stay, and no slot comes.
        """
        before = self.page().total(RELOADED)
        at_rest = inventory(self._sites, self._timeout, interval="1d")
        (self.lab.directory / "inventory" / "province.yaml").write_text(at_rest, encoding="utf-8")
        os.kill(int((self.lab.directory / "pid").read_text()), signal.SIGHUP)
        eventually(lambda: self.page().total(RELOADED) > before)
        time.sleep(LONGEST_HOLD + self._timeout + MAX_POLL_INTERVAL)
        page, counts = eventually(self._quiet)
        counted = counts["paths"]
        assert (counts["overrun"], counts["overflowed"]) == (0, 0), (
            "the machine was too busy for the relay: this run says nothing about netwatch"
        )
        return Account(page, counted, self._round_trips(), self._places())

    def _quiet(self) -> tuple[Page, dict[str, Any]] | None:
        """Page and counts, when the page was the same before and after the counts were taken."""
        before, counts, after = self.page(), self._count(), self.page()
        if any(before.series[name] != after.series[name] for name in ECHO_COUNTERS):
            return None
        return after, counts

    def _count(self) -> dict[str, Any]:
        def counts() -> list[dict[str, Any]]:
            return [event for event in self.lab.log() if event["event"] == "counts"]

        so_far = len(counts())
        self.lab.process.send_signal(signal.SIGUSR1)
        return eventually(lambda: counts()[so_far:])[-1]

    def _round_trips(self) -> dict[str, list[float]]:
        found = defaultdict(list)
        for line in (self.lab.directory / "round-trips").read_text().splitlines():
            _, address, seconds = line.split()
            found[address].append(float(seconds))
        return found

    def _places(self) -> dict[str, tuple[str, str]]:
        routers = {
            address: (site.name, f"router-{number}")
            for site in self._sites
            for number, address in enumerate(site.addresses)
        }
        return {CENTRE.addresses[0]: (CENTRE.name, "canary"), **routers}


@contextlib.contextmanager
def watched(
    directory: Path, sites: Sequence[Site], faults: str, timeout: float
) -> Iterator[Watched]:
    """Run a story; the block decides how long it lasts. The lab must end as it should."""
    (directory / "inventory").mkdir()
    province = inventory(sites, timeout)
    (directory / "inventory" / "province.yaml").write_text(province, encoding="utf-8")
    (directory / "faults.yaml").write_text(faults, encoding="utf-8")
    files = {name: str(directory / name) for name in ("faults.yaml", "log", "round-trips", "pid")}
    command = [sys.executable, "-m", "netwatch", "lab", "--faults", files["faults.yaml"]]
    command += ["--log", files["log"], "--round-trips", files["round-trips"], "--"]
    command += ["sh", "-c", RUN, files["pid"], sys.executable]
    process = subprocess.Popen(
        command,
        env={
            **ENVIRONMENT,
            "NETWATCH_INVENTORY": str(directory / "inventory"),
            "NETWATCH_LISTEN": "127.0.0.1:0",
            "NETWATCH_VANTAGE": "here",
        },
        text=True,
        start_new_session=True,
    )
    lab = Lab(process, directory)
    try:
        yield Watched(lab, sites, timeout)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
