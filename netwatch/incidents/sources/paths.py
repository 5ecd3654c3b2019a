"""Paths that are longer than usual: one incident for all, for routing that changed is one cause."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.state.attachment import Key

CAUSE = "paths:longer"
"""What it is about, as an id."""

TITLE = words.say(
    "Đường đi dài hơn thường ngày: có thể đã mất đường dự phòng",
    "Paths are longer than usual: a reserve may be lost",
)


class Longer(Protocol):
    """A target that is reached over a longer path than usual."""

    @property
    def key(self) -> Key:
        """The target."""

    @property
    def since(self) -> float:
        """Unix time at which its path became what it is."""


class KnowsPaths(Protocol):
    """Knows how long paths are, at a monotonic time."""

    def now(self, now: float, /) -> Sequence[Longer]:
        """Those that are longer for long, and that no known fault explains."""

    def may_go_on(self, now: float, /) -> bool:
        """Whether any is longer, even if not for long or for known reasons; or isn't known yet."""

    def is_explained(self, now: float, /) -> bool:
        """Whether known faults are why all that are longer for long are not told."""


class PathSource(IncidentSource):
    """Tells that some are. ``paths``: knows them."""

    kinds = frozenset({Kind.LONGER})

    def __init__(self, paths: KnowsPaths) -> None:
        self._paths = paths

    def seen(self) -> list[CauseSeen]:
        """One while any path is, of those that no known fault explains."""
        longer = self._paths.now(time.monotonic())
        if not longer:
            return []
        first = min(longer, key=lambda each: each.since)
        return [
            CauseSeen(
                Kind.LONGER,
                CAUSE,
                TITLE,
                Severity.WARNING,
                first.since,
                site=first.key[0],
                first=first.key,
            )
        ]

    def end_of(self, incident: Incident) -> Words | None:
        """That all are as usual; or those that aren't are explained by something else.

        None where that isn't known yet, as after a start.
        """
        del incident
        now = time.monotonic()
        if not self._paths.may_go_on(now):
            return words.BACK
        return words.EXPLAINED if self._paths.is_explained(now) else None
