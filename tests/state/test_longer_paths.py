"""Paths that are longer than usual: what else explains them, and how long they last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from netwatch.core.echo import OK, EchoResults
from netwatch.core.state import State
from netwatch.core.streams import Streams
from netwatch.export.echoes import EchoMetrics
from netwatch.export.exporter import Watched
from netwatch.export.longer_paths import USUAL_HOPS, LongerPaths
from netwatch.export.path_lengths import MIN_LASTING, USUAL_AFTER, PathLengths
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.sources.paths import CAUSE, TITLE, PathSource
from netwatch.incidents.words import BACK, EXPLAINED
from netwatch.lasting import LastingFacts, LastingStore
from netwatch.metrics import Registry, render
from netwatch.state.maintenance import Scope, Work
from tests.harness.builders import make_inventory
from tests.harness.ring import POLL, RingWatch

SETTLED = MIN_LASTING + POLL
"""Seconds in which routing has settled and every device was polled."""


class PathWatch:
    """The longer paths of a ring, whose replies begin with a time to live of 64."""

    def __init__(self, kept: LastingFacts | None = None) -> None:
        self.ring_watch = RingWatch()
        checks = self.ring_watch.checks.values()
        self.usual = kept or LastingFacts([USUAL_HOPS], checks)
        self.registry, streams = Registry(), Streams()
        streams.watch(self.ring_watch.checks.values())
        self.streams = streams
        self.echoes = EchoMetrics(self.registry, streams, self.ring_watch.states.echoes.qualities)
        self.ring_watch.states.echoes.qualities.grow(len(streams))
        self.echoes.watch({})
        where = self.registry, self.ring_watch.states, streams, self.echoes
        self.paths = LongerPaths(*where, self.usual)
        self.paths.watch(Watched.of(make_inventory()))
        self.initial = 64

    def run(self, seconds: float) -> dict[str, int]:
        """Let time pass; returns the hops more than usual by target, at the end of it."""
        for _ in range(int(seconds)):
            self.ring_watch.run(1.0)
            self._answer()
            self.paths.tick(self.ring_watch.now)
        return {"/".join(each.key): each.hops for each in self.paths.now(self.ring_watch.now)}

    def _answer(self) -> None:
        hops = self.ring_watch.ring.hops()
        known = {node: check for node, check in self.ring_watch.checks.items() if node in hops}
        rows, count = self.streams.rows(known.values()), len(known)
        ttls = np.array([self.initial - hops[node] for node in known], np.uint8)
        reasons, trips = np.full(count, OK, np.uint8), np.full(count, 0.004)
        self.echoes.settled(EchoResults(rows, reasons, np.zeros(count), 0.0, trips, ttls))


@pytest.fixture
def watch() -> PathWatch:
    watch = PathWatch()
    assert watch.run(SETTLED) == {}
    return watch


LONGER = {"d1/router": 2, "c1/router": 2, "v/gw-1": 1}
"""What is further away without the line from core 1 to district 1."""


def test_a_line_that_only_routing_has_lost_is_told_for_as_long_as_it_is(watch: PathWatch) -> None:
    watch.ring_watch.cut("core1-d1", hidden=True)
    assert watch.run(MIN_LASTING - 5) == {}, "routing may settle yet"
    assert watch.run(POLL) == LONGER
    assert watch.run(3 * SETTLED) == LONGER
    assert watch.ring_watch.faults() == {}
    assert watch.ring_watch.state("d1/router") is State.UP
    watch.ring_watch.ring.cut.clear()
    assert watch.run(3) == {}


def test_a_line_that_is_known_to_be_cut_is_why(watch: PathWatch) -> None:
    watch.ring_watch.cut("core1-d1")
    assert watch.run(2 * SETTLED) == {}
    assert watch.ring_watch.faults() == {"link:core1-d1": State.DEGRADED}


def test_a_router_without_power_is_why(watch: PathWatch) -> None:
    watch.ring_watch.kill("d3/router")
    assert watch.run(2 * SETTLED) == {}
    assert watch.ring_watch.faults() == {"target:d3/router": State.DOWN}


def test_a_fault_elsewhere_is_not_why(watch: PathWatch) -> None:
    watch.ring_watch.kill("c2/router")
    watch.ring_watch.cut("core1-d1", hidden=True)
    assert watch.run(SETTLED) == LONGER


@pytest.mark.parametrize(
    "scope", [Scope(links=frozenset({"core1-d1"})), Scope(targets=frozenset({("d2", "router")}))]
)
def test_planned_work_on_the_way_is_why(watch: PathWatch, scope: Scope) -> None:
    work = Work("w", "", 0.0, 1e12, scope)
    watch.ring_watch.states.work_on([work], watch.ring_watch.now)
    watch.ring_watch.cut("core1-d1", hidden=True)
    assert watch.run(2 * SETTLED) == {}


def test_a_system_that_sends_another_time_to_live_has_no_longer_path(watch: PathWatch) -> None:
    for watch.initial in (255, 128, 64):
        assert watch.run(SETTLED) == {}


def test_a_collector_that_begins_on_a_longer_path_learns_the_shorter_one() -> None:
    watch = PathWatch()
    watch.ring_watch.cut("core1-d1", hidden=True)
    assert watch.run(SETTLED) == {}
    watch.ring_watch.ring.cut.clear()
    assert watch.run(SETTLED) == {}
    watch.ring_watch.cut("core1-d1", hidden=True)
    assert watch.run(SETTLED) == LONGER


def test_a_path_that_is_shorter_for_a_moment_is_not_the_usual_one() -> None:
    paths = PathLengths()
    paths.watch(1, np.array([0]))
    for now, ttl in ((0.0, 60), (200.0, 62), (201.0, 60), (500.0, 60)):
        paths.look(np.array([ttl]), now)
    assert paths.longer(500.0) == []


def test_a_path_that_lasts_a_week_is_the_usual_one() -> None:
    paths = PathLengths()
    paths.watch(1, np.array([0]))
    for now, ttl in ((0.0, 62), (1.0, 60), (USUAL_AFTER, 60)):
        paths.look(np.array([ttl]), now)
    assert paths.longer(USUAL_AFTER) == [(0, 2, USUAL_AFTER - 1.0)]
    paths.look(np.array([60]), USUAL_AFTER + 1.0)
    assert paths.longer(USUAL_AFTER + 1.0) == []


def test_another_target_in_the_same_row_has_no_past() -> None:
    paths = PathLengths()
    paths.watch(1, np.array([0]))
    paths.look(np.array([62]), 0.0)
    paths.watch(2, np.array([0, 1]))
    for now in (1.0, 500.0):
        paths.look(np.array([50, 0]), now)
    assert paths.longer(500.0) == []


async def test_each_is_a_series_while_it_lasts(
    watch: PathWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def shown() -> list[str]:
        monkeypatch.setattr(
            "netwatch.export.longer_paths.time.monotonic", lambda: watch.ring_watch.now
        )
        list(watch.paths.refresh())
        monkeypatch.undo()
        lines = (await render(watch.registry)).decode().splitlines()
        return sorted(line for line in lines if line.startswith("netwatch_path_extra_hops{"))

    assert await shown() == []
    watch.ring_watch.cut("core1-d1", hidden=True)
    watch.run(SETTLED)
    assert await shown() == [
        'netwatch_path_extra_hops{site="c1",target="router"} 2.0',
        'netwatch_path_extra_hops{site="d1",target="router"} 2.0',
        'netwatch_path_extra_hops{site="v",target="gw-1"} 1.0',
    ]
    watch.ring_watch.ring.cut.clear()
    watch.run(3)
    assert await shown() == []


async def test_what_is_usual_outlives_the_daemon(watch: PathWatch, tmp_path: Path) -> None:
    """One that starts while a path is longer tells it as the former one did."""
    watch.ring_watch.cut("core1-d1", hidden=True)
    assert watch.run(SETTLED) == LONGER
    checks, store = watch.ring_watch.checks.values(), LastingStore(tmp_path, "paths.json")
    kept = LastingFacts([USUAL_HOPS], checks, store)
    async with kept.kept():
        for check, hops in watch.usual.told(USUAL_HOPS):
            kept.tell(check, [USUAL_HOPS.sample(hops)])
    again = LastingStore(tmp_path, "paths.json")
    await again.load()
    later = PathWatch(LastingFacts([USUAL_HOPS], checks, again))
    later.ring_watch.cut("core1-d1", hidden=True)
    assert later.run(MIN_LASTING - 5) == {}
    assert later.run(POLL) == LONGER


def test_thousands_of_longer_paths_are_found_in_slices(
    watch: PathWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netwatch.export.longer_paths.MAX_STEPS", 3)
    watch.ring_watch.cut("core1-d1", hidden=True)
    steps: list[int] = []
    look = watch.paths._look

    def counted(now: float) -> Iterator[None]:
        for _ in look(now):
            steps[-1] += 1
            yield

    monkeypatch.setattr(watch.paths, "_look", counted)
    tick = watch.paths.tick

    def ticked(now: float) -> None:
        steps.append(0)
        tick(now)

    monkeypatch.setattr(watch.paths, "tick", ticked)
    assert watch.run(SETTLED + 30) == LONGER
    assert max(steps) == 3


INCIDENT = Incident(Kind.LONGER, CAUSE, TITLE, Severity.WARNING, 0.0, 0.0)


class Source(PathSource):
    """The source of incidents, by the clock of a watch."""

    def __init__(self, watch: PathWatch, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(watch.paths)
        clock = "netwatch.incidents.sources.paths.time.monotonic"
        monkeypatch.setattr(clock, lambda: watch.ring_watch.now)


def test_they_are_one_incident_until_none_is_longer(
    watch: PathWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(watch, monkeypatch)
    assert source.seen() == []
    watch.ring_watch.cut("core1-d1", hidden=True)
    watch.run(SETTLED)
    (seen,) = source.seen()
    assert (seen.kind, seen.cause, seen.site in {"d1", "c1", "v"}) == (
        "longer",
        "paths:longer",
        True,
    )
    assert source.end_of(INCIDENT) is None
    watch.ring_watch.ring.cut.clear()
    watch.run(3)
    assert source.seen() == []
    assert source.end_of(INCIDENT) == BACK


def test_an_incident_of_longer_paths_ends_when_a_fault_explains_them(
    watch: PathWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(watch, monkeypatch)
    watch.ring_watch.cut("core1-d1", hidden=True)
    watch.run(SETTLED)
    watch.ring_watch.ring.hidden.clear()
    watch.run(POLL + 40)
    assert source.seen() == []
    assert source.end_of(INCIDENT) == EXPLAINED


def test_an_incident_of_longer_paths_goes_on_over_a_restart(
    watch: PathWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.run(60)
    later = PathWatch(watch.usual)
    later.ring_watch.cut("core1-d1", hidden=True)
    source = Source(later, monkeypatch)
    for _ in range(int(SETTLED)):
        later.run(1)
        if source.seen():
            return
        assert source.end_of(INCIDENT) is None
    raise AssertionError("they are not told again")
