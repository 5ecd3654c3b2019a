"""Flows that are violated or broken."""

from __future__ import annotations

import time

from netwatch.core.state import State
from netwatch.flows.status import FlowStatus
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState
from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.state.attachment import target_key
from netwatch.state.table import StateTable

_KINDS = {FlowState.VIOLATED: Kind.VIOLATED, FlowState.BROKEN: Kind.BROKEN}
_SEVERITIES = {Kind.VIOLATED: Severity.CRITICAL, Kind.BROKEN: Severity.WARNING}
_SILENT = {State.UNREACHABLE, State.DOWN, State.MAINTENANCE}


class FlowSource(IncidentSource):
    """Tells of flows that do not do what is expected.

    Args:
        flows: their states.
        states: of the targets that they call.
    """

    kinds = frozenset({Kind.VIOLATED, Kind.BROKEN})

    def __init__(self, flows: FlowTable, states: StateTable) -> None:
        self._flows = flows
        self._states = states

    def seen(self) -> list[CauseSeen]:
        """Every flow that is violated or broken."""
        return [
            self._sighting(id_, status, kind)
            for id_, status in self._flows.flows.items()
            if (kind := _KINDS.get(status.state)) is not None
        ]

    def end_of(self, incident: Incident) -> Words | None:
        """That the flow is in another state for certain, or is no longer watched."""
        status = self._flows.flows.get(incident.cause.removeprefix("flow:"))
        if status is None:
            return words.REMOVED
        return None if status.state is FlowState.UNKNOWN else words.BACK

    def _sighting(self, id_: str, status: FlowStatus, kind: Kind) -> CauseSeen:
        flow = status.flow
        name = flow.name or flow.name_vi
        title = (
            words.say(f"Vi phạm: {flow.name_vi}", f"Violated: {name}")
            if kind is Kind.VIOLATED
            else words.say(f"Đứt liên thông: {flow.name_vi}", f"Broken: {name}")
        )
        return CauseSeen(
            kind,
            f"flow:{id_}",
            title,
            _SEVERITIES[kind],
            status.since or time.time(),
            is_excused=kind is Kind.BROKEN and self._is_explained(flow.to),
            site=target_key(flow.to)[0],
            owner=flow.owner,
            found={"flow": " ".join(str(each) for each in status.evidence.values())},
        )

    def _is_explained(self, reference: str) -> bool:
        """Whether what is called is silent, which is an incident of its own."""
        target = self._states.targets.get(target_key(reference))
        return target is not None and target.state in _SILENT
