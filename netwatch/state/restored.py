"""The states that the previous run of the daemon left in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netwatch.core.state import State
from netwatch.state.attachment import Key


@dataclass(frozen=True, slots=True)
class RestoredState:
    """The last state of a target or a site.

    Attributes:
        since: unix time at which it began.
        root: what was at fault; empty when the graph said nothing about it.
    """

    state: State
    since: float
    root: str


@dataclass(frozen=True, slots=True)
class RestoredStates:
    """The states of all targets and sites, as the previous run left them.

    Attributes:
        known_until: unix time until which that run lasted.
        places: by site and target; the target is empty for a site as a whole.
    """

    known_until: float
    places: Mapping[Key, RestoredState]
