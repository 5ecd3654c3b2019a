"""From a cut to the truth: ``python -m tests.bench.detection [CUTS [traps]]``; a minute for each.

The lab plays the shipped province; daemon, Prometheus and Alertmanager watch it with the shipped
settings. Lines of districts are cut at random moments, for 25 s each, and of every other one the
inventory doesn't know the interface at the near end. With ``traps`` the daemon hears those that the
devices send. The lab's log says when; the status page is
asked five times a second what it shows, and a webhook notes who is paged.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.table import row
from tests.harness import alertmanager, prometheus
from tests.harness.alertmanager import AS_SHIPPED, Message, Receivers
from tests.harness.demo import Demo, playing
from tests.harness.ports import free_port

INVENTORY = Path(__file__).parents[2] / "config" / "inventory"

SETTLE = 90.0
"""Seconds until everything is known and calm, and Prometheus has scraped."""

CUT_LASTS, CALM_LASTS = 25.0, 25.0

PAGE_INTERVAL = 0.2

MAX_WAIT = 90.0
"""Seconds from the last end within which its page must have come."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the status page showed.

    Attributes:
        at: Unix time.
        roots: what is at fault, and the sites behind it.
        suspected: what may be.
        own: sites that are shown with a fault of their own, and what that is.
        gone: sites that are down or unreachable.
    """

    at: float
    roots: dict[str, int]
    suspected: frozenset[str]
    own: frozenset[str]
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut, and how soon what was known; seconds, infinite when it never was.

    Attributes:
        site: the district.
        named: until its line was named as the cause.
        counted: until the cause had as many sites behind it as there are.
        right: until all of them were shown as gone.
        back: until all of them were up again, from the end of the cut.
        paged: until somebody was told.
        told: how many sites that message counted; None without one.
        behind: how many there are.
        most: most problems that were shown at one moment.
    """

    site: str
    named: float
    counted: float
    right: float
    back: float
    paged: float
    told: int | None
    behind: int
    most: int


def look(demo: Demo) -> Page:
    """Ask the page once."""
    status: dict[str, Any] = demo.status()
    sites = status["sites"]
    roots = {fault["root"]: fault["behind"] + 1 for fault in status["faults"]}
    own = {
        f"{site['id']}: {[target['cause'] for target in site['targets'] if target['cause']]}"
        for site in sites
        if site["state"] in {"degraded", "down"} and site["root"] not in roots
    }
    return Page(
        time.time(),
        roots,
        frozenset(each["root"] for each in status.get("suspected", ())),
        frozenset(own),
        frozenset(s["id"] for s in sites if s["state"] in {"down", "unreachable"}),
    )


def script(cuts: int, chance: random.Random) -> tuple[str, list[str]]:
    """A fault script, and the districts that are cut in this order; none twice in five minutes."""
    districts = sorted(path.stem for path in (INVENTORY / "districts").glob("*.yaml"))
    single = [each for each in districts if each != "chi-linh"]  # that one has two lines
    chance.shuffle(single)
    chosen = [single[number % len(single)] for number in range(cuts)]
    at, lines = SETTLE, ["faults:"]
    for each in chosen:
        at += chance.uniform(0, 10)
        lines.append(f"  - {{at: {at:.2f}s, for: {CUT_LASTS:g}s, cut: {each}}}")
        at += CUT_LASTS + CALM_LASTS
    return "\n".join(lines), chosen


def without_near_ends(inventory: Path, districts: list[str]) -> None:
    """Take the interfaces at the near ends of these districts' lines out of an inventory."""
    shutil.copytree(INVENTORY, inventory)
    for each in districts:
        file = inventory / "districts" / f"{each}.yaml"
        lines = file.read_text(encoding="utf-8").splitlines()
        kept = [
            line.partition(", parent_interface")[0] + "}" * ("parent_i" in line) for line in lines
        ]
        file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def judge(
    site: str, times: tuple[float, float], pages: list[Page], behind: int, told: list[Message]
) -> Cut:
    """How soon what was known of a cut, which the log says began and ended at these times."""
    began, ended = times
    during = [page for page in pages if began <= page.at < ended]
    after = [page for page in pages if ended <= page.at < ended + CALM_LASTS]
    root = f"link:{site}-uplink"
    for page in during:
        shown = f"{page.roots} suspected {sorted(page.suspected)} own {sorted(page.own)}"
        print(f"    {page.at - began:5.1f} s: {shown}, {len(page.gone)} gone", file=sys.stderr)
    of_it = [
        (message.at, alert)
        for message in told
        for alert in message.alerts
        if alert["labels"].get("cause") == root and message.at >= began
    ]
    at, alert = min(of_it, key=lambda each: each[0], default=(inf, None))
    count = alert["annotations"]["summary"].rpartition(":")[2] if alert else None
    return Cut(
        site,
        _first(page.at - began for page in during if root in page.roots),
        _first(page.at - began for page in during if page.roots.get(root) == behind),
        _first(page.at - began for page in during if len(page.gone) >= behind),
        _first(page.at - ended for page in after if not page.gone and root not in page.roots),
        at - began,
        None if count is None else int(count),
        behind,
        max(len(page.roots.keys() | page.suspected) + len(page.own) for page in during),
    )


