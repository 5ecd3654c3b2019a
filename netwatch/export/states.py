"""States of targets, sites, links and objectives, taken from the board for each scrape."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netwatch.core.state import State
from netwatch.export.causes import CauseMetrics
from netwatch.export.cells import set_or_remove
from netwatch.export.maintenance import MaintenanceMetrics
from netwatch.export.rollups import RollupMetrics
from netwatch.export.row_family import RowFamily, TargetLabels
from netwatch.export.sites import STATE_VALUES, SiteMetrics
from netwatch.inventory.model import Inventory, Link
from netwatch.meetings.records.month import MeetingMonth
from netwatch.metrics import Registry
from netwatch.objectives import reached_alone
from netwatch.state.root import Root, RootKind, RootVerdict
from netwatch.state.table import StateTable
from netwatch.state.target import TargetStatus

_NO_MEETINGS = MeetingMonth()
_NOT_SHOWN = -1


class StateMetrics:
    """Gauges that say how things stand."""

    def __init__(
        self,
        registry: Registry,
        inventory: Inventory,
        labels: TargetLabels,
    ) -> None:
        registry.add(
            RowFamily(
                "gauge",
                "netwatch_target_state",
                f"State: {STATE_VALUES}",
                lambda: self._targets,
                {"{": lambda: self._target_states},
            )
        )
        self._sites = SiteMetrics(registry)
        self._rollups = RollupMetrics(registry, inventory)
        self._causes = CauseMetrics(registry)
        self._maintenance = MaintenanceMetrics(registry)
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

        self.replace(inventory, labels)

    def replace(self, inventory: Inventory, labels: TargetLabels) -> None:
        """Show another inventory from the next refresh on.

        Args:
            inventory: what is watched.
            labels: its ``target_labels``.
        """
        self._inventory = inventory
        self._rollups.replace(inventory)
        self._targets = list(labels.values())
        self._target_states = np.full(len(self._targets), _NOT_SHOWN)
        self._sites.replace(inventory)
        for family in (self._link, self._objective):
            family.clear()

    def refresh(self, board: StateTable, month: MeetingMonth = _NO_MEETINGS) -> Iterator[None]:
        """Bring every series up to date, in steps between which other work may be done."""
        inventory = self._inventory
        for _ in self._refresh(board, month):
            yield
            if self._inventory is not inventory:
                # Replaced meanwhile: what is left to do is about sites that may be gone.
                yield from self.refresh(board, month)
                return

    def _refresh(self, board: StateTable, month: MeetingMonth) -> Iterator[None]:
        states = (target.state for target in board.targets.values())
        self._target_states = np.fromiter(states, np.int64)
        yield
        for part in (self._sites, self._rollups, self._causes):
            yield from part.refresh(board)
        self._maintenance.refresh(board.plan)
        for link_id, link in board.links.items():
            self._link.cell(link_id).set(link_state(link_id, link, board))
            yield
        for objective_id, objective in self._inventory.objectives.items():
            value = reached_alone(objective, self._inventory, board, month)
            set_or_remove(self._objective, (objective_id,), value)
            yield
        set_or_remove(self._vantage, (), board.vantage.ok)


def link_state(link_id: str, link: Link, board: StateTable) -> State:
    """Its own state when it is worked on or at fault; else the worse of its ends, or unknown.

    An end that is down for another reason makes the line unreachable: nothing is known of it.
    """
    ends = [board.target(end.target) for end in (link.a, link.b)]
    root = Root(RootKind.LINK, link_id)
    if link_id in board.plan.links:
        return State.MAINTENANCE
    if link_id in board.lines.cut or any(_is_first(end, root) for end in ends):
        return State.DOWN
    states = [State.UNREACHABLE if end.state is State.DOWN else end.state for end in ends]
    return State.UNKNOWN if State.UNKNOWN in states else max(states)


def _is_first(target: TargetStatus, root: Root) -> bool:
    return target.verdict == RootVerdict(root, is_first=True)
