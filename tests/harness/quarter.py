"""A quarter of a province whose truth is known, as the counters of a daemon, for promtool."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.harness.requirements import require_tool
from tests.harness.shipped_rules import DIRECTORY

SCRAPE = 60
"""Seconds between two scrapes."""

HOURS_AHEAD = 7
"""Moment 0 is 1 January 1970, 07:00 in the province."""

STATES = ("up", "down", "maintenance", "unknown")
COUNTED = {"available": "up", "lost": "down", "maintenance": "maintenance"}
"""What the rules call the time in each state."""

Seconds = npt.NDArray[np.float64]
Span = tuple[float, float]


@dataclass(frozen=True)
class Month:
    """A month of the province's zone, in seconds since moment 0."""

    name: str
    begin: float
    end: float


def months(hours_ahead: int) -> tuple[Month, ...]:
    """January to April 1970 in a zone that is so many hours ahead of UTC."""
    begins = np.cumsum([0, 31, 28, 31, 30]) * 86400.0 - 3600 * hours_ahead
    spans = pairwise(begins.tolist())
    return tuple(Month(f"1970-0{at}", begin, end) for at, (begin, end) in enumerate(spans, 1))


@dataclass(frozen=True)
class Story:
    """What happens in ``length`` seconds.

    Attributes:
        runs: of the daemon, each from its start to its end.
        unread: times in which nobody reads the daemon.
        months: by the zone of the province.
        sites: of each the edges between its spans, and the state of each span by its place.
    """

    length: float
    runs: tuple[Span, ...]
    unread: tuple[Span, ...]
    months: tuple[Month, ...]
    sites: dict[str, tuple[Seconds, npt.NDArray[np.int64]]]


def told(seed: int, sites: int, days: float, hours_ahead: int = HOURS_AHEAD) -> Story:
    """Restarts, power losses, blind times, outages, by chance; gaps, one over the first edge."""
    by_zone = months(hours_ahead)
    chance = np.random.default_rng(seed)
    length = days * 86400
    ends = np.round(np.sort(chance.uniform(0, length, max(3, int(days / 8)))))
    away = chance.choice([20, 20, 5000], len(ends))
    starts = np.concatenate([[0.0], ends + away])
    begun = zip(starts, np.append(ends, length), strict=True)
    runs = tuple((float(start), float(end)) for start, end in begun if start < end)
    gaps = [_span(chance, length, 180, 14000) for _ in range(max(2, int(days / 12)))]
    gaps.append((by_zone[0].end - 2500, by_zone[0].end + 1700))
    blind = [_span(chance, length, 300, 3600) for _ in range(max(1, int(days / 25)))]
    return Story(
        length,
        runs,
        tuple(gaps),
        by_zone,
        {f"s{number}": _site(chance, length, blind) for number in range(sites)},
    )


def _span(chance: np.random.Generator, length: float, least: float, most: float) -> Span:
    begin = round(chance.uniform(0, length))
    return begin, begin + round(chance.uniform(least, most))


def _site(
    chance: np.random.Generator, length: float, blind: list[Span]
) -> tuple[Seconds, npt.NDArray[np.int64]]:
    spans = [(*each, STATES.index("unknown")) for each in blind]
    for _ in range(1 + chance.poisson(length / 86400 / 4)):
        begin = round(chance.uniform(0, length))
        lasts = round(min(chance.lognormal(6.5, 1.3), 86400.0))
        state = STATES.index("maintenance" if chance.uniform() < 0.1 else "down")
        spans.append((begin, begin + lasts, state))
    edges = np.unique(np.clip([0, length, *(at for span in spans for at in span[:2])], 0, length))
    states = np.zeros(len(edges) - 1, np.int64)
    for first, last, during in reversed(spans):
        states[(edges[:-1] >= first) & (edges[1:] <= last)] = during
    return edges, states


def spent(story: Story, site: str, state: str, moments: Seconds) -> Seconds:
    """Seconds of a site in a state from moment 0 on until each of the moments."""
    edges, states = story.sites[site]
    lengths = np.where(states == STATES.index(state), np.diff(edges), 0.0)
    return np.interp(moments, edges, np.concatenate([[0.0], np.cumsum(lengths)]))


