"""States of sites as series, and the seconds that they spent in each state."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import numpy as np

from netwatch.core.echo import Seconds
from netwatch.core.state import State
from netwatch.export.exporter import Exporter, Watched
from netwatch.export.row_family import Column, Columns, RowFamily, own_labels
from netwatch.metrics import Kind, Registry
from netwatch.state.table import StateTable

STATE_VALUES = "0 unknown, 1 up, 2 degraded, 3 unreachable, 4 down, 5 maintenance."

_STATE, _CHANGED, _FLAPPING, _CHANGES, _SECONDS = range(5)
"""Columns of the array; from ``_SECONDS`` on there is one for each state."""


class SiteMetrics(Exporter):
    """One row a site."""

    def __init__(self, registry: Registry, states: StateTable) -> None:
        self._states = states
        self._registry = registry
        self._labels: list[str] = []
        self._now: Seconds = np.zeros((_SECONDS + len(State), 0))
        self._add("gauge", "netwatch_site_state", f"State: {STATE_VALUES}", {"{": _STATE})
        self._add(
            "gauge",
            "netwatch_site_state_change_timestamp_seconds",
            "When the site's present state began.",
            {"{": _CHANGED},
        )
        self._add(
            "counter",
            "netwatch_site_state_seconds_total",
            "Time that the site spent in each state.",
            {f'{{state="{state.label}",': _SECONDS + state for state in State},
        )
        self._add(
            "gauge",
            "netwatch_site_flapping",
            "1 while the site comes and goes too often.",
            {"{": _FLAPPING},
        )
        self._add(
            "counter",
            "netwatch_site_state_changes_total",
            "How often the site's state changed.",
            {"{": _CHANGES},
        )

    def watch(self, watched: Watched) -> None:
        """Show other sites from the next refresh on, and none until then."""
        self._labels = [own_labels(site=site_id) for site_id in watched.inventory.sites]
        self._now = np.full((_SECONDS + len(State), len(self._labels)), np.nan)

    def refresh(self) -> Iterator[None]:
        """Show how the sites stand now; in steps."""
        now = np.full_like(self._now, np.nan)
        for row, site in enumerate(self._states.sites.values()):
            since = np.nan if site.since is None else site.since
            seconds = site.seconds_by_state(time.monotonic())
            now[:, row] = site.state, since, site.flapping.is_on, site.changes, *seconds.values()
            yield
        self._now = now

    def _add(self, kind: Kind, name: str, help_text: str, places: dict[str, int]) -> None:
        columns: Columns = {head: partial(self._column, place) for head, place in places.items()}
        family = RowFamily(kind, name, help_text, lambda: self._labels, columns)
        self._registry.add(family)

    def _column(self, place: int) -> Column:
        column: Column = self._now[place]
        return column
