"""Vantages that are asked and tell nothing any more: border routers that measure for us."""

from __future__ import annotations

import time
from collections.abc import Iterable

from netwatch.core.state import State
from netwatch.flows.status import FlowStatus
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import Doubt, FlowState
from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.inventory.model import Inventory
from netwatch.state.attachment import target_key
from netwatch.state.table import StateTable


class VantageSource(IncidentSource):
    """Tells of routers of whose flows none is measured any more.

    What a vantage with a collector of its own writes goes to Prometheus, past this daemon, and so
    its silence is told there (NetwatchVantageSilent).
    """

    kinds = frozenset({Kind.VANTAGE})

    def __init__(self, flows: FlowTable, states: StateTable, inventory: Inventory) -> None:
        self._flows = flows
        self._states = states
        self.watch(inventory)

    def watch(self, inventory: Inventory) -> None:
        """Watch another inventory's vantages."""
        self._asked = {id_: each for id_, each in inventory.vantages.items() if each.asked}

    def seen(self) -> list[CauseSeen]:
        """Every router that has told something, and tells nothing now."""
        if not self._asked or self._states.vantage.ok is not True:
            return []
        return [
            CauseSeen(
                Kind.VANTAGE,
                f"vantage:{id_}",
                words.say(f"Điểm đo {vantage.name_vi} im lặng", f"Vantage {id_} is silent"),
                Severity.CRITICAL,
                time.time(),
                is_excused=self._is_explained(vantage.asked),
                site=vantage.site,
            )
            for id_, vantage in self._asked.items()
            if _is_silent(self._of(id_))
        ]

    def end_of(self, incident: Incident) -> Words | None:
        """That any of its flows is measured, or it is no longer asked."""
        vantage = incident.cause.removeprefix("vantage:")
        if vantage not in self._asked:
            return words.REMOVED
        told = any(status.state is not FlowState.UNKNOWN for status in self._of(vantage))
        return words.BACK if told else None

    def _of(self, vantage: str) -> list[FlowStatus]:
        flows = self._flows.flows.values()
        return [each for each in flows if each.flow.vantage == vantage and each.is_scheduled]

    def _is_explained(self, router: str | None) -> bool:
        target = self._states.targets.get(target_key(router or ""))
        return target is not None and target.state not in {State.UP, State.DEGRADED}


def _is_silent(flows: Iterable[FlowStatus]) -> bool:
    doubts = {status.doubt for status in flows}
    return doubts == {Doubt.NOT_MEASURED}
