"""From the short form "these networks to those: only these services" to single flows.

What must pass is measured at every target that has the service. What must not is too much to be
measured whole: all ports of all targets. So a sample of it is tried, drawn by a hash of its name:
always the same, and hardly another one when the province changes.
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


class Way(NamedTuple):
    """What a flow tries.

    Attributes:
        vantage: where it begins.
        to: the target.
        tcp_port: the port that is called; None where it is no TCP.
        probe: kind and parameters of a probe that calls no TCP port; else None.
    """

    vantage: str
    to: str
    tcp_port: int | None
    probe: tuple[str, ProbeParams] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One service at one target, called from one vantage.

    Attributes:
        position: of the service in its border.
    """

    vantage: str
    to: str
    service: Service
    position: int


def with_derived_flows(inventory: Inventory, schemas: Schemas) -> Inventory:
    """Add the flows that follow from borders; one that is written out goes before them."""
    written = {
        way_of(flow.vantage, flow.to, flow.check, schemas) for flow in inventory.flows.values()
    }
    derived = {
        flow_id: flow
        for border_id, border in inventory.borders.items()
        for flow_id, flow in _derive(border_id, border, inventory, schemas)
        if way_of(flow.vantage, flow.to, flow.check, schemas) not in written
    }
    return inventory.model_copy(update={"flows": inventory.flows | derived})


def way_of(vantage: str, to: str, check: CheckSpec, schemas: Schemas) -> Way:
    """What a flow tries; a firewall judges all probes of one TCP port alike.

    Raises:
        KeyError: the probe is unknown.
        pydantic.ValidationError: its keys are wrong.
    """
    params = parameters(check, schemas)
    if params.tcp_port is not None:
        return Way(vantage, to, params.tcp_port)
    return Way(vantage, to, None, (check.probe, params))


def vantages_of(border: Border, inventory: Inventory) -> list[str]:
    """The vantages from which a border is crossed; routers can only ping, so they are none."""
    return [
        vantage_id
        for vantage_id, vantage in inventory.vantages.items()
        if (site := inventory.sites.get(vantage.site)) and site.network in border.source
        if vantage.asked is None
    ]


def passages(border: Border, inventory: Inventory) -> Iterator[Passage]:
    """Everything that must pass a border."""
    for vantage in vantages_of(border, inventory):
        for to, role in _called(border, inventory):
            for position, service in enumerate(border.services):
                if role in service.roles:
                    yield Passage(vantage, to, service, position)


def _called(border: Border, inventory: Inventory) -> list[tuple[str, str]]:
    """The targets behind a border, with their roles."""
    return [
        (f"{site_id}/{target_id}", target.role)
        for site_id, site, target_id, target in inventory.targets()
        if site.network in border.to
    ]


def _derive(
    border_id: str, border: Border, inventory: Inventory, schemas: Schemas
) -> Iterator[tuple[str, Flow]]:
    allowed: set[Way] = set()
    for passage in passages(border, inventory):
        vantage, to, service = passage.vantage, passage.to, passage.service
        allowed.add(way_of(vantage, to, service.check, schemas))
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
            if Way(vantage, to, port) not in allowed
        ]
        for to, port in sample(ways, border.sample, f"{border_id}/{vantage}"):
            names = f"Cấm cổng {port}", f"No port {port}"
            check = _forbidden(border, port)
            flow = _flow(border, inventory, (vantage, to), names, check, expect="blocked")
            yield f"{border_id}/{vantage}/{to}/tcp:{port}", flow


def sample(ways: list[tuple[str, int]], most: int, name: str) -> list[tuple[str, int]]:
    """So many of these targets and ports, at as many targets as there can be."""
    lots: dict[str, list[tuple[bytes, int]]] = defaultdict(list)
    for to, port in ways:
        digest = hashlib.blake2b(f"{name}/{to}/{port}".encode(), digest_size=8).digest()
        lots[to].append((digest, port))
    # The first lot of every target goes before the second of any.
    drawn = sorted(
        (turn, lot, to, port)
        for to, lots_there in lots.items()
        for turn, (lot, port) in enumerate(sorted(lots_there))
    )
    return [(to, port) for _, _, to, port in drawn[:most]]


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
