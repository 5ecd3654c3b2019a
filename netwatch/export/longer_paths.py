"""Targets whose replies pass more routers than usual, where nothing that is known explains it.

Lines are lost to routing while their interfaces stay up: behind a carrier's box, in one direction,
or because somebody changed the routing. A longer path is what is left to see then: a reserve may be
lost, and the path in use may be the last one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from netwatch.core.state import REACHABLE
from netwatch.core.streams import Streams
from netwatch.export.echoes import EchoMetrics
from netwatch.export.exporter import Exporter
from netwatch.metrics import Registry
from netwatch.state.attachment import Key, target_key
from netwatch.state.table import StateTable


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
    """Finds them, and shows them as series.

    Args:
        registry: of the page.
        states: of targets; say what is at fault already.
        streams: the rows of the targets' echoes.
        echoes: has the time to live of their replies.
    """

    def __init__(
        self, registry: Registry, states: StateTable, streams: Streams, echoes: EchoMetrics
    ) -> None:
        self._states = states
        self._streams = streams
        self._echoes = echoes
        self._family = registry.gauge(
            "netwatch_path_extra_hops",
            "Routers more than usual that replies pass, while no known fault explains it.",
            ("site", "target"),
        )
        self._shown: set[Key] = set()

    def tick(self, now: float) -> None:
        """Look at the paths of monotonic time ``now``; call it about once a second."""
        self._echoes.look_at_paths(now)

    def now(self, now: float) -> list[LongerPath]:
        """Those of monotonic time ``now``, in the order of their rows.

        Not among them are targets that don't answer, and those with a cut line, a silent target or
        planned work on any of their paths.
        """
        found: dict[Key, LongerPath] = {}
        for row, hops, lasted in self._echoes.paths.longer(now):
            check = self._streams.checks[row]
            if check is not None and (check.site, check.target) in self._states.targets:
                key = check.site, check.target
                found[key] = LongerPath(key, hops, time.time() - lasted)
        if not found:
            return []
        targets, explained = self._states.targets, self._explained()
        return [
            each
            for key, each in found.items()
            if key not in explained and targets[key].state in REACHABLE
        ]

    def refresh(self) -> Iterator[None]:
        """Show those of now, and take off all others; in steps."""
        longer = {each.key: each.hops for each in self.now(time.monotonic())}
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

    def _faults(self) -> set[Key]:
        """Targets that are silent or worked on, or at a line that is cut or worked on."""
        states = self._states
        faulty = {
            key
            for key, target in states.targets.items()
            if target.verdict is not None or target.work is not None
        }
        lines = [states.links[line] for line in states.plan.links if line in states.links]
        ends = {target_key(end.target) for link in lines for end in (link.a, link.b)}
        return faulty | ends | states.lost_lines.keys()

    def _explained(self) -> set[Key]:
        """The faults, and everything that has one of them on any of its paths."""
        explained, behind = self._faults(), self._states.graph.behind
        waiting = list(explained)
        for key in waiting:
            fresh = [each for each in behind[key] if each not in explained]
            explained.update(fresh)
            waiting += fresh
        return explained
