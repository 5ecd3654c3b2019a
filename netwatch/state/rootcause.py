"""Root cause: which silent targets are at fault, and which only stand behind one that is.

A silent target that can be reached up to itself is the first that a fault silences; one whose every
way is cut stands behind. That is right in whatever order the results of one slot come in, because a
target is judged only when everything before it was measured later than its own first failure. What
was not is measured at once, and the target keeps its old state until the answer is there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import inf

from netwatch.core.measure_now import MeasureNow
from netwatch.inventory.former_ids import FormerIds
from netwatch.state.attachment import Key, target_key
from netwatch.state.canaries import Canaries
from netwatch.state.graph import Graph, Way
from netwatch.state.lines import Lines
from netwatch.state.paths import Paths
from netwatch.state.reachability import Reachability
from netwatch.state.redundancy import Redundancy
from netwatch.state.root import Root, RootKind, RootVerdict
from netwatch.state.target import TargetStatus
from netwatch.state.unstable import NO_LINE, UnstablePaths

MAX_WITNESSES = 2
"""Targets behind a failing one that are measured, to know whether it still forwards."""


class RootCauses:
    """Finds the root cause of every silent target.

    Args:
        vantage: the canaries.
        lines: the lines that devices report as cut.
        measure_now: asked when it isn't known whether a target answers.

    Attributes:
        verdicts: of the silent targets whose root cause is known.
        redundancy: tells which lines were cut before.
        unstable_paths: tells what a bad one of several lines has lost.
    """

    def __init__(self, vantage: Canaries, lines: Lines, measure_now: MeasureNow) -> None:
        self.verdicts: dict[Key, RootVerdict] = {}
        self._vantage = vantage
        self._lines = lines
        self._reachability = Reachability(measure_now)
        self._paths = Paths(self._reachability)
        self.redundancy = Redundancy(lines, self._reachability)
        self.unstable_paths = UnstablePaths(lines, self._paths, self._reachability, self.verdicts)
        self._explained: dict[Root, float] = {}  # when an unstable path was why last
        self._cleared: dict[Key, float] = {}
        # First silent ones past which some target may still turn out to answer.
        self._closed: set[Key] = set()
        # First silent ones without proof: until when each waits, and who waits for whose result.
        self._waiting: dict[Key, float] = {}
        self._waiting_for: dict[Key, set[Key]] = {}
        self._there: set[Key] = set()  # those of ``passing`` of which another check answers
        self._asked: set[Key] = set()  # failing ones of which all else was measured

    @property
    def verifications(self) -> int:
        """How often a target was measured outside its slot."""
        return self._reachability.verifications

    @property
    def unstable(self) -> Collection[Root]:
        """The paths that lose a part of what they should carry."""
        return self._explained.keys()

    @property
    def passing(self) -> Collection[Key]:
        """The silent targets that let through all the same; the same set all the time."""
        return self._paths.passing

    def replace(
        self,
        graph: Graph,
        targets: Mapping[Key, TargetStatus],
        canaries: Iterable[Key],
        now: float,
    ) -> None:
        """Judge by another graph, other targets and canaries from now on."""
        self._canaries = tuple(canaries)
        self._reachability.targets = targets
        silent = {key for key in targets if self._reachability.is_silent(key)}
        self._paths.replace(graph, silent)
        self._cleared = {key: at for key, at in self._cleared.items() if key in targets}
        for key in self.verdicts.keys() - silent:
            del self.verdicts[key]
        self.unstable_paths.replace(graph)
        self._closed = set(self.verdicts)
        self._waiting, self._waiting_for = {}, {}
        self._there &= silent
        self._asked.clear()
        self._judge(silent, now)

    def rename(self, former: FormerIds) -> None:
        """Know targets and lines by their present ids; call it before ``replace``."""
        self._cleared = {former.key(key): at for key, at in self._cleared.items()}
        self._there = set(map(former.key, self._there))
        verdicts = [(key, each.renamed(former.cause)) for key, each in self.verdicts.items()]
        self.verdicts.clear()
        self.verdicts.update((former.key(key), verdict) for key, verdict in verdicts)
        renamed = {str(root): at for root, at in self._explained.items()}
        self._explained = {Root.parse(former.cause(text)): at for text, at in renamed.items()}

    def resume(self, verdicts: Mapping[Key, RootVerdict], now: float) -> None:
        """Take over the verdicts of the previous run until these targets are judged anew."""
        self.verdicts.update(verdicts)
        self._closed.update(verdicts)
        self._paths.silent.update(verdicts)
        self._judge(list(verdicts), now)

    def observe(self, key: Key, now: float) -> set[Key]:
        """Judge anew what the last result of a target concerns; returns where a verdict changed."""
        self._closed.update(self._paths.graph.before(key))
        is_silent, was_silent = self._reachability.is_silent(key), key in self._paths.silent
        if is_silent == was_silent:
            if self._vantage.suspect:  # who waits for this target goes on waiting
                return set()
            waiting = self._waiting_for.pop(key, set()) & self._waiting.keys()
            if is_silent:
                self._closed.add(key)
                waiting |= {key} if self._is_first(key) else set()
            else:
                self._ask_whether_it_is_there(key, now)
            return self._judge(waiting, now) if waiting else set()
        if is_silent:
            self._paths.silent.add(key)
            if self._reachability.is_there(key):  # it was, before; that may be over now
                self._reachability.ask_others(key)
            return self._judge(self._paths.behind([*self._paths.close_unproven(key), key]), now)
        self._paths.silent.discard(key)
        self._paths.passing.discard(key)
        self._waiting.pop(key, None)
        self._asked.discard(key)
        self._cleared[key] = now
        gone = set() if self.verdicts.pop(key, None) is None else {key}
        return gone | self._judge(self._paths.behind([key]), now)

    def reconsider(self, lines: Iterable[str], now: float) -> set[Key]:
        """Judge anew what lines of which something new is known lead to.

        Returns:
            The targets whose verdict changed.
        """
        links = self._paths.graph.links
        ends = {target_key(end.target) for id_ in lines for end in (links[id_].a, links[id_].b)}
        around = ends.union(*(self._paths.graph.behind[end] for end in ends))
        return self._judge({key for key in around if self._is_first(key)}, now)

    def tick(self, now: float) -> set[Key]:
        """Judge what time alone may decide; returns the targets whose verdict changed."""
        gone = {key for key in self._there if not self._reachability.is_there(key)}
        self._there -= gone
        self._paths.passing -= gone
        closed = {key for key in self._closed if self._is_first(key)} - self._paths.passing - gone
        opened = {key for key in closed if self._passes(key)}
        self._closed = {key for key in closed if self._paths.may_let_through(key)}
        news = self._paths.behind(opened | (gone & self._paths.silent))
        return self._judge({**self._waiting, **dict.fromkeys([*news, *self._lost()])}, now)

    def _passes(self, key: Key) -> bool:
        """Whether a silent target is there all the same; notes that it is."""
        is_there = self._reachability.is_there(key)
        if is_there:
            self._there.add(key)
        if is_there or self._paths.lets_through(key):
            self._paths.passing.add(key)
        return key in self._paths.passing

    def _ask_whether_it_is_there(self, key: Key, now: float) -> None:
        """Have all else measured that proves that a target is there, when it fails again.

        Once an outage, and not when what is before it fails too.
        """
        if not self._reachability.is_failing(key):
            self._asked.discard(key)
        elif self._reachability.is_failing_on(key, now):
            self._paths.lets_through(key)  # which remembers who answered meanwhile
            ways = self._paths.graph.ways[key]
            before = [self._reachability.is_failing(way.via) for way in ways]
            if key not in self._asked and not all(before):
                self._asked.add(key)
                self._reachability.ask_others(key)
                for each in self._paths.only_behind(key)[:MAX_WITNESSES]:
                    self._reachability.verify(each, now)
                for way in ways:
                    if len(ways) > 1 or not self._reachability.speaks_as(key, way.via):
                        self._reachability.ask_for_interfaces(way.via)

    def _judge(self, keys: Iterable[Key], now: float) -> set[Key]:
        """Judge those of these targets that nothing cuts off, then all that stands behind them."""
        if self._vantage.suspect:  # what fails now proves nothing
            self._waiting.update(dict.fromkeys(keys, inf))
            return set()
        changed: set[Key] = set()
        behind: list[Key] = []
        for key in keys:
            ways, cut_by = self._paths.to(key)
            if cut_by:
                self._waiting.pop(key, None)
                behind.append(key)
            elif self._is_proven(key, ways, now):
                self._waiting.pop(key, None)
                self._set_first(key, ways, now, changed)
        self._judge_behind(self._paths.behind([*changed, *behind]), changed)
        return changed

    def _set_first(self, key: Key, ways: list[Way], now: float, changed: set[Key]) -> None:
        """Give a target that nothing cuts off its root cause."""
        root = self._unstable_path(key, now) or self._root(key, ways)
        is_news = root.kind is RootKind.PATH and root not in self._explained
        is_there = key in self._paths.passing
        self._set(key, RootVerdict(root, is_first=True, is_there=is_there), changed)
        if root.kind is RootKind.PATH:
            self._explained.setdefault(root, now)
        if is_news:  # what was blamed before the others fell silent is lost as well
            for other in [each for each in self.verdicts if each != key and self._is_first(each)]:
                if self._unstable_path(other, now) == root:
                    self._set_first(other, self._paths.to(other)[0], now, changed)

    def _unstable_path(self, key: Key, now: float) -> Root | None:
        """The path that a silent target is lost on; None when it is silent by itself.

        When others are back it may be about to come back as well, and so it stays with the path
        until it failed as often as it takes to call it down.
        """
        root = self.unstable_paths.root(key, now)
        if root is not None:
            self._explained[root] = now
            return root
        old = self.verdicts.get(key)
        if old is None or old.root.kind is not RootKind.PATH:
            return None
        explained = self._explained.setdefault(old.root, now)
        is_left = self._reachability.fails_long_after(key, explained)
        return old.root if not is_left and self.unstable_paths.may_be_lost(key) else None

    def _lost(self) -> list[Key]:
        """The targets that are lost on unstable paths."""
        found = {key: v.root for key, v in self.verdicts.items() if v.root.kind is RootKind.PATH}
        for root in self._explained.keys() - set(found.values()):
            del self._explained[root]
        return list(found)

    def _judge_behind(self, region: list[Key], changed: set[Key]) -> None:
        """Give what is cut off the root cause of what cuts it off, from the top down, in rounds.

        A root cause is taken only from a target that no longer waits to be judged here, so that two
        targets of a ring can't keep each other's old one alive.
        """
        sources = {key: cut_by for key in region if (cut_by := self._paths.to(key)[1])}
        while sources:
            judged = []
            for key, cut_by in sources.items():
                verdicts = [self.verdicts.get(each) for each in cut_by if each not in sources]
                roots = [verdict.root for verdict in verdicts if verdict]
                if roots:
                    old = self.verdicts.get(key)
                    root = old.root if old and old.root in roots else roots[0]
                    self._set(key, RootVerdict(root, is_first=False), changed)
                    judged.append(key)
            if not judged:
                return  # what cuts them off is not judged yet
            for key in judged:
                del sources[key]

    def _set(self, key: Key, verdict: RootVerdict, changed: set[Key]) -> None:
        if self.verdicts.get(key) != verdict:
            self.verdicts[key] = verdict
            self._closed.add(key)
            changed.add(key)

    def _is_first(self, key: Key) -> bool:
        verdict = self.verdicts.get(key)
        return verdict is not None and verdict.is_first

    def _root(self, key: Key, ways: list[Way]) -> Root:
        """The root cause of a silent target that nothing cuts off.

        That is the line to it, when only one is in question; else the target itself. Lines that
        were cut before are not in question, unless all of them were.
        """
        before = self.redundancy.was_cut_before
        ways = [way for way in ways if way.link is None or not before(way.link, key)] or ways
        line = ways[0].link
        if len(ways) == 1 and line is not None and self._may_be_line(key, ways[0].via, line):
            return Root(RootKind.LINK, line)
        return Root(RootKind.TARGET, "/".join(key))

    def _may_be_line(self, key: Key, via: Key, line: str) -> bool:
        """Whether nothing proves that the only line to a target is whole.

        A device that is there, packets that go in circles, and a firewall that says no, are no
        matter of a line; and where IPv6 ends an answer over IPv4 proves nothing.
        """
        if key in self._paths.passing or self._reachability.reason(key) in NO_LINE:
            return False
        return line in self._lines.cut or self._reachability.speaks_as(key, via)

    def _is_proven(self, key: Key, ways: list[Way], now: float) -> bool:
        """Whether it is certain that the fault lies at a target or the line to it.

        Everything before it must have answered since the target began to fail. Where that was
        silent itself before, it must be back long enough for the target to have come back too.
        What has not answered yet is measured at once.
        """
        began = self._reachability.failing_since(key)
        needed = self._paths.graph.needed[key]
        cleared = [[self._cleared.get(way.via, -inf) for way in ways]]
        cleared += [[self._cleared.get(each, -inf) for each in group] for group in needed]
        free = max(map(min, cleared))
        if began is None or (free > began and not self._reachability.fails_long_after(key, free)):
            self._waiting[key] = inf
            return False
        before = [way.via for way in ways] + self._paths.needed(key)
        doubtful = [
            each
            for each in before
            if each not in self._paths.passing
            and not self._reachability.answers_since(each, began)
            and not self._paths.lets_through(each)
        ]
        if not self._sees_since(began):
            doubtful += self._canaries
        if not doubtful or now >= self._waiting.get(key, inf):
            self._passes(key)
            return True
        for each in doubtful:
            self._waiting_for.setdefault(each, set()).add(key)
        patience = max(self._verify(each, began, now) for each in doubtful)
        if self._waiting.setdefault(key, inf) == inf:
            self._waiting[key] = now + patience
        return False

    def _sees_since(self, began: float) -> bool:
        """Whether a canary answered since ``began``: the collector itself was not cut off."""
        answers = self._reachability.answers_since
        return not self._canaries or any(answers(each, began) for each in self._canaries)

    def _verify(self, key: Key, began: float, now: float) -> float:
        """Have a target and what is before it measured now; returns seconds that it may take."""
        patience = 0.0
        verified = [key]
        for each in verified:
            if each in self.verdicts or self._reachability.answers_since(each, began):
                continue
            if each not in self._paths.silent:
                patience = max(patience, self._reachability.verify(each, now))
            before = self._paths.graph.before(each)
            verified += [above for above in before if above not in verified]
        return patience
