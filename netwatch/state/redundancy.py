"""Lost redundancy: lines that are cut while what they lead to is still reached another way."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from netwatch.state.attachment import Key, target_key
from netwatch.state.graph import Graph
from netwatch.state.lines import Lines
from netwatch.state.reachability import Reachability

SIMULTANEOUS = 0.5
"""Seconds by which two devices may date the same moment differently."""


class Redundancy:
    """Tells lines that were cut from lines whose end lost its power.

    Interfaces at both ends of a line go down in either case. It is the line when its ends answered
    later; before that is known, nothing is said.

    Args:
        lines: what devices report.
        reachability: what answers.
    """

    def __init__(self, lines: Lines, reachability: Reachability) -> None:
        self._lines = lines
        self._reachability = reachability

    def was_cut_before(self, line: str, key: Key) -> bool:
        """Whether a target at an end of a line answered after the line was cut.

        What silences that target later is not this cut.
        """
        if line not in self._lines.cut:
            return False
        answered = self._reachability.last_answer(key)
        return answered is not None and answered > self._lines.cut_at(line) + SIMULTANEOUS

    def lost(self, graph: Graph, planned: AbstractSet[str], now: float) -> dict[Key, str]:
        """The targets that have lost one of several lines, each with the first such line.

        An end that hasn't been measured since the cut is measured at once.

        Args:
            graph: how targets are reached.
            planned: ids of the lines that are being worked on.
            now: monotonic seconds.
        """
        lost: dict[Key, str] = {}
        for line in sorted(self._lines.cut - planned):
            link = graph.links[line]
            ends = [target_key(end.target) for end in (link.a, link.b)]
            if self._have_answered(line, ends, now):
                for key in {key: None for end in ends for key in (end, *graph.behind[end])}:
                    ways = graph.ways[key]
                    if len(ways) > 1 and any(way.link == line for way in ways):
                        lost.setdefault(key, line)
        return lost

    def _have_answered(self, line: str, ends: Iterable[Key], now: float) -> bool:
        """Whether the ends of a line answered after it was cut, as far as they are measured."""
        known = [key for key in ends if self._reachability.last_answer(key) is not None]
        late = [key for key in known if not self.was_cut_before(line, key)]
        for key in late:
            if not self._reachability.is_failing(key):
                self._reachability.verify(key, now)
        return bool(known) and not late
