"""All suspicions: which silent target is the topmost, and so the only one that is asked again."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import inf

from netwatch.core.measure_now import MeasureNow
from netwatch.core.result import Outcome
from netwatch.core.token_bucket import TokenBucket
from netwatch.state.attachment import Key, target_key
from netwatch.state.graph import Graph, Way
from netwatch.state.near_ends import NearEnds
from netwatch.state.openness import only_behind, open_ways, region_behind
from netwatch.state.root import Root, RootKind
from netwatch.state.suspicion import (
    MIN_LOSSES_SHOWN,
    MIN_SILENCES_SOUGHT,
    Proof,
    Suspicion,
)
from netwatch.state.target import TargetStatus
from netwatch.state.unstable import UnstablePaths

MAX_SUSPICIONS = 512
"""Targets that are suspect at once. Beyond them ``down_after`` alone decides."""

MAX_QUESTION_RATE, MAX_QUESTION_BURST = 200.0, 400.0
"""Questions for all suspicions together: a second in the long run, and at once."""

MAX_CALL_RATE, MAX_CALL_BURST = 100.0, 100.0
"""The same for what stands above suspects, which must not wait behind them: there is the cause."""

MIN_CROWD = 16
"""Suspects at once from which on one silence is more than ordinary loss."""

MIN_TOGETHER = 3
"""Targets that fall silent at once, from which on what stands above them all is asked at once."""

MAX_WITNESSES = 2
"""Targets behind a silent one that are asked whether it lets through."""

MAX_HEARD = 32
"""Targets right behind it whose own slots are looked at: a bad one of several lines may lose both
witnesses."""

NEIGHBOURS_TIMEOUT = 2.0
"""Seconds from the question to its neighbours until a suspicion is told to people where parallel
lines lead to it: it may be one unstable path."""

REST_TIME = 15.0
"""Seconds for which a silent target isn't asked again after something behind it answered."""

UNHEARD_TIMEOUT = 2.0
"""Seconds after which a question that nothing came of is forgotten."""


@dataclass(frozen=True, slots=True)
class Suspected:
    """What may be cut, as it is shown to people.

    Attributes:
        root: the line or target in question.
        first: the target that is asked.
        since: Unix time at which it fell silent.
        sites: how many sites are there and behind it.
    """

    root: Root
    first: Key
    since: float
    sites: int


