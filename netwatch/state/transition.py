"""The record of a state change of a target or a site."""

from __future__ import annotations

import time
from dataclasses import dataclass

from netwatch.core.state import State
from netwatch.state.attachment import Key
from netwatch.state.root import Root
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
        root_before: text of the root cause until now, so that what has come back is told with what
        it stood behind; empty when none was known.
    """

    site: str
    target: str
    before: State
    state: State
    since: float
    at: float
    root: str
    cause: str = ""
    root_before: str = ""


def target_change(
    key: Key, before: State, root_before: Root | None, target: TargetStatus
) -> StateChange:
    """The change that a target has just gone through, from this state and root cause."""
    now = time.time()
    cause = "" if target.cause is None else str(target.cause)
    if target.work is not None:
        cause = target.work.reason
    since, root = target.since or now, _text(target.root)
    return StateChange(
        *key, before, target.state, since, now, root, cause, root_before=_text(root_before)
    )


def site_change(
    site_id: str, before: State, root_before: Root | None, site: SiteStatus
) -> StateChange:
    """The change that a site has just gone through, from this state and root cause."""
    now = time.time()
    cause = "" if site.work is None else site.work.reason
    since, root = site.since or now, _text(site.root)
    return StateChange(
        *(site_id, "", before, site.state, since, now, root, cause),
        root_before=_text(root_before),
    )


def _text(root: Root | None) -> str:
    return "" if root is None else str(root)
