"""Goes on where a former run of the daemon ended, with what is not too old to be true."""

from __future__ import annotations

from netwatch.core.state import REACHABLE, State
from netwatch.state.attachment import Key
from netwatch.state.restored import RestoredStates
from netwatch.state.root import Root, RootVerdict
from netwatch.state.table import StateTable

SAME_WITHIN = 3600.0
"""Seconds after which a state that is found again is a new one, even if it is the same."""


def resume(board: StateTable, memory: RestoredStates, now: float, unix: float) -> None:
    """Give a new board the states and counters of a former run.

    A state counts as measured when the former run ended: it is over when no result follows in
    time, as for any other measurement.

    Args:
        board: nothing was reported to it yet.
        memory: what the former run left behind.
        now: monotonic seconds.
        unix: unix time of the same moment.
    """
    ago = unix - memory.known_until
    resumed: list[Key] = []
    verdicts: dict[Key, RootVerdict] = {}
    for (site_id, target_id), remembered in memory.places.items():
        if not target_id:
            if site_id in board.sites:
                board.sites[site_id].resume(remembered, memory.known_until, unix)
            continue
        target = board.targets.get((site_id, target_id))
        if target is None or not 0 <= ago <= SAME_WITHIN:
            continue
        if not target.resume(remembered, ago, now):
            continue
        resumed.append((site_id, target_id))
        if remembered.state not in REACHABLE:
            is_first = remembered.state is State.DOWN
            verdicts[site_id, target_id] = RootVerdict(Root.parse(remembered.root), is_first)
    board.resume(resumed, verdicts, now)
