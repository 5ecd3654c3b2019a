"""How much of each objective is reached: of sites, flows, meetings and rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from netwatch.core.state import REACHABLE, State
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState
from netwatch.inventory.model import Inventory, Objective
from netwatch.meetings.records.month import MeetingMonth
from netwatch.state.faults import cut_off
from netwatch.state.table import StateTable

_COUNTED = {*REACHABLE, State.DOWN, State.UNREACHABLE}


_NO_MEETINGS = MeetingMonth()


def reached(
    objective: Objective,
    inventory: Inventory,
    states: StateTable,
    flows: FlowTable,
    month: MeetingMonth = _NO_MEETINGS,
) -> float | None:
    """How much of an objective is reached as far as this collector knows, 0 to 1.

    Of kind ``exchange`` it is the share of the collector's own flows that pass, one way. What
    passes both ways is known only in Prometheus, where the results of all vantages come together.

    Returns:
        None when nothing of it is measured.
    """
    if objective.kind == "exchange":
        return _share(
            status.state is FlowState.AS_EXPECTED
            for status in flows.flows.values()
            if status.flow.expect == "pass" and status.state is not FlowState.UNKNOWN
        )
    return reached_alone(objective, inventory, states, month)


def reached_alone(
    objective: Objective,
    inventory: Inventory,
    states: StateTable,
    month: MeetingMonth = _NO_MEETINGS,
) -> float | None:
    """How much is reached of an objective that needs no other vantage, 0 to 1.

    Returns:
        None for kind ``exchange``, and when nothing of it is measured.
    """
    match objective.kind:
        case "sites":
            return ratio(objective, inventory, states)
        case "meetings":
            return month.held(objective.level)
        case "rooms":
            return month.ready(objective.level)
        case "exchange":
            return None


def ratio(objective: Objective, inventory: Inventory, states: StateTable) -> float | None:
    """Share of the measured sites that are reachable, 0 to 1; None when none is measured.

    A site that is unknown or in maintenance counts neither way. What has just been cut off counts
    at once, like the fault that it stands behind.
    """
    gone = cut_off(states)
    counted = [
        (site_id, states.sites[site_id].state)
        for site_id, site in inventory.sites.items()
        if site.tier in objective.tiers
    ]
    return _share(
        state in REACHABLE and site_id not in gone
        for site_id, state in counted
        if state in _COUNTED
    )


class CountedFlow(NamedTuple):
    """A flow that must pass for an objective to be reached.

    Attributes:
        flow: its id.
        back: id of the flow in the other direction; its own id where the inventory names none.
        area: id of the site in whose area the called target lies; empty when it is in none.
    """

    flow: str
    back: str
    area: str


def counted_flows(objective: Objective, inventory: Inventory) -> Iterator[CountedFlow]:
    """The flows of all vantages that count for an objective of kind ``exchange``.

    A flow that is only the way back of others counts with them. The area of a flow is the nearest
    site, from the called target's own upwards, whose tier the objective names.
    """
    if objective.kind != "exchange":
        return
    backs = {flow.back for flow in inventory.flows.values()}
    for flow_id, flow in inventory.flows.items():
        if flow.expect == "pass" and (flow.back or flow_id not in backs):
            area = _area(flow.to.partition("/")[0], objective, inventory)
            yield CountedFlow(flow_id, flow.back or flow_id, area or "")


def _area(site_id: str | None, objective: Objective, inventory: Inventory) -> str | None:
    while site_id is not None and (site := inventory.sites[site_id]).tier not in objective.tiers:
        site_id = site.parent
    return site_id


def _share(holds: Iterable[bool]) -> float | None:
    counted = list(holds)
    return sum(counted) / len(counted) if counted else None
