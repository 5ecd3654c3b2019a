"""The province that the lab simulates, worked out from an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.inventory.checks import CheckSpec
from netwatch.inventory.classes import check_class
from netwatch.inventory.credentials import credential_id
from netwatch.inventory.flows import Flow
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory, Link, LinkEnd, Target
from netwatch.lab.mib import LabInterface
from netwatch.lab.services import LabService, services

SNMP_PORT = 161
ICMP, TCP = 1, 6
"""IP protocol numbers (IANA)."""

_GIGABIT = 1e9
_OWN_PORTS: Mapping[str, tuple[str, ...]] = {
    "router": ("Gi0/1",),
    "switch": tuple(f"Gi1/0/{number}" for number in range(1, 25)),
    "firewall": ("outside", "inside", "dmz", "mgmt"),
}
"""Ports that a device of a role has besides those that the inventory's lines are plugged into."""


@dataclass(frozen=True, slots=True)
class LabDevice:
    """One target, as the lab simulates it.

    Attributes:
        name: ``site/target``.
        credential: name of its SNMP credential; None when it has no agent.
        snmp_port: UDP port of the agent.
        tcp_ports: where it accepts connections.
        interfaces: in the order of their ifIndex.
        services: what else it answers.
    """

    name: str
    address: str
    role: str
    description: str
    credential: str | None
    snmp_port: int
    tcp_ports: tuple[int, ...]
    interfaces: tuple[LabInterface, ...]
    services: tuple[LabService, ...] = ()


@dataclass(frozen=True, slots=True)
class Barrier:
    """One service at one address that a firewall must block.

    Attributes:
        address: of the target.
        protocol: number of the IP protocol.
        port: 0 for a protocol without ports.
    """

    address: str
    protocol: int
    port: int


@dataclass(frozen=True, slots=True)
class World:
    """The province.

    Attributes:
        devices: by ``site/target``.
        addresses: of each site.
        children: ids of the sites directly below a site.
        lines: link id to the (device, interface) at its two ends.
        uplinks: the lines that lead from a site to its parent.
        barriers: by id of the flow that is expected to be blocked.
        vantage: where the collector stands.
    """

    devices: dict[str, LabDevice]
    addresses: dict[str, tuple[str, ...]]
    children: dict[str, tuple[str, ...]]
    lines: dict[str, tuple[tuple[str, str], tuple[str, str]]]
    uplinks: dict[str, tuple[str, ...]]
    barriers: dict[str, Barrier]
    vantage: str

    def behind(self, site: str) -> Iterator[str]:
        """The site and every site below it."""
        yield site
        for child in self.children.get(site, ()):
            yield from self.behind(child)

    def addresses_over_tls(self) -> tuple[str, ...]:
        """Every address at which a service speaks TLS."""
        devices = self.devices.values()
        return tuple(d.address for d in devices if any(each.tls for each in d.services))

    def addresses_behind(self, site: str) -> tuple[str, ...]:
        """Every address of the site and of the sites below it."""
        return tuple(a for below in self.behind(site) for a in self.addresses[below])


def build_world(inventory: Inventory, vantage: str) -> World:
    """Everything the lab plays, from the inventory alone, for a collector at ``vantage``."""
    lines = {
        link_id: (_end(link.a, link.b), _end(link.b, link.a))
        for link_id, link in all_links(inventory).items()
    }
    children: dict[str, tuple[str, ...]] = {}
    uplinks: dict[str, tuple[str, ...]] = {}
    for site_id, site in inventory.sites.items():
        if site.parent is not None:
            children[site.parent] = (*children.get(site.parent, ()), site_id)
            ends = {site_id, site.parent}
            uplinks[site_id] = tuple(
                line for line, pair in lines.items() if {_site(pair[0]), _site(pair[1])} == ends
            )
    return World(
        devices=_devices(inventory),
        addresses={
            site_id: tuple(target.address for target in site.targets.values())
            for site_id, site in inventory.sites.items()
        },
        children=children,
        lines=lines,
        uplinks=uplinks,
        barriers={
            flow_id: _barrier(inventory, flow)
            for flow_id, flow in inventory.flows.items()
            if flow.vantage == vantage and flow.expect == "blocked"
        },
        vantage=vantage,
    )


def _end(here: LinkEnd, there: LinkEnd) -> tuple[str, str]:
    """Device and interface; without a name in the inventory it is called after the far site."""
    return here.target, here.interface or f"to-{there.target.partition('/')[0]}"


def _site(end: tuple[str, str]) -> str:
    return end[0].partition("/")[0]


def _devices(inventory: Inventory) -> dict[str, LabDevice]:
    plugged = _plugged(all_links(inventory).values())
    called: dict[str, set[int]] = {}
    for flow in inventory.flows.values():
        called.setdefault(flow.to, set()).update(_ports([flow.check], "tcp"))
    devices: dict[str, LabDevice] = {}
    for site_id, site, target_id, target in inventory.targets():
        name = f"{site_id}/{target_id}"
        role = target.role or target_id.partition("-")[0]
        checks = check_class(inventory, site, target).checks
        played = services(checks)
        accepting = {*_ports(checks, "tcp"), *called.get(name, ())}
        devices[name] = LabDevice(
            name=name,
            address=target.address,
            role=role,
            description=_description(role, target),
            credential=credential_id(inventory, site, target),
            snmp_port=next(iter(_ports(checks, "snmp")), SNMP_PORT),
            tcp_ports=tuple(sorted(accepting - {each.port for each in played if each.stream})),
            interfaces=_interfaces(role, plugged.get(name, {})),
            services=played,
        )
    return devices


def _plugged(links: Iterable[Link]) -> dict[str, dict[str, LabInterface]]:
    """The interfaces that lines are plugged into, by device and name."""
    found: dict[str, dict[str, LabInterface]] = {}
    for link in links:
        for here, there in ((link.a, link.b), (link.b, link.a)):
            device, name = _end(here, there)
            far_site = there.target.partition("/")[0]
            interface = LabInterface(name, link.capacity, f"{link.carrier} {far_site}")
            found.setdefault(device, {})[name] = interface
    return found


def _interfaces(role: str, plugged: dict[str, LabInterface]) -> tuple[LabInterface, ...]:
    own = {
        port: LabInterface(port, _GIGABIT, load=0.02) for port in _OWN_PORTS.get(role, ("eth0",))
    }
    return tuple((own | plugged).values())


def _ports(checks: Iterable[CheckSpec], probe: str) -> list[int]:
    extras = [check.model_extra or {} for check in checks if check.probe == probe]
    return [int(extra["port"]) for extra in extras if "port" in extra]


def _description(role: str, target: Target) -> str:
    return " ".join(part for part in (target.vendor, target.model, role) if part)


def _barrier(inventory: Inventory, flow: Flow) -> Barrier:
    site, _, target = flow.to.partition("/")
    address = inventory.sites[site].targets[target].address
    ports = _ports([flow.check], "tcp")
    return Barrier(address, TCP, ports[0]) if ports else Barrier(address, ICMP, 0)
