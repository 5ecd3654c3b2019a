"""The root causes that are open at this moment, and how many sites each one cuts off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from netwatch.core.state import State
from netwatch.state.attachment import Key, target_key
from netwatch.state.root import Root, RootKind
from netwatch.state.table import StateTable

_SILENCED = {State.DOWN, State.UNREACHABLE}


@dataclass(frozen=True, slots=True)
class OpenFault:
    """A root cause that is open.

    Attributes:
        root: what is at fault.
        state: ``down``; ``degraded`` when everything is still reached another way; ``maintenance``
            when it is being worked on.
        since: unix time at which it began.
        first: the first target behind it, or the target itself; of a line that is cut while its
            end is still reached another way, that end; of an unstable path the target it leads to.
        sites: number of sites that can't be reached because of it.
    """

    root: Root
    state: State
    since: float
    first: Key
    sites: int


def is_power_cut(fault: OpenFault, found: Mapping[Key, Mapping[str, object]]) -> bool:
    """Whether a fault began on a battery, so that no line and no device is to blame.

    Args:
        fault: the root cause.
        found: evidence of targets that are down, as ``netwatch.evidence`` makes it.
    """
    return fault.state is State.DOWN and "power" in found.get(fault.first, {})


def cut_off(states: StateTable) -> dict[str, Root]:
    """Sites of which nothing was heard since what they stand behind has gone, and that.

    Some are about to be asked, and their states are still those of before. Of others nothing is
    known, as when the daemon starts during the outage: by the graph they are cut off as well.
    """
    unknown = (id_ for id_, site in states.sites.items() if site.state is State.UNKNOWN)
    return dict(states.doubts.awaited_sites()) | dict(states.doubts.sites_behind(unknown))


def open_faults(states: StateTable, gone: Mapping[str, Root] | None = None) -> list[OpenFault]:
    """Every root cause that is open now, in the order of the inventory.

    Args:
        states: of targets and sites.
        gone: what ``cut_off`` says now, by who has asked; None: it is asked here.
    """
    gone = cut_off(states) if gone is None else gone
    counts: Counter[Root | None] = Counter(
        site.root for site in states.sites.values() if site.state in _SILENCED
    )
    # What is about to be asked is cut off as well, as far as is known.
    counts.update(root for site, root in gone.items() if states.sites[site].root != root)
    faults: dict[Root, OpenFault] = {}
    for key, target, root in states.troubled():
        if target.verdict is not None and not target.verdict.is_first:
            continue
        known = faults.get(root)
        since = target.since or 0.0
        if known is not None:
            since = min(since, known.since)
        first = key if known is None else known.first
        state = State.MAINTENANCE if target.is_excused else target.state
        if known is not None:
            state = max(state, known.state)
        if root.kind is RootKind.PATH:
            state, first = _state_of_path(root, states), target_key(root.id)
        faults[root] = OpenFault(root, state, since, first, counts[root])
    for key, line in states.lost_lines.items():
        root, since = Root(RootKind.LINK, line), states.lines.cut_since(line)
        fault = faults.get(root) or OpenFault(root, State.DEGRADED, since, key, counts[root])
        faults[root] = replace(fault, since=min(since, fault.since))
    return list(faults.values())


def _state_of_path(root: Root, states: StateTable) -> State:
    """Degraded, for some of it passes; or worked on."""
    end = states.targets.get(target_key(root.id))
    return State.MAINTENANCE if end is not None and end.work is not None else State.DEGRADED
