"""Expands borders, "these networks to those: only these services", into single flows.

What must pass is measured at every target that has the service. What must not pass is too much to
be measured in full: all forbidden ports of all targets. A sample of it is tried, drawn by a hash of
its name, so that it stays the same and hardly changes when the province does.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from netwatch.core.params import ProbeParams
from netwatch.inventory.checks import CheckSpec
from netwatch.inventory.flows import Border, Flow, Service
from netwatch.inventory.model import Inventory
from netwatch.inventory.plan import parameters, probe_label

Schemas = Mapping[str, type[ProbeParams]]


class FlowKey(NamedTuple):
    """What a firewall sees of a flow. Flows with the same key pass or are blocked together.

    Attributes:
        vantage: id of the vantage where it begins.
        to: ``site/target`` that is called.
        tcp_port: the TCP port that is called; None when the probe uses no TCP.
        probe: kind and parameters of a probe that uses no TCP; else None.
    """

    vantage: str
    to: str
    tcp_port: int | None
    probe: tuple[str, ProbeParams] | None = None


@dataclass(frozen=True, slots=True)
class RequiredFlow:
    """One service at one target, called from one vantage: it must pass the border.

    Attributes:
        vantage: id of the vantage.
        to: ``site/target``.
        service: as the border has it.
        position: of the service in the border's list.
    """

    vantage: str
    to: str
    service: Service
    position: int


def with_derived_flows(inventory: Inventory, schemas: Schemas) -> Inventory:
    """Add the flows that follow from borders, except where a written flow has the same key."""
    written = {
        flow_key(flow.vantage, flow.to, flow.check, schemas) for flow in inventory.flows.values()
    }
    derived = {
        flow_id: flow
        for border_id, border in inventory.borders.items()
        for flow_id, flow in _derive(border_id, border, inventory, schemas)
        if flow_key(flow.vantage, flow.to, flow.check, schemas) not in written
    }
    return inventory.model_copy(update={"flows": inventory.flows | derived})


def flow_key(vantage: str, to: str, check: CheckSpec, schemas: Schemas) -> FlowKey:
    """The key of a flow: a firewall treats all probes of one TCP port alike.

    Raises:
        KeyError: the probe is unknown.
        pydantic.ValidationError: its keys are wrong.
    """
    params = parameters(check, schemas)
    if params.tcp_port is not None:
        return FlowKey(vantage, to, params.tcp_port)
    return FlowKey(vantage, to, None, (check.probe, params))


def vantages_of(border: Border, inventory: Inventory) -> list[str]:
    """The vantages from which a border is measured. Routers are left out: they can only ping."""
    return [
        vantage_id
        for vantage_id, vantage in inventory.vantages.items()
        if (site := inventory.sites.get(vantage.site)) and site.network in border.source
        if vantage.asked is None
    ]


def required_flows(border: Border, inventory: Inventory) -> Iterator[RequiredFlow]:
    """Every flow that must pass a border, by vantage, target and service."""
    for vantage in vantages_of(border, inventory):
        for to, role in _called(border, inventory):
            for position, service in enumerate(border.services):
                if role in service.roles:
                    yield RequiredFlow(vantage, to, service, position)


def _called(border: Border, inventory: Inventory) -> list[tuple[str, str]]:
    """The targets behind a border as ``site/target``, each with its role."""
    return [
        (f"{site_id}/{target_id}", target.role)
        for site_id, site, target_id, target in inventory.targets()
        if site.network in border.to
    ]


def _derive(
    border_id: str, border: Border, inventory: Inventory, schemas: Schemas
) -> Iterator[tuple[str, Flow]]:
    allowed: set[FlowKey] = set()
    for required in required_flows(border, inventory):
        vantage, to, service = required.vantage, required.to, required.service
        allowed.add(flow_key(vantage, to, service.check, schemas))
        label = probe_label(service.check.probe, parameters(service.check, schemas))
        names = service.name_vi, service.name or service.name_vi
        flow = _flow(border, inventory, (vantage, to), names, service.check, expect="pass")
        flow = flow.model_copy(update={"back": service.back})
        yield f"{border_id}/{vantage}/{to}/{label}", flow
    for vantage in vantages_of(border, inventory):
        ways = [
            (to, port)
            for to, _ in _called(border, inventory)
            for port in border.forbidden_ports
            if FlowKey(vantage, to, port) not in allowed
        ]
        for to, port in sample(ways, border.sample, f"{border_id}/{vantage}"):
            names = f"Cấm cổng {port}", f"No port {port}"
            check = _forbidden(border, port)
            flow = _flow(border, inventory, (vantage, to), names, check, expect="blocked")
            yield f"{border_id}/{vantage}/{to}/tcp:{port}", flow


def sample(ways: list[tuple[str, int]], size: int, name: str) -> list[tuple[str, int]]:
    """Draw from pairs of target and port, always alike, and from as many targets as possible.

    Args:
        ways: what to draw from.
        size: how many pairs are drawn at most.
        name: of the draw; another name gives another sample.
    """
    lots: dict[str, list[tuple[bytes, int]]] = defaultdict(list)
    for to, port in ways:
        digest = hashlib.blake2b(f"{name}/{to}/{port}".encode(), digest_size=8).digest()
        lots[to].append((digest, port))
    # The first lot of every target comes before the second of any.
    drawn = sorted(
        (rank, lot, to, port)
        for to, lots_there in lots.items()
        for rank, (lot, port) in enumerate(sorted(lots_there))
    )
    return [(to, port) for _, _, to, port in drawn[:size]]


def _forbidden(border: Border, port: int) -> CheckSpec:
    times = {"interval": f"{border.interval:f}s", "timeout": f"{border.timeout:f}s"}
    return CheckSpec.model_validate({"probe": "tcp", "port": str(port), **times})


def _flow(  # noqa: PLR0913 (a flow is made of all of these)
    border: Border,
    inventory: Inventory,
    ends: tuple[str, str],
    names: tuple[str, str],
    check: CheckSpec,
    *,
    expect: str,
) -> Flow:
    vantage, to = ends
    site_id, _, target_id = to.partition("/")
    site = inventory.sites[site_id]
    place_vi = site.targets[target_id].name_vi or f"{target_id}, {site.name_vi}"
    place = f"{target_id}, {site.name or site.name_vi}"
    return Flow.model_validate(
        {
            "name_vi": f"{names[0]}: {place_vi}"[:128],
            "name": f"{names[1]}: {place}"[:128],
            "from": vantage,
            "to": to,
            "check": check,
            "expect": expect,
            "owner": border.owner,
            "reference": border.reference,
        }
    )
