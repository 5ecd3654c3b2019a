"""Which paths hold at this moment: the graph without its silent targets."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from netwatch.state.attachment import VANTAGE, Key
from netwatch.state.graph import Graph, Way
from netwatch.state.reachability import Reachability


class Paths:
    """The paths that hold.

    A silent target past which others answer cuts nothing off: it only doesn't answer itself.

    Attributes:
        graph: all paths.
        silent: the targets that are hard down by their own results.
        passing: those of them that forward traffic all the same.
    """

    def __init__(self, reachability: Reachability) -> None:
        self._reachability = reachability
        self.silent: set[Key] = set()
        self.passing: set[Key] = set()
        self._closed: dict[Key, float] = {}
        self._heard: dict[Key, tuple[float, float]] = {}  # begin of a silence, first answer behind

    def replace(self, graph: Graph, silent: set[Key]) -> None:
        """Use another graph and these silent targets from now on."""
        self.graph = graph
        self.silent = silent
        self.passing &= silent
        self._closed.clear()
        self._heard.clear()

    def to(self, key: Key) -> tuple[list[Way], list[Key]]:
        """The ways to a target that hold, and the silent targets that cut it off, if any do."""
        cut_by: list[Key] = []
        ways: list[Way] = []
        for way in self.graph.ways[key]:
            blocker = self._blocker(way.via)
            if blocker is None:
                ways.append(way)
            else:
                cut_by.append(blocker)
        if cut_by and ways and all(way.link is None and way.via != VANTAGE for way in ways):
            # No line leads over what is left, so it is only assumed to be another way.
            together = [each for each in cut_by if self.fell_together(key, each)]
            if together:
                return [], together
        needed = [each for group in self.graph.needed[key] for each in self._cutting(key, group)]
        return ways, needed if ways else cut_by + needed

    def _cutting(self, key: Key, group: tuple[Key, ...]) -> list[Key]:
        """The silent ones of a group, when none of it is left or they took the target along."""
        silent = [each for each in group if self._cuts(each)]
        if len(silent) == len(group):
            return silent
        return [each for each in silent if self.fell_together(key, each)]

    def fell_together(self, one: Key, other: Key) -> bool:
        """Whether two silent targets may have fallen silent in the same moment."""
        began_one, began_other = self._reachability.fall(one), self._reachability.fall(other)
        return began_one[0] < began_other[1] and began_other[0] < began_one[1]

    def behind(self, keys: Iterable[Key]) -> list[Key]:
        """The silent ones among these targets and all that stands behind them, the nearest first.

        Targets of which nothing is known are passed, targets that answer are not.
        """
        region = list(dict.fromkeys(keys))
        seen = set(region)
        for each in region:
            for behind in self.graph.behind.get(each, ()):
                passable = behind in self.silent or self._reachability.says_nothing(behind)
                if passable and behind not in seen:
                    seen.add(behind)
                    region.append(behind)
        return [key for key in region if key in self.silent]

    def needed(self, key: Key) -> list[Key]:
        """What a target depends on that is not silent: of a group one is enough."""
        return [
            each
            for group in self.graph.needed[key]
            for each in [one for one in group if not self._cuts(one)][:1]
        ]

    def only_behind(self, key: Key) -> list[Key]:
        """The targets that answer and can be reached only past this one."""
        return [
            each
            for each in self.graph.behind[key]
            if self._reachability.may_answer(each) and self._is_only_behind(each, key)
        ]

    def lets_through(self, key: Key) -> bool:
        """Whether some target answers that can be reached only past this silent one.

        One must answer now, and an answer must lie between two failures of the silent target. The
        first of them is remembered: of two that are asked as often, the last one mostly lies
        behind the last failure.
        """
        began, last = self._reachability.silence(key)
        began = max(began, self._closed.get(key, -inf))
        answers = [
            at
            for each in self.graph.behind[key]
            if (at := self._reachability.answered_at(each)) is not None
            and at > began
            and self._is_only_behind(each, key)
        ]
        if not answers:
            self._heard.pop(key, None)
            return False
        since, first = self._heard.get(key, (began, inf))
        self._heard[key] = began, min(answers if since != began else [*answers, first])
        return self._heard[key][1] < last

    def may_let_through(self, key: Key) -> bool:
        """Whether ``lets_through`` may become true before another result of those behind comes.

        Results of targets that go on answering are not reported here, so their last results are
        looked up.
        """
        return any(self._reachability.may_answer(each) for each in self.graph.behind[key])

    def close_unproven(self, key: Key) -> list[Key]:
        """Stop taking targets before this one for passing when nothing behind them answers.

        Returns:
            The targets that are no longer in ``passing``.
        """
        began = self._reachability.failing_since(key)
        if began is None:
            return []
        closed = [
            before
            for before in self.graph.before(key)
            if before in self.passing
            and not any(
                self._reachability.answers_since(each, began) for each in self.graph.behind[before]
            )
        ]
        self.passing.difference_update(closed)
        self._closed.update(dict.fromkeys(closed, began))
        return closed

    def _is_only_behind(self, key: Key, before: Key) -> bool:
        return all(way.via == before for way in self.graph.ways[key])

    def _cuts(self, key: Key) -> bool:
        return key in self.silent and key not in self.passing

    def _blocker(self, via: Key) -> Key | None:
        """The silent target that closes a way through ``via``; None when the way is open.

        A target of which nothing is known proves nothing, so what stands before it is looked at.
        """
        if self._cuts(via):
            return via
        unknown = [via] if self._reachability.says_nothing(via) else []
        found: Key | None = None
        for each in unknown:
            for way in self.graph.ways[each]:
                if self._cuts(way.via):
                    found = found or way.via
                elif not self._reachability.says_nothing(way.via):
                    return None
                elif way.via not in unknown:
                    unknown.append(way.via)
        return found
