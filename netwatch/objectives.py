"""The figures that the plan demands: what share of the sites of some tiers is reachable."""

from __future__ import annotations

from netwatch.core.state import REACHABLE, State
from netwatch.inventory.model import Inventory, Objective
from netwatch.state.board import Board

_COUNTED = {*REACHABLE, State.DOWN, State.UNREACHABLE}


def ratio(objective: Objective, inventory: Inventory, board: Board) -> float | None:
    """Share of the measured sites that are reachable, 0 to 1; None when none is measured.

    A site that is unknown or in maintenance counts neither way.
    """
    states = [
        board.sites[site_id].state
        for site_id, site in inventory.sites.items()
        if site.tier in objective.tiers
    ]
    counted = [state for state in states if state in _COUNTED]
    if not counted:
        return None
    return sum(state in REACHABLE for state in counted) / len(counted)
