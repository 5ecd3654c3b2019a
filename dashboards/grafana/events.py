"""Events on panels with a time axis: annotations that Grafana makes of the daemon's own series.

Grafana joins the samples of a series that are at most a step apart, so each event has a begin and
an end on every panel with a time axis.
"""

from __future__ import annotations

from dataclasses import dataclass

from grafana_foundation_sdk.models.dashboard import AnnotationQuery

from dashboards.grafana.colours import AMBER, PURPLE, RED
from dashboards.grafana.incidents import BEGAN
from dashboards.grafana.panels import SOURCE
from dashboards.grafana.words import both

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


def incidents(which: str = "") -> Events:
    """Incidents, from the moment that they are certain until they are over.

    Args:
        which: an expression with the label ``cause``, to show only the incidents of it.
    """
    open_now = f"max by (cause, name_vi, carrier, contract) ({BEGAN})"
    return Events(
        both("Sự cố", "Incidents"),
        f"{open_now} and on (cause) ({which})" if which else open_now,
        both("Sự cố", "Incident") + ": {{cause}}",
        "{{name_vi}} {{carrier}} {{contract}}",
        RED,
    )


ALERTS = Events(
    both("Báo động", "Alerts"),
    'max by (alertname, severity, name_vi) (ALERTS{alertstate="firing",severity!="none"})',
    both("Báo động", "Alert") + ": {{alertname}}",
    "{{severity}} {{name_vi}}",
    AMBER,
)
"""What somebody was told of."""

MAINTENANCE = Events(
    both("Bảo trì", "Maintenance"),
    "count by (window) (netwatch_maintenance_end_timestamp_seconds)",
    both("Bảo trì", "Maintenance") + ": {{window}}",
    "",
    PURPLE,
)
"""Planned work, while it is under way."""
