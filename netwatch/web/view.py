"""What the status page shows, read from the inventory, the states and the flows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from netwatch.core.state import State
from netwatch.flows.status import FlowStatus
from netwatch.flows.table import FlowTable
from netwatch.inventory.model import Inventory, Link, Site
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.objectives import reached
from netwatch.state.attachment import Key
from netwatch.state.check_status import CheckStatus
from netwatch.state.faults import OpenFault, is_power_cut, open_faults
from netwatch.state.maintenance import Work
from netwatch.state.root import Root
from netwatch.state.site import SiteStatus
from netwatch.state.suspicions import Suspected
from netwatch.state.table import StateTable
from netwatch.state.target import TargetStatus
from netwatch.web import status as page
from netwatch.web.meetings import meeting_status

MAX_WARNINGS = 50
"""Warnings about the meetings' plan that are shown; further ones are left out."""


def build_status(  # noqa: PLR0913, PLR0917 (the page shows all of these)
    inventory: Inventory,
    states: StateTable,
    flows: FlowTable,
    monitor: MeetingMonitor,
    vantage: str,
    found: Mapping[Key, Mapping[str, object]],
    revision: float,
    load: Callable[[str], float | None],
) -> page.Status:
    """The whole page. Sites, faults and flows are read one by one, while the JSON is written.

    A reload in between changes nothing: it makes other collections, and these are kept.

    Args:
        inventory: what is watched.
        states: states of targets and sites.
        flows: states of flows.
        monitor: the meetings that are near.
        vantage: where this collector stands.
        found: evidence about targets that are down, as ``netwatch.evidence`` makes it.
        revision: of the inventory.
        load: bits a second on a line, None when not known.
    """
    sites, targets = states.sites, states.targets
    dark = _dark(states, found)
    return {
        "province": {
            "name_vi": inventory.province.name_vi,
            "name": inventory.province.name,
            "timezone": inventory.province.timezone,
        },
        "vantage": vantage,
        "generated": time.time(),
        "vantage_ok": states.vantage.ok,
        "counts": _counts(states),
        "tiers": [
            {"id": id_, "name_vi": tier.name_vi, "name": tier.name, "rank": tier.rank}
            for id_, tier in inventory.tiers.items()
        ],
        "networks": [
            {"id": id_, "name_vi": network.name_vi, "name": network.name}
            for id_, network in inventory.networks.items()
        ],
        "sites": (
            _site(id_, site, sites[id_], targets, dark) for id_, site in inventory.sites.items()
        ),
        "faults": _faults(states, found),
        "suspected": _suspicions(states),
        "flows": (_flow(id_, status, inventory) for id_, status in flows.flows.items()),
        "objectives": [
            {
                "id": id_,
                "name_vi": objective.name_vi,
                "name": objective.name,
                "kind": objective.kind,
                "ratio": reached(objective, inventory, states, flows, monitor.month),
                "goal": objective.goal,
            }
            for id_, objective in inventory.objectives.items()
        ],
        "meetings": [meeting_status(monitored) for monitored in monitor.meetings()],
        "meeting_warnings": list(monitor.warnings[:MAX_WARNINGS]),
        "inventory": revision,
        "loads": {line: bits for line in states.links if (bits := load(line)) is not None},
    }


def _counts(states: StateTable) -> dict[page.StateName, int]:
    counts = {_name(state): 0 for state in State}
    for site in states.sites.values():
        counts[_name(site.state)] += 1
    return counts


def _dark(states: StateTable, found: Mapping[Key, Mapping[str, object]]) -> frozenset[Root]:
    """The root causes that are power cuts; looked for only where a UPS told of any."""
    if not any("power" in each for each in found.values()):
        return frozenset()
    return frozenset(fault.root for fault in open_faults(states) if is_power_cut(fault, found))


