"""What a list and a story cost in a journal of years: ``python -m tests.bench.incidents``."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.reader import Wanted, read_ended, read_open, read_story
from netwatch.incidents.view import incident_view, story_view
from netwatch.journal.file import NAME
from tests.harness.incidents import T
from tests.harness.many_incidents import fill, identity

COUNT = 10_000
ROUNDS = 30


def _milliseconds(ask: Callable[[], object]) -> str:
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - begin))
    return f"{median(taken):6.1f} ms in the middle, {max(taken):6.1f} ms at most"


def _list(path: Path, wanted: Wanted) -> list[object]:
    ended, _ = read_ended(path, wanted)
    return [incident_view(each) for each in (*read_open(path), *ended)]


def _story(path: Path) -> object:
    story = read_story(path, identity(COUNT // 2))
    assert story is not None
    return story_view(story, IncidentLinks())


def main() -> None:
    """Fill a journal, and ask it."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / NAME
        fill(path, COUNT)
        print(f"{COUNT} incidents, {path.stat().st_size / 1e6:.0f} MB")
        print("list     ", _milliseconds(lambda: _list(path, Wanted(0.0))))
        print("of 7 days", _milliseconds(lambda: _list(path, Wanted(T + 600 * (COUNT - 1008)))))
        print("of a site", _milliseconds(lambda: _list(path, Wanted(0.0, site="site-7"))))
        print("story    ", _milliseconds(lambda: _story(path)))


if __name__ == "__main__":
    main()
