"""From a cut to the truth: ``python -m tests.bench.detection [CUTS]``; about a minute for each.

The lab plays the shipped province, and the daemon watches it with the shipped settings. Lines of
districts are cut at random moments, for 25 s each. The lab's log says when; the status page is
asked twice a second what it shows.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.table import row
from tests.harness.demo import Demo, playing

INVENTORY = Path(__file__).parents[2] / "config" / "inventory"

SETTLE = 60.0
"""Seconds until everything is known and calm."""

CUT_LASTS, CALM_LASTS = 25.0, 25.0

PAGE_INTERVAL = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """What the status page showed.

    Attributes:
        at: Unix time.
        roots: what is at fault.
        suspected: what may be.
        own: sites that are shown with a fault of their own.
        gone: sites that are down or unreachable.
    """

    at: float
    roots: frozenset[str]
    suspected: frozenset[str]
    own: frozenset[str]
    gone: frozenset[str]


def look(demo: Demo) -> Page:
    """Ask the page once."""
    status: dict[str, Any] = demo.status()
    sites = status["sites"]
    roots = frozenset(fault["root"] for fault in status["faults"])
    own = {s["id"] for s in sites if s["state"] in {"degraded", "down"} and s["root"] not in roots}
    return Page(
        time.time(),
        roots,
        frozenset(each["root"] for each in status.get("suspected", ())),
        frozenset(own),
        frozenset(s["id"] for s in sites if s["state"] in {"down", "unreachable"}),
    )


def script(cuts: int, chance: random.Random) -> tuple[str, list[str]]:
    """A fault script, and the districts that are cut in this order."""
    districts = sorted(path.stem for path in (INVENTORY / "districts").glob("*.yaml"))
    single = [each for each in districts if each != "chi-linh"]  # that one has two lines
    chosen = [chance.choice(single) for _ in range(cuts)]
    at, lines = SETTLE, ["faults:"]
    for each in chosen:
        at += chance.uniform(0, 10)
        lines.append(f"  - {{at: {at:.2f}s, for: {CUT_LASTS:g}s, cut: {each}}}")
        at += CUT_LASTS + CALM_LASTS
    return "\n".join(lines), chosen


def judge(site: str, began: float, pages: list[Page], behind: int) -> tuple[float, float, int]:
    """Seconds until the cause is named and all behind is right, and most problems at one time."""
    during = [page for page in pages if began <= page.at < began + CUT_LASTS]
    root = f"link:{site}-uplink"
    named = min((page.at - began for page in during if root in page.roots), default=inf)
    right = min((page.at - began for page in during if len(page.gone) >= behind), default=inf)
    most = max(len(page.roots | page.suspected) + len(page.own) for page in during)
    for page in during:
        shown = f"{sorted(page.roots)} suspected {sorted(page.suspected)} own {sorted(page.own)}"
        print(f"    {page.at - began:5.1f} s: {shown}, {len(page.gone)} gone", file=sys.stderr)
    return named, right, most


def main() -> None:
    """Play, look, and print the distribution."""
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    faults, districts = script(cuts, random.Random(time.time()))  # noqa: S311
    pages: list[Page] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "faults.yaml").write_text(faults, encoding="utf-8")
        with playing(directory, INVENTORY, {}) as demo:
            while len(demo.events("fault", action="end")) < cuts:
                pages.append(look(demo))
                time.sleep(PAGE_INTERVAL)
            begins = [event["time"] for event in demo.events("fault", action="begin")]
            sites = demo.status()["sites"]
    found = []
    for site, began in zip(districts, begins, strict=True):
        behind = 1 + sum(each["parent"] == site and bool(each["targets"]) for each in sites)
        found.append(judge(site, began, pages, behind))
        print(f"{site}: cause {found[-1][0]:.1f} s, all {found[-1][1]:.1f} s", file=sys.stderr)
    for what, place in (("cause on the page", 0), ("all sites behind right", 1)):
        seconds = [each[place] for each in found]
        row(f"{what}, {cuts} cuts", f"{median(seconds):.1f} s", f"longest {max(seconds):.1f} s")
    row("most problems shown at one moment", str(max(each[2] for each in found)), "")


if __name__ == "__main__":
    main()
