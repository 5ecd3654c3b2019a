"""Takes over the states of the previous run of the daemon, as far as they are recent enough."""

from __future__ import annotations

from netwatch.core.state import REACHABLE, State
from netwatch.state.attachment import Key
from netwatch.state.restored import RestoredStates
from netwatch.state.root import Root, RootVerdict
from netwatch.state.table import StateTable

MAX_DOWNTIME = 3600.0
"""Seconds that the daemon may have been down for its former states to be taken over."""


def resume(states: StateTable, restored: RestoredStates, now: float, unix: float) -> None:
    """Give a new table the states of the previous run; counters begin at 0.

    A state counts as measured when the previous run ended, so it becomes unknown when no result
    follows in time, as after any other measurement.

    Args:
        states: a table to which nothing was reported yet.
        restored: what the previous run left in the journal.
        now: monotonic seconds.
        unix: unix time of the same moment.
    """
    ago = unix - restored.known_until
    resumed: list[Key] = []
    verdicts: dict[Key, RootVerdict] = {}
    for (site_id, target_id), state in restored.places.items():
        if not target_id:
            if site_id in states.sites:
                states.sites[site_id].resume(state)
            continue
        target = states.targets.get((site_id, target_id))
        if target is None or not 0 <= ago <= MAX_DOWNTIME:
            continue
        if not target.resume(state, ago, now):
            continue
        resumed.append((site_id, target_id))
        if state.state not in REACHABLE:
            is_first = state.state is State.DOWN
            verdicts[site_id, target_id] = RootVerdict(Root.parse(state.root), is_first)
    states.resume(resumed, verdicts, now)
