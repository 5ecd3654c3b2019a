"""Events put together by what caused them: what a fault did to a hundred places is one matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from netwatch.core.state import State
from netwatch.journal.reader import FlowEvent, JournalEvent

GROUP_TIME = 60.0
"""Seconds between the end of the last event of a group and the begin of another one of it."""

_UNTOLD = {State.UNKNOWN, State.MAINTENANCE}
"""States that many places have together, for one reason that is none of theirs."""


@dataclass(slots=True)
class EventGroup:
    """Events of one cause that follow each other.

    Attributes:
        events: the earliest first; never empty.
        places: the sites and flows that they are of, in the order in which they came.
    """

    events: list[JournalEvent | FlowEvent]
    places: dict[str, None] = field(default_factory=dict)

    @property
    def began(self) -> float:
        """Unix time."""
        return self.events[0].began

    @property
    def ended(self) -> float | None:
        """Unix time; None while one of them goes on."""
        ends = [event.ended for event in self.events if event.ended is not None]
        return max(ends) if len(ends) == len(self.events) else None

    @property
    def worst(self) -> JournalEvent | FlowEvent:
        """The one that says most: what is down goes before what is unreachable because of it."""
        return max(self.events, key=_rank)


def group_events(events: Iterable[JournalEvent | FlowEvent]) -> list[EventGroup]:
    """The groups of events that are in the order of their begins, in the same order."""
    groups: list[EventGroup] = []
    latest: dict[str, EventGroup] = {}
    for event in events:
        key = _key(event)
        group = latest.get(key)
        if group is None or not _is_joined(group, event):
            group = latest[key] = EventGroup([])
            groups.append(group)
        group.events.append(event)
        group.places[_place(event)] = None
    return groups


def _is_joined(group: EventGroup, event: JournalEvent | FlowEvent) -> bool:
    ended = group.ended
    return ended is None or event.began - ended <= GROUP_TIME


def _key(event: JournalEvent | FlowEvent) -> str:
    """What events of one group have in common."""
    if isinstance(event, FlowEvent):
        return f"flow {event.flow}"
    if event.state in _UNTOLD:
        return f"{event.state} {event.cause}"
    return event.root or f"site {event.site}"


def _place(event: JournalEvent | FlowEvent) -> str:
    return event.flow if isinstance(event, FlowEvent) else event.site


def _rank(event: JournalEvent | FlowEvent) -> tuple[int, int]:
    if isinstance(event, FlowEvent):
        return 0, 0
    order: Sequence[State] = (
        *(State.UNKNOWN, State.MAINTENANCE, State.DEGRADED, State.UNREACHABLE, State.DOWN),
    )
    return order.index(event.state) if event.state in order else -1, bool(event.target)
