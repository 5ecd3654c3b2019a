"""States of targets, links and objectives, read anew for each scrape."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from netwatch.core.state import State
from netwatch.export.cells import set_or_remove
from netwatch.export.exporter import Exporter, Watched
from netwatch.export.row_family import RowFamily
from netwatch.export.sites import STATE_VALUES
from netwatch.inventory.model import Inventory, Link
from netwatch.meetings.records.month import MeetingMonth
from netwatch.metrics import Registry
from netwatch.objectives import reached_alone
from netwatch.state.root import Root, RootKind, RootVerdict
from netwatch.state.table import StateTable
from netwatch.state.target import TargetStatus

_NOT_SHOWN = -1


class StateMetrics(Exporter):
    """Gauges that say how things stand.

    Args:
        registry: takes the families.
        states: of targets and sites.
        month: gives the meetings of this month, which some objectives count.
    """

    def __init__(
        self,
        registry: Registry,
        states: StateTable,
        month: Callable[[], MeetingMonth] = MeetingMonth,
    ) -> None:
        self._states = states
        self._month = month
        self._inventory: Inventory | None = None
        self._targets: list[str] = []
        self._target_states = np.zeros(0, np.int64)
        registry.add(
            RowFamily(
                "gauge",
                "netwatch_target_state",
                f"State: {STATE_VALUES}",
                lambda: self._targets,
                {"{": lambda: self._target_states},
            )
        )
        self._link = registry.gauge(
            "netwatch_link_state",
            f"Down when the line is at fault, else the worse state of its ends: {STATE_VALUES}",
            ("link",),
        )
        self._objective = registry.gauge(
            "netwatch_objective_ratio", "What is reached of the plan, 0 to 1.", ("objective",)
        )
        self._vantage = registry.gauge(
            "netwatch_vantage_ok", "1 if the canaries answer, 0 if the collector is blind."
        )

    def watch(self, watched: Watched) -> None:
        """Show other targets, links and objectives from the next refresh on."""
        self._inventory = watched.inventory
        self._targets = list(watched.labels.values())
        self._target_states = np.full(len(self._targets), _NOT_SHOWN)
        for family in (self._link, self._objective):
            family.clear()

    def refresh(self) -> Iterator[None]:
        """Show how things stand now; in steps."""
        states = self._states
        of_targets = (target.state for target in states.targets.values())
        self._target_states = np.fromiter(of_targets, np.int64)
        yield
        for link_id, link in states.links.items():
            self._link.cell(link_id).set(link_state(link_id, link, states))
            yield
        set_or_remove(self._vantage, (), states.vantage.ok)
        if self._inventory is not None:
            yield from self._refresh_objectives(self._inventory)

    def _refresh_objectives(self, inventory: Inventory) -> Iterator[None]:
        for objective_id, objective in inventory.objectives.items():
            value = reached_alone(objective, inventory, self._states, self._month())
            set_or_remove(self._objective, (objective_id,), value)
            yield


def link_state(link_id: str, link: Link, states: StateTable) -> State:
    """Its own state when it is worked on or at fault; else the worse of its ends, or unknown.

    An end that is down for another reason makes the line unreachable: nothing is known of it.
    """
    ends = [states.target(end.target) for end in (link.a, link.b)]
    root = Root(RootKind.LINK, link_id)
    if link_id in states.plan.links:
        return State.MAINTENANCE
    if link_id in states.lost_lines.values() or any(_is_first(end, root) for end in ends):
        return State.DOWN
    if link_id in states.lines.cut and not any(end.verdict for end in ends):
        return State.DOWN
    each = [State.UNREACHABLE if end.state is State.DOWN else end.state for end in ends]
    return State.UNKNOWN if State.UNKNOWN in each else max(each)


def _is_first(target: TargetStatus, root: Root) -> bool:
    return target.verdict == RootVerdict(root, is_first=True)
