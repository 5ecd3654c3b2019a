"""The figures that the plan demands: of sites, of flows, of meetings and of their rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from netwatch.core.state import REACHABLE, State
from netwatch.exchange import Exchange, FlowState
from netwatch.inventory.model import Inventory, Objective
from netwatch.meetings.record import Month
from netwatch.state.board import Board

_COUNTED = {*REACHABLE, State.DOWN, State.UNREACHABLE}


_NO_MEETINGS = Month()


def reached(
    objective: Objective,
    inventory: Inventory,
    board: Board,
    exchange: Exchange,
    month: Month = _NO_MEETINGS,
) -> float | None:
    """What is reached of an objective, 0 to 1; None when nothing of it is measured."""
    match objective.kind:
        case "exchange":
            return _share(passes for _, passes in _required(exchange))
        case "meetings":
            return month.held(objective.level)
        case "rooms":
            return month.ready(objective.level)
        case "sites":
            return ratio(objective, inventory, board)


def ratio(objective: Objective, inventory: Inventory, board: Board) -> float | None:
    """Share of the measured sites that are reachable, 0 to 1; None when none is measured.

    A site that is unknown or in maintenance counts neither way.
    """
    states = [
        board.sites[site_id].state
        for site_id, site in inventory.sites.items()
        if site.tier in objective.tiers
    ]
    return _share(state in REACHABLE for state in states if state in _COUNTED)


def area_ratios(objective: Objective, inventory: Inventory, exchange: Exchange) -> dict[str, float]:
    """The share of flows that pass, by the site in whose area the target stands.

    The area is the nearest site, from the target's own upwards, whose tier the objective names.
    """
    by_area: dict[str, list[bool]] = defaultdict(list)
    for to, passes in _required(exchange):
        area = _area(to.partition("/")[0], objective, inventory)
        if area is not None:
            by_area[area].append(passes)
    return {area: sum(passing) / len(passing) for area, passing in by_area.items()}


def _required(exchange: Exchange) -> Iterable[tuple[str, bool]]:
    """The flows that must pass, as far as they are known: who is called, and whether they do."""
    for status in exchange.flows.values():
        if status.flow.expect == "pass" and status.state is not FlowState.UNKNOWN:
            yield status.flow.to, status.state is FlowState.AS_EXPECTED


def _area(site_id: str | None, objective: Objective, inventory: Inventory) -> str | None:
    while site_id is not None and (site := inventory.sites[site_id]).tier not in objective.tiers:
        site_id = site.parent
    return site_id


def _share(holds: Iterable[bool]) -> float | None:
    counted = list(holds)
    return sum(counted) / len(counted) if counted else None
