"""Which ways hold at this moment: the graph, and the silent targets on it."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from netwatch.state.attachment import Key
from netwatch.state.graph import Graph, Way
from netwatch.state.reachability import Reachability


class Paths:
    """The graph with its silent targets.

    A silent target past which others answer cuts nothing off: it only doesn't answer itself.

    Attributes:
        silent: all that is hard down by its own results.
        passing: those among them that let others through.
    """

    def __init__(self, knowledge: Reachability) -> None:
        self._knowledge = knowledge
        self.silent: set[Key] = set()
        self.passing: set[Key] = set()
        self._closed: dict[Key, float] = {}

    def replace(self, graph: Graph, silent: set[Key]) -> None:
        """Use another graph from now on."""
        self.graph = graph
        self.silent = silent
        self.passing &= silent
        self._closed.clear()

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
        needed = [each for each in self.graph.needed[key] if self._cuts(each)]
        return ways, needed if ways else cut_by + needed

    def behind(self, keys: Iterable[Key]) -> list[Key]:
        """The silent ones among these targets and all that stands behind them, the nearest first.

        It goes through what is unknown, but not through what answers.
        """
        region = list(dict.fromkeys(keys))
        seen = set(region)
        for each in region:
            for behind in self.graph.behind.get(each, ()):
                passable = behind in self.silent or self._knowledge.is_unknown(behind)
                if passable and behind not in seen:
                    seen.add(behind)
                    region.append(behind)
        return [key for key in region if key in self.silent]

    def lets_through(self, key: Key) -> bool:
        """Whether something answers that can be reached only past this silent target.

        It must do so while the target itself did not, before and after that.
        """
        began, last = self._knowledge.silence(key)
        began = max(began, self._closed.get(key, -inf))
        return any(
            self._knowledge.answers_between(each, began, last) and self._is_only_behind(each, key)
            for each in self.graph.behind[key]
        )

    def may_let_through(self, key: Key) -> bool:
        """Whether ``lets_through`` may become true before another result of those behind comes.

        Nobody tells of the results of a target that goes on answering, so it is looked at.
        """
        return any(self._knowledge.may_answer(each) for each in self.graph.behind[key])

    def close_unproven(self, key: Key) -> list[Key]:
        """Take back that targets before this one let others through, if nobody answers any more.

        Returns the targets that it was taken back from.
        """
        began = self._knowledge.failing_since(key)
        if began is None:
            return []
        closed = [
            before
            for before in self.graph.before(key)
            if before in self.passing
            and not any(
                self._knowledge.answers_since(each, began) for each in self.graph.behind[before]
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
        """The silent target that closes a way; None when it is open.

        Through what is unknown one has to look further up: it proves nothing.
        """
        if self._cuts(via):
            return via
        unknown = [via] if self._knowledge.is_unknown(via) else []
        found: Key | None = None
        for each in unknown:
            for way in self.graph.ways[each]:
                if self._cuts(way.via):
                    found = found or way.via
                elif not self._knowledge.is_unknown(way.via):
                    return None
                elif way.via not in unknown:
                    unknown.append(way.via)
        return found
