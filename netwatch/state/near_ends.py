"""What the devices at the near ends of lines say of a silence: second evidence for a cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from netwatch.core.check import InterfaceCheck
from netwatch.core.measure_now import MeasureNow
from netwatch.core.token_bucket import TokenBucket
from netwatch.state.attachment import Key, target_key
from netwatch.state.check_status import CheckStatus
from netwatch.state.graph import Graph, Way
from netwatch.state.target import TargetStatus

NEAR_END_INTERVAL = 5.0
"""Seconds between two questions for the near end of one line."""

CUT_FRESH = 15.0
"""Seconds for which a report that a line was cut is evidence of a silence that began since."""


class NearEnds:
    """Asks for the interfaces of lines, and keeps which of them were lately reported as cut.

    Args:
        measure_now: has a check measured at once.
        bucket: the budget of all questions.
    """

    def __init__(self, measure_now: MeasureNow, bucket: TokenBucket) -> None:
        self._measure = measure_now
        self._bucket = bucket
        self._asked: dict[str, float] = {}  # when the near end of each line was
        self._cut: dict[str, float] = {}  # when each line was reported

    def replace(self, graph: Graph, targets: Mapping[Key, TargetStatus]) -> None:
        """Know the lines of another graph from now on."""
        self._graph, self._targets = graph, targets
        self._asked = {link: at for link, at in self._asked.items() if link in graph.links}
        self._cut = {link: at for link, at in self._cut.items() if link in graph.links}

    def line_cut(self, link: str, now: float) -> None:
        """A device reports that a line has just been cut."""
        self._cut[link] = now

    def line_whole(self, link: str) -> None:
        """A device reports that a line is connected, or nothing any more."""
        self._cut.pop(link, None)

    def ask(self, key: Key, now: float) -> bool:
        """Have the near ends of all lines to a target asked; false when one must wait."""
        asked = [
            self._ask(way.link, way.via, interface, now)
            for way in self._graph.ways[key]
            if way.link is not None and (interface := self._interface(way.link, way.via))
        ]  # every one, also behind one that waits
        return all(asked)

    def say_cut(self, ways: Collection[Way], began: float) -> bool:
        """Whether every line that could reach a target was reported as cut since it is silent.

        Args:
            ways: the last steps to the target.
            began: monotonic time at which it fell silent, seconds.
        """
        reports = [self._cut.get(way.link) if way.link else None for way in ways]
        return all(at is not None and at > began - CUT_FRESH for at in reports)

    def _interface(self, link: str, end: Key) -> str | None:
        """The interface of a line at this end; None where the inventory doesn't name it."""
        ends = self._graph.links[link].a, self._graph.links[link].b
        return next((each.interface for each in ends if target_key(each.target) == end), None)

    def _ask(self, link: str, end: Key, interface: str, now: float) -> bool:
        if now - self._asked.get(link, -NEAR_END_INTERVAL) < NEAR_END_INTERVAL:
            return False
        for status in self._readers(end):
            if not self._bucket.take(now):
                return False
            self._asked[link] = now
            self._measure(InterfaceCheck.of(status.check, interface))
        return True

    def _readers(self, key: Key) -> Iterable[CheckStatus]:
        """The checks that read the interfaces of a device."""
        checks = self._targets[key].checks
        return (status for status in checks if status.check.params.traits.reads_interfaces)
