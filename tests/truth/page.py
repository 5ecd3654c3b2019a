"""One scrape of /metrics, with the times between which it was made."""

from __future__ import annotations

import re
import time
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field

_LINE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')

Labels = dict[str, str]


@dataclass(frozen=True)
class Page:
    """What was shown.

    Attributes:
        asked, answered: monotonic seconds; its figures are those of a moment in between.
        series: labels and value of each series, by name.
    """

    asked: float
    answered: float
    series: dict[str, list[tuple[Labels, float]]] = field(repr=False)

    def total(self, name: str, **wanted: str) -> float:
        """The sum of the series that have these labels; 0 where there is none."""
        return sum(
            value for labels, value in self.series.get(name, ()) if wanted.items() <= labels.items()
        )

    def by_site(self, name: str, **wanted: str) -> dict[str, float]:
        """Value by site, of a name that has one series with these labels for each site."""
        return {
            labels["site"]: value
            for labels, value in self.series.get(name, ())
            if wanted.items() <= labels.items()
        }

    def reach(self, histogram: str) -> float:
        """A bound that no observation of the program's own histogram is above."""
        buckets = self.series[f"{histogram}_bucket"]
        most = max(value for _, value in buckets)
        return min(float(labels["le"]) for labels, value in buckets if value == most)


def scrape(url: str) -> Page:
    """Read the page now."""
    asked = time.monotonic()
    with urllib.request.urlopen(url, timeout=10) as answer:
        text = answer.read().decode()
    answered = time.monotonic()
    series: dict[str, list[tuple[Labels, float]]] = defaultdict(list)
    for name, labels, value in _LINE.findall(text):
        series[name].append((dict(_LABEL.findall(labels)), float(value)))
    return Page(asked, answered, dict(series))
