"""States of targets, sites, links, flows and objectives, taken from the board for each scrape."""

from __future__ import annotations

import time
from collections.abc import Iterator

from netwatch.core.state import State
from netwatch.exchange import Exchange, FlowState
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory, Link
from netwatch.metrics import Cell, Family, Registry
from netwatch.objectives import ratio
from netwatch.state.board import Board
from netwatch.state.target import CheckStatus

_VALUES = "0 unknown, 1 up, 2 degraded, 3 unreachable, 4 down, 5 maintenance."


class StateMetrics:
    """Gauges that say how things stand, and the seconds that sites spent in each state."""

    def __init__(self, registry: Registry, inventory: Inventory) -> None:
        target = ("site", "target")
        self._target = registry.gauge("netwatch_target_state", f"State: {_VALUES}", target)
        self._jitter = registry.gauge(
            "netwatch_icmp_jitter_seconds", "RFC 3550 jitter of the round trips.", target
        )
        self._loss = registry.gauge(
            "netwatch_icmp_loss_ratio", "Share of the last 60 echoes that were lost.", target
        )
        self._site = registry.gauge("netwatch_site_state", f"State: {_VALUES}", ("site",))
        self._changed = registry.gauge(
            "netwatch_site_state_change_timestamp_seconds",
            "When the site's present state began.",
            ("site",),
        )
        self._seconds = registry.counter(
            "netwatch_site_state_seconds_total",
            "Time that the site spent in each state.",
            ("site", "state"),
        )
        self._link = registry.gauge(
            "netwatch_link_state",
            f"The worse state of the line's two ends: {_VALUES}",
            ("link",),
        )
        self._flow = registry.gauge(
            "netwatch_flow_as_expected",
            "1 if the connection does what is expected of it, else 0; absent while unknown.",
            ("flow", "from", "to", "expect"),
        )
        self._violations = registry.counter(
            "netwatch_flow_violations_total",
            "Times that a connection passed that must stay blocked.",
            ("flow",),
        )
        self._objective = registry.gauge(
            "netwatch_objective_ratio", "What is reached of the plan, 0 to 1.", ("objective",)
        )
        self._vantage = registry.gauge(
            "netwatch_vantage_ok", "1 if the canaries answer, 0 if the collector is blind."
        )

        self.replace(inventory)

    def replace(self, inventory: Inventory) -> None:
        """Show another inventory from the next refresh on."""
        self._inventory = inventory
        self._links = all_links(inventory)
        families = (
            self._target,
            self._jitter,
            self._loss,
            self._site,
            self._changed,
            self._seconds,
            self._link,
            self._flow,
            self._violations,
            self._objective,
        )
        for family in families:
            family.clear()

    def refresh(self, board: Board, exchange: Exchange) -> Iterator[None]:
        """Bring every series up to date, in steps between which other work may be done."""
        inventory = self._inventory
        for _ in self._refresh(board, exchange):
            yield
            if self._inventory is not inventory:
                # Replaced meanwhile: what is left to do is about sites that may be gone.
                yield from self.refresh(board, exchange)
                return

    def _refresh(self, board: Board, exchange: Exchange) -> Iterator[None]:
        yield from self._refresh_targets(board)
        yield from self._refresh_sites(board)
        for link_id, link in self._links.items():
            self._link.cell(link_id).set(link_state(link, board))
            yield
        self._refresh_flows(exchange)
        for objective_id, objective in self._inventory.objectives.items():
            reached = ratio(objective, self._inventory, board)
            _set_or_remove(self._objective, (objective_id,), reached)
            yield
        _set_or_remove(self._vantage, (), board.vantage.ok)

    def _refresh_targets(self, board: Board) -> Iterator[None]:
        for key, target in board.targets.items():
            self._target.cell(*key).set(target.state)
            echo: CheckStatus | None = target.checks.get("icmp")
            if echo is not None:
                _set_or_remove(self._jitter, key, echo.quality.jitter)
                _set_or_remove(self._loss, key, echo.quality.loss_ratio)
            yield

    def _refresh_sites(self, board: Board) -> Iterator[None]:
        for site_id, site in board.sites.items():
            self._site.cell(site_id).set(site.state)
            _set_or_remove(self._changed, (site_id,), site.since)
            for state, seconds in site.seconds_by_state(time.monotonic()).items():
                self._seconds.cell(site_id, State(state).label).set(seconds)
            yield

    def _refresh_flows(self, exchange: Exchange) -> None:
        for flow_id, status in exchange.flows.items():
            flow = status.flow
            as_expected = (
                None if status.state is FlowState.UNKNOWN else status.state is FlowState.AS_EXPECTED
            )
            labels = flow_id, flow.vantage, flow.to, flow.expect
            _set_or_remove(self._flow, labels, as_expected)
            self._violations.cell(flow_id).set(status.violations)


def link_state(link: Link, board: Board) -> State:
    """The worse state of both ends; unknown when one of them is."""
    ends = [board.target(end.target).state for end in (link.a, link.b)]
    return State.UNKNOWN if State.UNKNOWN in ends else max(ends)


def _set_or_remove(family: Family[Cell], labels: tuple[str, ...], value: float | None) -> None:
    """What isn't known has no series: 0 would be a lie."""
    if value is None:
        family.remove(*labels)
    else:
        family.cell(*labels).set(value)
