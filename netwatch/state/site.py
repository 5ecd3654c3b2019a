"""The state of one site, rolled up from its targets, and how long it was in each state."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from netwatch.core.state import REACHABLE, State
from netwatch.state.flapping import Flapping
from netwatch.state.maintenance import Work
from netwatch.state.restored import RestoredState
from netwatch.state.root import Root
from netwatch.state.target import TargetStatus, begin

_UNCOUNTED = {State.UNKNOWN, State.MAINTENANCE}
_OWN = REACHABLE | {State.DOWN}


class SiteStatus:
    """One site.

    Attributes:
        state: the hard state. While a site flaps it is never up, but degraded.
        since: unix time at which the state began; None while it never had one.
        root: what is at fault when it is not up, as far as the graph says.
        work: the planned work that is under way there; None when there is none.
        changes: how often the state changed.
        flapping: counts how often the site goes down and comes back.
        restored: state and its begin (unix time) from the previous run; None once this run has one.
    """

    def __init__(self, now: float) -> None:
        self.state = State.UNKNOWN
        self.since: float | None = None
        self.root: Root | None = None
        self.work: Work | None = None
        self.changes = 0
        self.flapping = Flapping()
        self.restored: tuple[State, float] | None = None
        self._seconds = dict.fromkeys(State, 0.0)
        self._counted_to = now

    def judge(self, targets: Sequence[TargetStatus], now: float) -> bool:
        """Work out state and root from the site's targets; returns whether one changed.

        Args:
            targets: all of the site's.
            now: monotonic seconds, the moment from which a new state counts.
        """
        state, since = rolled_up(targets)
        # Of a site that is up some target may be awaited yet, whose root is that of before.
        root_before, self.root = self.root, None if state is State.UP else root_of(targets)
        self.work = next((target.work for target in targets if target.work is not None), None)
        # What is unreachable because of something else does not flap itself.
        if {state, self.state} <= _OWN and (state is State.DOWN) is not (self.state is State.DOWN):
            self.flapping.record(now)
        if self.flapping.is_on and state is State.UP:
            state = State.DEGRADED
        if state is self.state:
            return self.root != root_before
        self.seconds_by_state(now)
        self.since = begin(state, since, self.restored)
        self.state, self.restored = state, None
        self.changes += 1
        return True

    def resume(self, restored: RestoredState) -> None:
        """Take over the state that the previous run left in the journal, and none of its seconds.

        What is on disk may be older than what was scraped, and a counter must never go back.
        """
        self.restored = restored.state, restored.since

    def seconds_by_state(self, now: float) -> dict[State, float]:
        """Seconds spent in each state since this run knows the site, up to ``now``."""
        self._seconds[self.state] += max(0.0, now - self._counted_to)
        self._counted_to = max(now, self._counted_to)
        return self._seconds


def rolled_up(targets: Iterable[TargetStatus]) -> tuple[State, float | None]:
    """State and beginning of a site.

    Up when all of it is up, degraded when some of it answers. When nothing does: down when the
    fault is at the site or on its line, unreachable when all of it stands behind something else.
    What isn't measured, or is in maintenance, doesn't count; a site of which nothing is left is in
    maintenance or unknown.
    """
    targets = list(targets)
    counted = [target for target in targets if target.state not in _UNCOUNTED]
    # What is about to be measured, because its door has gone or come back, says nothing yet.
    measured = [target for target in counted if not target.is_awaited] or counted
    if not measured:
        worked_on = [target for target in targets if target.state is State.MAINTENANCE]
        return (State.MAINTENANCE, worked_on[0].since) if worked_on else (State.UNKNOWN, None)
    troubled = [target for target in measured if target.state is not State.UP]
    if not troubled:
        return State.UP, None
    began = min(target.since or time.time() for target in troubled)
    if any(target.state in REACHABLE for target in measured):
        return State.DEGRADED, began
    is_cause = any(target.state is State.DOWN for target in measured)
    return (State.DOWN if is_cause else State.UNREACHABLE), began


def root_of(targets: Iterable[TargetStatus]) -> Root | None:
    """What is at fault at a site: what is at its own targets goes before what is above them."""
    roots: dict[State, Root] = {}
    for target in targets:
        if target.root is not None:
            roots.setdefault(target.state, target.root)
    order = (State.DOWN, State.UNREACHABLE, State.DEGRADED)
    return next((roots[state] for state in order if state in roots), None)
