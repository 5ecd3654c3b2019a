"""Targets whose replies pass more routers than usual, where nothing that is known explains it.

Lines are lost to routing while their interfaces stay up: behind a carrier's box, in one direction,
or because somebody changed the routing. A longer path is what is left to see then: a reserve may be
lost, and the path in use may be the last one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from netwatch.core.check import Check
from netwatch.core.facts import Fact
from netwatch.core.state import REACHABLE
from netwatch.core.streams import Streams
from netwatch.export.echoes import EchoMetrics
from netwatch.export.exporter import Exporter, Watched
from netwatch.lasting import LastingFacts
from netwatch.metrics import Registry
from netwatch.state.attachment import Key, target_key
from netwatch.state.table import StateTable

USUAL_HOPS = Fact("netwatch_path_usual_hops", "Routers that replies usually pass.", lasting=True)
"""What is kept of each path over a restart."""

MAX_STEPS = 4000
"""Targets and lines that are looked at in a beat, in about 3 ms; the others in the next one."""

LOOK_TIMEOUT = 30.0
"""Seconds within which all are looked at."""

MAX_TOLD = 200
"""Paths whose usual length is noted in a beat."""


@dataclass(frozen=True, slots=True)
class LongerPath:
    """A target that is reached over a longer path than usual.

    Attributes:
        key: the target.
        hops: routers more than usual that its replies pass.
        since: unix time at which the path became what it is.
    """

    key: Key
    hops: int
    since: float


class LongerPaths(Exporter):
    """Finds them, a part in each beat, and shows them as series.

    Args:
        registry: of the page.
        states: of targets; say what is at fault already.
        streams: the rows of the targets' echoes.
        echoes: has the time to live of their replies.
        usual: keeps the usual lengths over a restart; None: nothing does.
    """

    def __init__(
        self,
        registry: Registry,
        states: StateTable,
        streams: Streams,
        echoes: EchoMetrics,
        usual: LastingFacts | None = None,
    ) -> None:
        self._states = states
        self._streams = streams
        self._echoes = echoes
        self._usual = usual or LastingFacts([USUAL_HOPS], ())
        self._family = registry.gauge(
            "netwatch_path_extra_hops",
            "Routers more than usual that replies pass, while no known fault explains it.",
            ("site", "target"),
        )
        self._found: dict[Key, tuple[int, float]] = {}  # hops, and since when by monotonic time
        self._looking: Iterator[None] | None = None
        self._looked = 0.0
        self._shown: set[Key] = set()

    def watch(self, watched: Watched) -> None:
        """Follow other paths, each from its length of before, of a former run too."""
        del watched
        self._looking, now = None, time.monotonic()
        for row in self._streams.changed.tolist():
            check = self._streams.checks[row]
            for sample in self._usual.of(check) if check is not None else ():
                self._echoes.paths.resume(row, int(sample.value), now)

    def tick(self, now: float) -> None:
        """Look at the paths of monotonic time ``now``; call it about once a second."""
        self._echoes.look_at_paths(now)
        for row, hops in self._echoes.paths.news(MAX_TOLD):
            check = self._streams.checks[row]
            if check is not None:
                self._usual.tell(check, [USUAL_HOPS.sample(hops)])
        self._looking = self._looking or self._look(now)
        if sum(1 for _ in islice(self._looking, MAX_STEPS)) < MAX_STEPS:
            self._looking = None

    def now(self, now: float) -> list[LongerPath]:
        """Those that were found last, in the order of their rows.

        Not among them are targets that don't answer, and those with a cut line, a silent target or
        planned work on any of their paths.

        Args:
            now: monotonic seconds.
        """
        if now - self._looked > LOOK_TIMEOUT:  # nobody has called ``tick``
            deque(self._look(now), maxlen=0)
        began = time.time() - now
        return [LongerPath(key, hops, began + since) for key, (hops, since) in self._found.items()]

    def may_go_on(self, now: float) -> bool:
        """Whether any path is longer than usual, even if not for long or for known reasons.

        Args:
            now: monotonic seconds.
        """
        return self._echoes.paths.may_be_longer(now)

    def is_explained(self, now: float) -> bool:
        """Whether known faults are why no path that is longer for long is among those of ``now``.

        Args:
            now: monotonic seconds.
        """
        return not self._found and bool(self._echoes.paths.longer(now - LOOK_TIMEOUT))

    def refresh(self) -> Iterator[None]:
        """Show those of now, and take off all others; in steps."""
        longer = {key: hops for key, (hops, _) in self._found.items()}
        gone = self._shown - longer.keys()
        # Before anything is done, because what is done in steps may be broken off.
        self._shown |= longer.keys()
        for key in gone:
            self._family.remove(*key)
            yield
        for key, hops in longer.items():
            self._family.cell(*key).set(hops)
            yield
        self._shown -= gone

    def _look(self, now: float) -> Iterator[None]:
        """Find them anew; in steps, for there may be thousands."""
        self._looked = now
        longer: list[tuple[Check, int, float]] = []
        for row, hops, lasted in self._echoes.paths.longer(now):
            check = self._streams.checks[row]
            if check is not None:
                longer.append((check, hops, now - lasted))
            yield
        explained: set[Key] = set()
        if longer:
            yield from self._explain(explained)
        found: dict[Key, tuple[int, float]] = {}
        for check, hops, since in longer:
            key = check.site, check.target
            target = self._states.targets.get(key)
            if target is not None and key not in explained and target.state in REACHABLE:
                found[key] = hops, since
            yield
        self._found = found

    def _explain(self, explained: set[Key]) -> Iterator[None]:
        """Add the faults, and everything that has one of them on any of its paths."""
        states = self._states
        for key, target in states.targets.items():
            if target.verdict is not None or target.work is not None:
                explained.add(key)
            yield
        lines = [states.links[line] for line in states.plan.links if line in states.links]
        explained.update(target_key(end.target) for link in lines for end in (link.a, link.b))
        explained.update(states.lost_lines)
        waiting = list(explained)
        for key in waiting:
            fresh = [each for each in states.graph.behind.get(key, ()) if each not in explained]
            explained.update(fresh)
            waiting += fresh
            yield
