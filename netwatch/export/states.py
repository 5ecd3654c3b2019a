"""States of targets, sites, links and objectives, taken from the board for each scrape."""

from __future__ import annotations

from netwatch.core.state import State
from netwatch.exchange import Exchange
from netwatch.export.cells import set_or_remove
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory, Link
from netwatch.metrics import Registry
from netwatch.objectives import reached
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
            self._objective,
        )
        for family in families:
            family.clear()

    def refresh(self, board: Board, exchange: Exchange, now: float) -> None:
        """Bring every series up to ``now`` (monotonic seconds)."""
        self._refresh_targets(board)
        self._refresh_sites(board, now)
        for link_id, link in self._links.items():
            self._link.cell(link_id).set(link_state(link, board))
        for objective_id, objective in self._inventory.objectives.items():
            value = reached(objective, self._inventory, board, exchange)
            set_or_remove(self._objective, (objective_id,), value)
        set_or_remove(self._vantage, (), board.vantage.ok)

    def _refresh_targets(self, board: Board) -> None:
        for key, target in board.targets.items():
            self._target.cell(*key).set(target.state)
            echo: CheckStatus | None = target.checks.get("icmp")
            if echo is not None:
                set_or_remove(self._jitter, key, echo.quality.jitter)
                set_or_remove(self._loss, key, echo.quality.loss_ratio)

    def _refresh_sites(self, board: Board, now: float) -> None:
        for site_id, site in board.sites.items():
            self._site.cell(site_id).set(site.state)
            set_or_remove(self._changed, (site_id,), site.since)
            for state, seconds in site.seconds_by_state(now).items():
                self._seconds.cell(site_id, State(state).label).set(seconds)


def link_state(link: Link, board: Board) -> State:
    """The worse state of both ends; unknown when one of them is."""
    ends = [board.target(end.target).state for end in (link.a, link.b)]
    return State.UNKNOWN if State.UNKNOWN in ends else max(ends)
