"""What the daemon's page shows of incidents: causes, and flows that don't do what is expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from netwatch.core.state import State
from tests.dashboards.history.story import Fault, Span, Story
from tests.dashboards.history.tape import Tape


class Incident(NamedTuple):
    """One incident.

    Attributes:
        cause: id of its subject.
        name: of the place or flow, in English; ``name_vi`` in Vietnamese.
        site: where it is; empty if nowhere.
    """

    kind: str
    cause: str
    name: str
    name_vi: str
    severity: str
    span: Span
    site: str = ""
    carrier: str = ""
    contract: str = ""
    acknowledged: bool = False

    @property
    def id(self) -> str:
        """Short and stable."""
        return hashlib.sha256(f"{self.cause} {self.span.begin}".encode()).hexdigest()[:8]


def incidents(story: Story) -> Iterator[Incident]:
    """Every incident of a story."""
    yield from (_of_fault(story, fault) for fault in story.faults)
    for kind, spans in (("violated", story.passed), ("broken", story.broken)):
        for flow_id, span in spans.items():
            flow = story.inventory.flows[flow_id]
            name = flow.name or flow.name_vi
            severity = "critical" if kind == "violated" else "warning"
            site_id = flow.to.partition("/")[0]
            yield Incident(
                kind, f"flow:{flow_id}", name, flow.name_vi, severity, span, site_id
            )
    for span in story.blind:
        names = "The collector is blind", "Bộ giám sát bị mù"
        yield Incident("collector", "vantage:state-dc", *names, "critical", span)


def _of_fault(story: Story, fault: Fault) -> Incident:
    site = story.inventory.sites[fault.site]
    pages = fault.state is State.DOWN and (site.tier != "commune" or len(fault.sites) >= 10)
    return Incident(
        "line" if fault.kind == "link" else "device",
        fault.cause,
        site.name or site.name_vi,
        site.name_vi,
        "critical" if pages and fault.sites else "warning",
        fault.span,
        fault.site,
        fault.carrier,
        fault.contract,
        fault.acknowledged,
    )


def write_incidents(tape: Tape, story: Story) -> None:
    """Incidents that are open, and whether somebody has acknowledged them."""
    for incident in incidents(story):
        during = np.full(story.length, np.nan)
        during[incident.span.samples] = 1
        labels = {
            "incident": incident.id,
            "kind": incident.kind,
            "cause": incident.cause,
            "name": incident.name,
            "name_vi": incident.name_vi,
            "severity": incident.severity,
            "site": incident.site,
            "carrier": incident.carrier,
            "contract": incident.contract,
        }
        began = tape.start + 60 * incident.span.begin
        tape.add("netwatch_incident_start_timestamp_seconds", labels, during * began)
        acknowledged = during * float(incident.acknowledged)
        tape.add("netwatch_incident_acknowledged", {"incident": incident.id}, acknowledged)
