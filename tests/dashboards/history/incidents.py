"""What the daemon's page shows of incidents: causes, and flows that don't do what is expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from netwatch.core.state import State
from netwatch.incidents.sources.collector import BLIND
from tests.dashboards.history.story import Fault, Span, Story
from tests.dashboards.history.tape import Tape

_FLOWS = {"violated": ("Vi phạm", "Violated"), "broken": ("Đứt liên thông", "Broken")}


class Incident(NamedTuple):
    """One incident.

    Attributes:
        cause: id of its subject.
        name: what happened, in English; ``name_vi`` in Vietnamese.
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
    sites: int = 0

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
            vi, en = _FLOWS[kind]
            name = f"{en}: {flow.name or flow.name_vi}"
            severity = "critical" if kind == "violated" else "warning"
            site_id = flow.to.partition("/")[0]
            name_vi = f"{vi}: {flow.name_vi}"
            yield Incident(kind, f"flow:{flow_id}", name, name_vi, severity, span, site_id)
    for span in story.blind:
        cause = "vantage:state-dc"
        yield Incident("collector", cause, BLIND["en"], BLIND["vi"], "critical", span)


def _of_fault(story: Story, fault: Fault) -> Incident:
    site = story.inventory.sites[fault.site]
    pages = fault.state is State.DOWN and (site.tier != "commune" or len(fault.sites) >= 10)
    name = site.name or site.name_vi
    if fault.kind == "link":
        told = f"Line {name} is cut", f"Đứt đường truyền {site.name_vi}"
    else:
        told = (
            f"Device {fault.target} at {name} does not answer",
            f"Thiết bị {fault.target} tại {site.name_vi} ngừng trả lời",
        )
    return Incident(
        "line" if fault.kind == "link" else "device",
        fault.cause,
        *told,
        "critical" if pages and fault.sites else "warning",
        fault.span,
        fault.site,
        fault.carrier,
        fault.contract,
        fault.acknowledged,
        len(fault.sites),
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
        tape.add("netwatch_incident_sites", {"incident": incident.id}, during * incident.sites)
        acknowledged = during * float(incident.acknowledged)
        tape.add("netwatch_incident_acknowledged", {"incident": incident.id}, acknowledged)
