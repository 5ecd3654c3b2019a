"""What the queries of the province's dashboard cost Prometheus, for 281 and for 12 083 sites."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.dashboards.history import scenes
from tests.dashboards.history.incidents import write_incidents
from tests.dashboards.history.page import (
    write_causes,
    write_echoes,
    write_inventory,
    write_objectives,
    write_states,
)
from tests.dashboards.history.store import store
from tests.dashboards.history.story import PER_MINUTE, Story
from tests.dashboards.history.tape import STEP, Tape
from tests.dashboards.history.wires import write_lines
from tests.harness.dashboards import Query, dashboards, queries
from tests.harness.prometheus import Prometheus

COPIES = 43
"""Provinces of 281 sites that together are a large one."""

_IDS = ("site", "parent", "place", "link", "a_site", "b_site", "cause", "incident", "window")
_UNUSED = re.compile(r"netwatch_icmp_(?!loss_ratio)\w+|if[A-Z]\w+|netwatch_link_(?!state|info)\w+")
"""What the dashboard doesn't ask for."""

_KEPT = 24
"""Samples a series, the last ones of the story."""

_TRIES = 10
_RANGE = 3600
"""Seconds that the dashboard looks back."""


async def history() -> Tape:
    """The end of the story of the shipped province, in which several things are wrong."""
    story = Story(scenes.shipped(), 40 * PER_MINUTE)
    scenes.tell(story)
    tape = Tape(scenes.at(0), story.length)
    await write_inventory(tape, story)
    for write in (write_states, write_echoes, write_causes, write_lines, write_objectives):
        write(tape, story)
    write_incidents(tape, story)
    watchdog = {"__name__": "ALERTS", "alertname": "NetwatchWatchdog", "alertstate": "firing"}
    tape.add_recorded(watchdog, story.sees())
    short = Tape(tape.start + STEP * (tape.length - _KEPT), _KEPT)
    used = [each for each in tape.series if not _UNUSED.fullmatch(each[0]["__name__"])]
    short.series = [(labels, values[-_KEPT:]) for labels, values in used]
    return short


def copied(tape: Tape, number: int) -> Tape:
    """The same province with other ids."""
    made = Tape(tape.start, tape.length)
    for labels, values in tape.series:
        own = {name: f"{labels[name]}-{number}" for name in _IDS if labels.get(name)}
        if own or not number:
            made.series.append((labels | own, values))
    return made


def seconds(prometheus: Prometheus, query: Query, end: int) -> float:
    """Processor time of one query, which a busy machine can't change; a mean of several tries."""
    expr = query.with_values({"tier": ".*", "network": ".*"}, f"{_RANGE}s")
    asked = {"query": expr}
    if not query.instant:
        asked |= {"start": str(end - _RANGE), "end": str(end), "step": "15"}
    began = _processor_time(prometheus)
    for _ in range(_TRIES):
        when = asked | ({"time": str(end)} if query.instant else {})
        prometheus.get("query" if query.instant else "query_range", **when)
    return (_processor_time(prometheus) - began) / _TRIES


def _processor_time(prometheus: Prometheus) -> float:
    (told,) = re.findall(
        r"^process_cpu_seconds_total (\S+)$", prometheus.own_metrics(), re.MULTILINE
    )
    return float(told)


def measure(copies: int) -> dict[str, float]:
    """Processor seconds of each query of the dashboard, by panel and query."""
    with tempfile.TemporaryDirectory() as directory, store(Path(directory)) as prometheus:
        tape = asyncio.run(history())
        for number in range(copies):
            copied(tape, number).send(prometheus.url)
        end = tape.start + STEP * (tape.length - 1)
        asked = queries(dashboards()["netwatch-province"])
        return {str(query): seconds(prometheus, query, end) for query in asked}


def main() -> None:
    """Print the rows."""
    for copies in (1, COPIES) if "--large" not in sys.argv else (COPIES,):
        took = measure(copies)
        slowest = max(took, key=lambda name: took[name])
        print(
            f"| slowest of {len(took)} queries of the province's dashboard, {281 * copies} sites |"
            f" {1000 * took[slowest]:.0f} ms | median {1000 * median(took.values()):.0f} ms;"
            f" {slowest} |",
            flush=True,
        )
        if "--each" in sys.argv:
            for name, spent in sorted(took.items(), key=lambda each: -each[1]):
                print(f"{1000 * spent:8.0f} ms  {name}")


if __name__ == "__main__":
    main()