def _first(moments: Iterator[float]) -> float:
    return min(moments, default=inf)


@contextmanager
def watching(
    home: Path, faults: str, untold: list[str], settings: dict[str, str]
) -> Iterator[tuple[Demo, Receivers]]:
    """The shipped province, watched with the shipped settings, and who is paged."""
    (home / "faults.yaml").write_text(faults, encoding="utf-8")
    without_near_ends(home / "inventory", untold)
    with ExitStack() as stack:
        demo = stack.enter_context(playing(home, home / "inventory", settings))
        receivers, hooks = stack.enter_context(alertmanager.receiving())
        to = stack.enter_context(alertmanager.running(home / "alertmanager", hooks, AS_SHIPPED))
        listen = f"127.0.0.1:{free_port()}"
        prometheus.write_unchanged_rules(home / "prometheus", listen, demo.listen, to, "15s")
        stack.enter_context(prometheus.launched(home / "prometheus", listen))
        yield demo, receivers


def main() -> None:
    """Play, look, and print the distribution."""
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    faults, districts = script(cuts, random.Random(time.time()))  # noqa: S311
    untold = districts[1::2]
    settings = {"NETWATCH_TRAPS": "0.0.0.0:162"} if "traps" in sys.argv else {}
    pages: list[Page] = []
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        demo, receivers = stack.enter_context(watching(home, faults, untold, settings))
        while not _is_over(ends := _times(demo, "end"), cuts):
            pages.append(look(demo))
            time.sleep(PAGE_INTERVAL)
        begins = _times(demo, "begin")
        sites = demo.status()["sites"]
        _wait_for_pages(receivers, f"link:{districts[-1]}-uplink", begins[-1])
    found = []
    for site, *times in zip(districts, begins, ends, strict=True):
        behind = 1 + sum(each["parent"] == site and bool(each["targets"]) for each in sites)
        found.append(judge(site, (times[0], times[1]), pages, behind, receivers.messages))
        print(found[-1], file=sys.stderr)
    show([each for each in found if each.site not in untold], "near end polled")
    show([each for each in found if each.site in untold], "near end unknown")
    _row("all back after the end", [each.back for each in found])
    _row("webhook", [each.paged for each in found])
    wrong = [each for each in found if each.told not in {each.behind, None}]
    row("pages with another number of sites than are behind", str(len(wrong)), "")
    row("most problems shown at one moment", str(max(each.most for each in found)), "")
    row("load of the machine", f"{os.getloadavg()[1]:.1f}", "mean of 5 min")


def show(found: list[Cut], of: str) -> None:
    """Print the distribution of some cuts."""
    if found:
        _row(f"cause on the page, {of}", [each.named for each in found])
        _row(f"number of sites right, {of}", [each.counted for each in found])
        _row(f"all sites behind right, {of}", [each.right for each in found])


def _row(what: str, seconds: list[float]) -> None:
    middle = f"{median(seconds):.1f} s"
    row(f"{what}, {len(seconds)} cuts", middle, f"longest {max(seconds):.1f} s")


def _times(demo: Demo, action: str) -> list[float]:
    return [event["time"] for event in demo.events("fault", action=action)]


def _is_over(ends: list[float], cuts: int) -> bool:
    return len(ends) == cuts and time.time() > ends[-1] + CALM_LASTS


def _wait_for_pages(receivers: Receivers, cause: str, began: float) -> None:
    def is_told(message: Message) -> bool:
        labels = [alert["labels"].get("cause") for alert in message.alerts]
        return message.at >= began and cause in labels

    end = time.monotonic() + MAX_WAIT
    while time.monotonic() < end and not any(map(is_told, list(receivers.messages))):
        time.sleep(1.0)


if __name__ == "__main__":
    main()