class Suspicions:
    """Asks about silent targets, the topmost only.

    Args:
        measure_now: has a check measured at once.
        passing: silent targets that let through all the same; read, never changed.
        unstable_paths: tells what a bad one of several lines has lost.
    """

    def __init__(
        self, measure_now: MeasureNow, passing: Collection[Key], unstable_paths: UnstablePaths
    ) -> None:
        self._measure = measure_now
        self._passing = passing
        self._unstable_paths = unstable_paths
        self._now = 0.0  # of the last look
        self._open: dict[Key, Suspicion] = {}
        self._resting: dict[Key, float] = {}  # until when
        self._silent: set[Key] = set()
        self._bucket = TokenBucket(MAX_QUESTION_RATE, MAX_QUESTION_BURST)
        self._calls = TokenBucket(MAX_CALL_RATE, MAX_CALL_BURST)
        self._near_ends = NearEnds(measure_now, self._bucket)

    def replace(self, graph: Graph, targets: Mapping[Key, TargetStatus]) -> None:
        """Judge by another graph and other targets; suspicions of targets that stay go on."""
        self._graph, self._targets = graph, targets
        self._silent &= targets.keys()
        self._resting = {key: until for key, until in self._resting.items() if key in targets}
        self._near_ends.replace(graph, targets)
        for key in [key for key in self._open if key not in targets]:
            del self._open[key]

    def clear(self) -> None:
        """Drop all, because the collector itself sees nothing."""
        self._open.clear()

    def set_silent(self, key: Key, *, is_silent: bool) -> None:
        """Note whether a target is silent for certain."""
        (self._silent.add if is_silent else self._silent.discard)(key)

    def late(self, key: Key, now: float) -> None:
        """An echo to a target is late beyond what is usual for it."""
        suspicion = self._open.get(key) or self._begin(key, now)
        if suspicion is not None:
            suspicion.delay(now)

    def lost(self, key: Key, due: float, now: float) -> None:
        """An echo to a target was lost; ``due``: the monotonic time of its slot."""
        suspicion = self._open.get(key) or self._begin(key, now)
        if suspicion is not None:
            suspicion.lose(due)

    def drop(self, key: Key) -> None:
        """The target answered, or is judged: it is not suspect any more."""
        self._open.pop(key, None)

    def line_cut(self, link: str, ends: Iterable[Key], now: float) -> None:
        """A device reports that a line has just been cut: ask those at its ends at once."""
        self._near_ends.line_cut(link, now)
        for key in ends:
            if key not in self._open:
                self._begin(key, now)

    def line_whole(self, link: str) -> None:
        """A device reports that a line is connected, or nothing any more."""
        self._near_ends.line_whole(link)

    def advance(self, now: float) -> list[Suspicion]:
        """Ask what is due; returns the suspicions that have just been proven."""
        if not self._open:
            return []
        self._now = now
        self._call_shared_doors(now)
        for suspicion in list(self._open.values()):
            self._look_up(suspicion, now)
        for key, suspicion in list(self._open.items()):
            if not suspicion.is_over and not self.ways(key):
                self.drop(key)  # what is silent above it is asked instead
        proven = [self._open[key] for key in self._asked_ones() if self._is_proven(key, now)]
        for suspicion in proven:
            suspicion.is_over = True
        return proven

    def _call_shared_doors(self, now: float) -> None:
        """Ask what stands above several targets that fell silent at once: it is more than loss."""
        new = [each for each in self._open.values() if each.silences and not each.has_looked]
        if len(new) >= MIN_TOGETHER:
            since = max(each.began for each in new)
            shared = Counter(key for each in new for key in self._graph.above(each.key))
            for key, count in shared.items():
                if count >= MIN_TOGETHER:
                    self._call(key, now, since)

    def _asked_ones(self) -> list[Key]:
        """One silent target a site, so that none takes the answers that a router may give."""
        first: dict[str, Key] = {}
        for key, suspicion in self._open.items():
            if suspicion.silences and not suspicion.is_over:
                first.setdefault(key[0], key)
        return list(first.values())

    def ways(self, key: Key) -> list[Way]:
        """The last steps of the paths to a target on which nothing is silent."""
        return open_ways(self._graph, key, self._is_closed)

    def is_cut_off(self, key: Key) -> bool:
        """Whether only targets that are silent for certain lead to this one."""
        return bool(self._silent) and not open_ways(self._graph, key, self._cuts)

    def shown(self) -> Iterator[Suspected]:
        """What is told to people, one entry for each fault that is suspected."""
        lost: dict[Root, list[Suspicion]] = defaultdict(list)
        for key, suspicion in self._open.items():
            if suspicion.losses < MIN_LOSSES_SHOWN or self._targets[key].work is not None:
                continue
            ways = self.ways(key)
            path = self._unstable_paths.suspected(key, self._now) if ways else None
            if path is not None:
                lost[path].append(suspicion)
            elif ways and self._is_told(suspicion):
                if suspicion.sites is None:  # counted once: there may be thousands
                    suspicion.sites = self._count_sites(key)
                yield Suspected(_root(key, ways), key, suspicion.unix, suspicion.sites)
        for path, those in lost.items():
            since, sites = min(each.unix for each in those), {each.key[0] for each in those}
            yield Suspected(path, target_key(path.id), since, len(sites))

    def _is_told(self, suspicion: Suspicion) -> bool:
        """Whether it is known by now if its neighbours are silent as well, where that matters."""
        is_known = self._now >= suspicion.sought + NEIGHBOURS_TIMEOUT
        return is_known or not self._unstable_paths.has_place(suspicion.key)

    def _count_sites(self, door: Key) -> int:
        region = [door, *region_behind(self._graph, door)]
        return len({each[0] for each in region if self._is_only_past(each, door)})

    def _is_only_past(self, key: Key, door: Key) -> bool:
        return key == door or not open_ways(self._graph, key, lambda each: each == door)

    def _begin(self, key: Key, now: float) -> Suspicion | None:
        """Suspect a target and ask it, unless what is above it is silent already."""
        proof = self._proof(key)
        if proof is None or len(self._open) >= MAX_SUSPICIONS or self._resting.get(key, 0) > now:
            return None
        if not self._bucket.take(now) or not self.ways(key):
            return None
        return self._open_for(key, proof, now)

    def _call(self, key: Key, now: float, since: float) -> None:
        """Ask a target because something behind it is silent, unless it has answered since."""
        proof = self._proof(key)
        if self._has_answered(key, since) or self._may_lose_its_own(key, now):
            return
        if key not in self._open and proof is not None and self._calls.take(now):
            suspicion = self._open_for(key, proof, now)
            suspicion.has_looked = suspicion.is_called = True
            self._ask_near_ends(suspicion, now)  # which may take longer than the echo

    def _may_lose_its_own(self, key: Key, now: float) -> bool:
        """Whether somebody behind a silent target has just answered, and a bad line may be why."""
        return self._resting.get(key, 0) > now and self._unstable_paths.has_place(key)

    def _open_for(self, key: Key, proof: Proof, now: float) -> Suspicion:
        suspicion = self._open[key] = Suspicion(key, proof, now, time.time())
        primary = self._targets[key].primary
        if primary is not None:
            self._measure(primary.check)
            suspicion.note_question(now)
        return suspicion

    def _proof(self, key: Key) -> Proof | None:
        """What proves that a target is down; None when it is not known to be up, or no stream."""
        target = self._targets.get(key)
        primary = target.primary if target else None
        if target is None or primary is None or primary.hysteresis.hard is not True:
            return None
        proof = target.check_class.confirm_losses, target.check_class.confirm_spread
        return Proof(*proof) if proof[0] and primary.check.params.traits.echo_stream else None

    def _look_up(self, suspicion: Suspicion, now: float) -> None:
        """Ask everything above a target that was silent more than once, and forget the unheard."""
        if not suspicion.silences:
            if now - suspicion.asked > UNHEARD_TIMEOUT:
                self.drop(suspicion.key)
        elif not suspicion.has_looked and (suspicion.is_confirmed or len(self._open) >= MIN_CROWD):
            suspicion.has_looked = True
            for each in self._graph.above(suspicion.key):
                self._call(each, now, suspicion.began)
            self._ask_near_ends(suspicion, now)

    def _is_proven(self, key: Key, now: float) -> bool:
        """Whether a target is down for certain; if that is open, ask on."""
        suspicion = self._open.get(key)
        if suspicion is None or not suspicion.silences or suspicion.is_over:
            return False
        ways = self.ways(key)
        if not ways or self._is_awaited(ways):
            return False
        if suspicion.is_confirmed:
            self._ask_near_ends(suspicion, now)
            self._seek(suspicion, now)
            if self._lets_through(suspicion):
                self._resting[key] = now + REST_TIME
                self.drop(key)
                return False
            if self._near_ends.say_cut(ways, suspicion.began):
                return True
        if suspicion.is_proven:
            return True
        if suspicion.is_due(now):
            self._ask(suspicion, now)
        return False

    def _is_awaited(self, ways: list[Way]) -> bool:
        """Whether what is right above was asked, and has neither answered nor been late yet."""
        above = [self._open.get(way.via) for way in ways]
        return bool(above) and all(each is not None and not each.silences for each in above)

    def _seek(self, suspicion: Suspicion, now: float) -> None:
        """Ask those behind, once, whether it lets through."""
        if suspicion.silences >= MIN_SILENCES_SOUGHT and suspicion.sought == inf:
            suspicion.sought = now
            behind = only_behind(self._graph, suspicion.key)
            usable = (each for each in behind if self._proof(each) is not None)
            suspicion.witnesses = tuple(islice(usable, MAX_WITNESSES))
            neighbours = self._unstable_paths.neighbours(suspicion.key)
            for each in (*suspicion.witnesses, *neighbours):
                self._measure_primary(each, now)

    def _ask_near_ends(self, suspicion: Suspicion, now: float) -> None:
        """Ask for the interfaces at the near ends of the lines to a target, once."""
        if not suspicion.has_asked_near_ends:
            suspicion.has_asked_near_ends = self._near_ends.ask(suspicion.key, now)

    def _lets_through(self, suspicion: Suspicion) -> bool:
        """Whether a witness has answered, or somebody else behind it in an own slot."""
        others = islice(only_behind(self._graph, suspicion.key), MAX_HEARD)
        witnesses = (*suspicion.witnesses, *others)
        return any(self._has_answered(each, suspicion.began) for each in witnesses)

    def _has_answered(self, key: Key, since: float) -> bool:
        outcome, due = self._last_slot(key)
        return outcome is Outcome.SUCCESS and due > since

    def _last_slot(self, key: Key) -> tuple[Outcome | None, float]:
        primary = self._targets[key].primary if key in self._targets else None
        return primary.last_slot if primary else (None, 0.0)

    def _is_closed(self, key: Key) -> bool:
        suspicion = self._open.get(key)
        return self._cuts(key) or (suspicion is not None and suspicion.silences > 0)

    def _cuts(self, key: Key) -> bool:
        return key in self._silent and key not in self._passing

    def _ask(self, suspicion: Suspicion, now: float) -> None:
        if self._measure_primary(suspicion.key, now):
            suspicion.note_question(now)

    def _measure_primary(self, key: Key, now: float) -> bool:
        primary = self._targets[key].primary
        if primary is None or not self._bucket.take(now):
            return False
        self._measure(primary.check)
        return True


def _root(key: Key, ways: list[Way]) -> Root:
    if len(ways) == 1 and ways[0].link is not None:
        return Root(RootKind.LINK, ways[0].link)
    return Root(RootKind.TARGET, "/".join(key))
