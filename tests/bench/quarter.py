"""A quarter of a province through the rules: each site's month against what is known to be true.

``python -m tests.bench.quarter [SITES] [DAYS]``; 300 sites and 95 days take two hours.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.harness import quarter

COMPLETE = 0.9999
"""Of a month's share that is covered: from here on its availability must be right."""

MAX_ERROR = 0.01
"""Percentage points that the availability of a complete month may be off."""


def main(sites: int, days: float) -> None:
    """Print the rows of docs/benchmarks.md."""
    story = quarter.told(1, sites, days)
    with TemporaryDirectory() as home:
        recorded = quarter.recorded(story, Path(home))
    wrong = 0
    for month in quarter.over(story):
        errors, covered = [], []
        for site in story.sites:
            true, got = quarter.truth(story, site, month), recorded[site, month.name]
            errors.append(100 * (share(got) - share(true)))
            covered.append(sum(got.values()) / (month.end - month.begin))
        off = np.abs(errors)
        wrong += int(np.sum((off > MAX_ERROR) & (np.array(covered) >= COMPLETE)))
        print(
            f"| {month.name}, {sites} sites: error, median and worst, in percentage points |"
            f" {np.median(off):.5f}, {off.max():.5f} | covered {min(covered):.4f} at the least |"
        )
    print(f"| wrong by more than {MAX_ERROR} and not marked as incomplete | {wrong} | |")


def share(seconds: dict[str, float]) -> float:
    """The availability of these seconds."""
    return seconds["available"] / (seconds["available"] + seconds["lost"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or ("300", "95")))
