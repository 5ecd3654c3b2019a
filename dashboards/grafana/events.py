"""Events on panels with a time axis: annotations that Grafana makes of the daemon's own series.

Grafana joins the samples of a series that are at most a step apart, so each event has a begin and
an end on every panel with a time axis.
"""

from __future__ import annotations

from dataclasses import dataclass

from grafana_foundation_sdk.models.dashboard import AnnotationQuery

from dashboards.grafana.panels import SOURCE
from dashboards.grafana.queries import CAUSES_BY_NAME
from dashboards.grafana.words import STATES, both
from netwatch.core.state import State

_STEP = "15s"
"""Between two samples: as often as Prometheus reads the page of netwatch."""


@dataclass(frozen=True)
class Events:
    """One kind of event.

    Attributes:
        name: in the list of what may be shown and hidden.
        expr: a positive value for as long as an event goes on.
        title: of one event; ``{{label}}`` is a label of its series.
        text: more of it.
    """

    name: str
    expr: str
    title: str
    text: str
    colour: str


class _Query(AnnotationQuery):
    """The SDK does not know the keys that are Prometheus's own."""

    def __init__(self, events: Events) -> None:
        super().__init__(
            name=events.name, datasource=SOURCE, icon_color=events.colour, expr=events.expr
        )
        self._events = events

    def to_json(self) -> dict[str, object]:
        own = {"step": _STEP, "titleFormat": self._events.title, "textFormat": self._events.text}
        return super().to_json() | own


def query(events: Events) -> AnnotationQuery:
    """The annotation query as Grafana wants it."""
    return _Query(events)


def causes(which: str = "") -> Events:
    """What is at fault, from the moment that it is sure until it is over.

    Args:
        which: an expression with the label ``cause``, to show only the causes that it has.
    """
    down = f"({CAUSES_BY_NAME} == {State.DOWN:d})"
    return Events(
        both("Sự cố", "Faults"),
        f"{down} and on (cause) ({which})" if which else down,
        both("Sự cố", "Fault") + ": {{cause}}",
        "{{name_vi}} {{carrier}} {{contract}}",
        STATES[State.DOWN].colour,
    )


MAINTENANCE = Events(
    both("Bảo trì", "Maintenance"),
    "count by (window) (netwatch_maintenance_end_timestamp_seconds)",
    both("Bảo trì", "Maintenance") + ": {{window}}",
    "",
    STATES[State.MAINTENANCE].colour,
)
"""Planned work, while it is under way."""
