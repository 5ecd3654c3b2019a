"""What is done about silence and return beyond the slots: suspicion, and what stands behind it.

1. A target that falls silent is suspect, and asked (`Suspicions`) until it answers or is proven
   down.
2. What stands behind what is proven down is asked once (`Sweep`); one failure makes it silent, too.
3. What comes back is asked again at once, and then what stands behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.core.measure_now import MeasureNow
from netwatch.core.result import Outcome, Result
from netwatch.core.state import REACHABLE
from netwatch.state.attachment import Key, target_key
from netwatch.state.graph import Graph
from netwatch.state.openness import region_behind
from netwatch.state.root import Root
from netwatch.state.suspicions import Suspected, Suspicions
from netwatch.state.sweep import Sweep
from netwatch.state.target import TargetStatus
from netwatch.state.unstable import UnstablePaths

RETURN_GAP = 0.7
"""Seconds after the answer of a target that was down until it is asked again."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A target that is down, or cut off, for certain.

    Attributes:
        key: the target.
        since: monotonic time from which its silence was known, seconds.
        is_inferred: whether one failure was enough, because only silent ones lead to it.
    """

    key: Key
    since: float
    is_inferred: bool


class Doubts:
    """Follows what is in doubt.

    Args:
        measure_now: has a check measured at once.
        passing: silent targets that let through all the same; read, never changed.
        unstable_paths: tells what a bad one of several lines has lost.
    """

    def __init__(
        self, measure_now: MeasureNow, passing: Collection[Key], unstable_paths: UnstablePaths
    ) -> None:
        self._measure = measure_now
        self._suspicions = Suspicions(measure_now, passing, unstable_paths)
        self._sweep = Sweep(measure_now)
        self._returning: dict[Key, float] = {}  # when each has answered
        self._silent: set[Key] = set()

    def replace(self, graph: Graph, targets: Mapping[Key, TargetStatus]) -> None:
        """Follow other targets from now on; what is in doubt about those that stay remains so."""
        self._graph, self._targets = graph, targets
        self._at: dict[str, list[Key]] = defaultdict(list)  # the targets of each site
        for key in targets:
            self._at[key[0]].append(key)
        self._silent &= targets.keys()
        self._suspicions.replace(graph, targets)
        self._sweep.replace(targets)
        self._returning = {key: at for key, at in self._returning.items() if key in targets}

    def clear(self) -> None:
        """Doubt nothing, because the collector itself is blind."""
        self._suspicions.clear()
        self._sweep.clear()
        self._returning.clear()

    def suspected(self) -> Iterator[Suspected]:
        """What is told to people while it is not certain, one entry for each possible fault."""
        return self._suspicions.shown()

    def awaited_sites(self) -> Iterator[tuple[str, Root]]:
        """Sites of which nothing was heard since what they stand behind has gone, and that."""
        for site_id in {key[0] for key in self._sweep.awaited}:
            here = [key for key in self._at[site_id] if self._targets[key].state in REACHABLE]
            if here and all(self._targets[key].is_awaited for key in here):
                root = self.gone_above(here[0])
                if root is not None:
                    yield site_id, root

    def sites_behind(self, sites: Iterable[str]) -> Iterator[tuple[str, Root]]:
        """Those of these sites that only silent targets lead to, and what is at fault."""
        for site_id in sites if self._silent else ():
            here = [key for key in self._at[site_id] if self._targets[key].primary is not None]
            if here and all(map(self._suspicions.is_cut_off, here)):
                root = self._root_above(here[0])
                if root is not None:
                    yield site_id, root

    def gone_above(self, key: Key) -> Root | None:
        """What a target stands behind that has just gone; None when it was heard since."""
        if not self._targets[key].is_awaited:
            return None
        return self._root_above(key)

    def _root_above(self, key: Key) -> Root | None:
        verdicts = (self._targets[each].verdict for each in self._graph.upwards(key))
        return next((verdict.root for verdict in verdicts if verdict), None)

    def late(self, key: Key, now: float) -> None:
        """An echo to a target is late beyond what is usual for it."""
        if not self._suspicions.is_cut_off(key):
            self._suspicions.late(key, now)

    def hear(self, key: Key, result: Result) -> Proven | None:
        """Take in a valid result of a target's first check, after it was judged.

        Returns:
            What it proves; None when it is nothing.
        """
        target = self._targets[key]
        is_up = target.primary is not None and target.primary.hysteresis.hard is True
        if result.outcome is Outcome.SUCCESS:
            self._suspicions.drop(key)
            self._sweep.end(key)
            if target.verdict is not None:
                self._await(self._graph.above(key))
            if not is_up:
                target.is_awaited = True
                self._returning[key] = result.finished
            return None
        self._returning.pop(key, None)
        self._sweep.end(key)
        if is_up and self._suspicions.is_cut_off(key):
            return Proven(key, result.finished, is_inferred=True)
        if is_up:
            self._suspicions.lost(key, result.due, result.finished)
        return None

    def lines_changed(
        self, lines: Iterable[str], near: Key, cut: Collection[str], now: float
    ) -> None:
        """A device reports that lines were cut, or no longer: ask what stands at their other ends.

        Args:
            lines: those of which it reports something new.
            near: the device.
            cut: all lines that are reported as cut now.
            now: monotonic seconds.
        """
        for line in lines:
            link = self._graph.links[line]
            if line in cut:
                ends = {target_key(end.target) for end in (link.a, link.b)}
                self._suspicions.line_cut(line, ends - {near}, now)
            else:
                self._suspicions.line_whole(line)

    def judged(self, key: Key, target: TargetStatus) -> None:
        """Await what stands behind a target whose silence is explained, or is over."""
        is_silent = target.verdict is not None
        if is_silent is (key in self._silent):
            return
        self._suspicions.set_silent(key, is_silent=is_silent)
        if is_silent:
            self._silent.add(key)
            self._suspicions.drop(key)
            self._await_silence(key)
        else:
            self._silent.discard(key)
            self._await_return(key)

    def advance(self, now: float) -> list[Proven]:
        """Ask what is due; returns what is certain now."""
        certain = self._suspicions.advance(now)
        found = [Proven(each.key, each.began, is_inferred=False) for each in certain]
        if self._sweep.is_busy:
            found += [Proven(key, now, is_inferred=True) for key in self._sweep.advance(now)]
        for proven in found:
            self._sweep.end(proven.key)
        for key, answered in list(self._returning.items()):
            if now - answered >= RETURN_GAP:
                del self._returning[key]
                primary = self._targets[key].primary
                if primary is not None and primary.hysteresis.hard is False:
                    self._measure(primary.check)
        return found

    def _await_silence(self, key: Key) -> None:
        for each in region_behind(self._graph, key):
            primary = self._targets[each].primary
            is_up = primary is not None and primary.hysteresis.hard is True
            if is_up and not self._targets[each].is_awaited and self._suspicions.is_cut_off(each):
                self._suspicions.drop(each)
                self._sweep.begin(each)

    def _await_return(self, key: Key) -> None:
        region = region_behind(self._graph, key)
        self._await(region)
        for each in region:
            if not self._is_down(each):
                self._sweep.end(each)

    def _await(self, keys: Iterable[Key]) -> None:
        """Have those of these targets asked that are down."""
        for key in keys:
            if self._is_down(key) and not self._targets[key].is_awaited:
                self._sweep.begin(key)

    def _is_down(self, key: Key) -> bool:
        primary = self._targets[key].primary
        return primary is not None and primary.hysteresis.hard is False
