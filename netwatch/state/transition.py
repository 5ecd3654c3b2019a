"""The record of a state change of a target or a site."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from netwatch.core.state import State
from netwatch.state.attachment import Key
from netwatch.state.site import SiteStatus
from netwatch.state.target import TargetStatus


@dataclass(frozen=True, slots=True)
class StateChange:
    """A target or a site has another state now, or another root cause in the same state.

    Attributes:
        site: its id.
        target: its id; empty when the site as a whole is meant.
        before: the state until now.
        since: unix time at which the new state began.
        at: unix time of this moment.
        root: text of the root cause; empty when the graph doesn't know one.
        cause: why, in the fixed words of metric labels, or the reason of planned work; may be
        empty.
        seconds: of a site, the seconds that it has spent in each state until now.
    """

    site: str
    target: str
    before: State
    state: State
    since: float
    at: float
    root: str
    cause: str = ""
    seconds: Mapping[State, float] = field(default_factory=dict)


def target_change(key: Key, before: State, target: TargetStatus) -> StateChange:
    """The change that a target has just gone through, from the state ``before``."""
    now = time.time()
    root = "" if target.root is None else str(target.root)
    cause = "" if target.cause is None else str(target.cause)
    if target.work is not None:
        cause = target.work.reason
    return StateChange(*key, before, target.state, target.since or now, now, root, cause)


def site_change(site_id: str, before: State, site: SiteStatus) -> StateChange:
    """The change that a site has just gone through, from the state ``before``."""
    now = time.time()
    root = "" if site.root is None else str(site.root)
    cause = "" if site.work is None else site.work.reason
    return StateChange(
        site_id, "", before, site.state, site.since or now, now, root, cause, site.seconds
    )