def _site(
    site_id: str,
    site: Site,
    status: SiteStatus,
    known: Mapping[Key, TargetStatus],
    dark: frozenset[Root],
) -> page.SiteView:
    targets = [
        _target(target_id, target.role, target.name_vi, known[site_id, target_id])
        for target_id, target in site.targets.items()
    ]
    # A site's line is what its first target, the router, is reached over.
    first = targets[0] if targets else None
    shown: page.SiteView = {
        "id": site_id,
        "name_vi": site.name_vi,
        "name": site.name or site.name_vi,
        "tier": site.tier,
        "parent": site.parent,
        "network": site.network,
        "state": _name(status.state),
        "since": status.since,
        "rtt": first["rtt"] if first else None,
        "loss": first["loss"] if first else None,
        "root": None if status.root is None else str(status.root),
        "flapping": status.flapping.is_on,
        "maintenance": _maintenance(status.work),
        "targets": targets,
    }
    if status.root in dark:
        shown["power"] = True
    return shown


def _target(id_: str, role: str, name_vi: str | None, status: TargetStatus) -> page.TargetView:
    primary = status.primary
    return {
        "id": id_,
        "role": role,
        "name_vi": name_vi,
        "state": _name(status.state),
        "since": status.since,
        "rtt": primary.quality.round_trip if primary else None,
        "loss": primary.quality.loss_ratio if primary else None,
        "cause": status.cause,
        "probes": [_probe(check) for check in status.checks],
    }


def _maintenance(work: Work | None) -> page.Maintenance | None:
    return None if work is None else {"reason": work.reason, "ends": work.ends}


def _faults(
    states: StateTable, found: Mapping[Key, Mapping[str, object]]
) -> Iterator[page.FaultStatus]:
    """Looked up when the sites have been written, so that none is down whose root is missing."""
    links, sites = states.links, states.sites
    for fault in open_faults(states):
        site, evidence = sites.get(fault.first[0]), found.get(fault.first)
        if site is not None:
            yield _fault(fault, links.get(fault.root.id), site, evidence)


def _suspicions(states: StateTable) -> Iterator[page.SuspectedView]:
    """Looked up right after the faults, so that nothing is both."""
    for each in states.suspected():
        yield _suspected(each, states.links.get(each.root.id))


def _fault(
    fault: OpenFault, link: Link | None, site: SiteStatus, found: Mapping[str, object] | None
) -> page.FaultStatus:
    site_id, target_id = fault.first
    is_counted = site.root == fault.root and site.state in {State.DOWN, State.UNREACHABLE}
    return {
        "root": str(fault.root),
        "kind": fault.root.kind.value,
        "id": fault.root.id,
        "state": _name(fault.state),
        "since": fault.since,
        "site": site_id,
        "target": target_id,
        "behind": fault.sites - is_counted,
        "carrier": link.carrier if link else None,
        "contract": link.contract if link else None,
        "evidence": cast("page.Evidence | None", found),
    }


def _suspected(suspected: Suspected, link: Link | None) -> page.SuspectedView:
    site_id, target_id = suspected.first
    return {
        "root": str(suspected.root),
        "kind": suspected.root.kind.value,
        "id": suspected.root.id,
        "since": suspected.since,
        "site": site_id,
        "target": target_id,
        "sites": suspected.sites,
        "carrier": link.carrier if link else None,
    }


def _probe(status: CheckStatus) -> page.ProbeStatus:
    last = status.last
    if last is None:
        return {
            "probe": status.check.probe,
            "outcome": "none",
            "reason": "",
            "detail": "",
            "duration": None,
            "at": None,
        }
    return {
        "probe": status.check.probe,
        "outcome": last.outcome.value,
        "reason": last.reason.value,
        "detail": last.detail,
        "duration": last.duration,
        "at": time.time() - (time.monotonic() - last.finished),
    }


def _flow(id_: str, status: FlowStatus, inventory: Inventory) -> page.FlowView:
    flow, last = status.flow, status.last
    return {
        "id": id_,
        "name_vi": flow.name_vi,
        "name": flow.name or flow.name_vi,
        "from": flow.vantage,
        "from_vi": inventory.vantages[flow.vantage].name_vi,
        "to": flow.to,
        "probe": status.check.probe,
        "expect": flow.expect,
        "state": status.state.value,
        "since": status.since,
        "doubt": status.doubt.value if status.doubt else None,
        "reason": last.reason.value if last else None,
        "detail": last.detail if last else "",
    }


def _name(state: State) -> page.StateName:
    return cast("page.StateName", state.label)