def truth(story: Story, site: str, month: Month) -> dict[str, float]:
    """Seconds of a month in which the daemon ran, by what they count for."""
    parts = np.array([[max(begin, month.begin), min(end, month.end)] for begin, end in story.runs])
    parts = parts[parts[:, 0] < parts[:, 1]]
    return {
        time: float(np.sum(np.diff(spent(story, site, state, parts), axis=1)))
        for time, state in COUNTED.items()
    }


def counter(story: Story, site: str, state: str) -> str:
    """What a counter shows at each scrape, as promtool writes it."""
    moments = np.arange(0, story.length, SCRAPE, dtype=np.float64)
    values = np.full(len(moments), np.nan)
    for begin, end in story.runs:
        within = (moments >= begin) & (moments < end)
        since = spent(story, site, state, np.array([begin]))
        values[within] = spent(story, site, state, moments[within]) - since
    for begin, end in story.unread:
        values[(moments >= begin) & (moments < end)] = np.nan
    return " ".join(_written(values))


def _written(values: Seconds) -> Iterator[str]:
    """Promtool's way; what ends is marked, as a scrape that fails does."""
    edges = np.flatnonzero(np.diff(np.isnan(values))) + 1
    for part in np.split(values, edges):
        if np.isnan(part[0]):
            yield "stale" + (f" _x{len(part) - 1}" if len(part) > 1 else "")
        else:
            yield from _ramps(part)


def _ramps(values: Seconds) -> Iterator[str]:
    steps = np.append(np.diff(values), 0)
    turns = (np.flatnonzero(np.diff(steps[:-1])) + 1).tolist()
    for begin, end in pairwise([0, *turns, len(values)]):
        yield f"{values[begin]:.0f}{steps[begin]:+.0f}x{end - begin - 1}"


def recorded(story: Story, home: Path) -> dict[tuple[str, str], dict[str, float]]:
    """Seconds by what they count for that the shipped rules have, an hour after each month.

    Returns:
        By site and month.
    """
    tests = [
        {
            "expr": f'site:netwatch_month_seconds:sum{{month="{month.name}"}}',
            "eval_time": f"{int(month.end) + 3600}s",
            "exp_samples": [],
        }
        for month in over(story)
    ]
    case = {
        "interval": f"{SCRAPE}s",
        "input_series": list(_series(story)),
        "promql_expr_test": tests,
    }
    test = {
        "rule_files": [str(DIRECTORY / "rules" / "months.yml")],
        "evaluation_interval": "4m",
        "tests": [case],
    }
    (home / "quarter.yml").write_text(json.dumps(test), encoding="utf-8")
    command = [require_tool("promtool"), "test", "rules", str(home / "quarter.yml")]
    # Nothing is expected, so it tells all that it got.
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    pattern = r'month="([\d-]+)", site="(\w+)", tier="commune", time="(\w+)"\} ([^\s,]+)'
    found: dict[tuple[str, str], dict[str, float]] = {}
    for month_name, site, time, value in re.findall(pattern, said):
        found.setdefault((site, month_name), {})[time] = float(value)
    assert len(found) == len(tests) * len(story.sites), said[-2000:]
    return found


def over(story: Story) -> list[Month]:
    """The months that are over for an hour at the end."""
    return [month for month in story.months if month.end + 3600 < story.length]


def _series(story: Story) -> Iterator[dict[str, str]]:
    zone = -story.months[0].begin
    yield {"series": "netwatch_timezone_offset_seconds", "values": _constant(story, zone)}
    for site in story.sites:
        info = f'netwatch_site_info{{instance="a",site="{site}",tier="commune"}}'
        yield {"series": info, "values": _constant(story, 1)}
        for state in COUNTED.values():
            labels = f'{{instance="a",site="{site}",state="{state}"}}'
            name = f"netwatch_site_state_seconds_total{labels}"
            yield {"series": name, "values": counter(story, site, state)}


def _constant(story: Story, value: float) -> str:
    return f"{value:.0f}x{int(story.length / SCRAPE)}"
