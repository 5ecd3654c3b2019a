"""NetBox's circuits become uplinks and links; its cables tell their interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netwatch.imports.netbox.client import NetboxObject
from netwatch.imports.netbox.objects import (
    NetboxData,
    NetboxField,
    list_at,
    number_at,
    site_of_termination,
    stage_of_object,
    text_at,
)
from netwatch.imports.resolve import slug
from netwatch.imports.review import Review
from netwatch.imports.text import clean
from netwatch.imports.values import text_of
from netwatch.imports.wanted import SiteFact, WantedLink, WantedSite

_CIRCUIT_END = "circuits.circuittermination"
_INTERFACE = "dcim.interface"

Plugs = dict[tuple[int, str], str]
"""The interface for each circuit, by its id, and side (``A`` or ``Z``)."""


def wanted_lines(
    data: NetboxData, sites: dict[int, WantedSite], review: Review
) -> list[WantedLink]:
    """Give each site the circuit to the site above as its uplink; returns all other circuits."""
    plugs = _plugs(data)
    ends = _ends(data)
    links: list[WantedLink] = []
    for entry in sorted(data["circuits/circuits"], key=lambda each: text_at(each, "cid")):
        if stage_of_object(entry) != "active":
            continue
        placed = NetboxField(f"circuits/{entry['id']}", "cid", text_at(entry, "cid"))
        contract = review.read(placed, text_of)
        carrier = clean(text_at(entry, "provider.name"))
        capacity = _capacity(entry, ends.get(entry["id"], {}))
        here = {side: sites[id_] for side, id_ in _sites(entry, ends) if id_ in sites}
        if not here or not carrier or contract is None or capacity is None:
            review.notes.append(
                f"bỏ qua kênh {placed.text}: thiếu điểm, nhà mạng hoặc tốc độ cam kết"
                " / circuit passed over: no site, provider or commit rate"
            )
            continue
        line = WantedLink(contract, carrier, capacity, _interfaces(entry, here, plugs))
        if not _as_uplink(line, here):
            link = _as_link(line, here)
            if link is not None:
                links.append(link)
    return links


def _sites(entry: NetboxObject, ends: dict[int, dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """The site of each side that ends at one."""
    for side in ("A", "Z"):
        known = ends.get(entry["id"], {}).get(side) or entry.get(f"termination_{side.lower()}")
        site = site_of_termination(known)
        if site is not None:
            yield side, site


def _ends(data: NetboxData) -> dict[int, dict[str, Any]]:
    """The terminations of each circuit by their side."""
    found: dict[int, dict[str, Any]] = {}
    for entry in data["circuits/circuit-terminations"]:
        circuit = number_at(entry, "circuit.id")
        if circuit is not None:
            found.setdefault(circuit, {})[text_at(entry, "term_side")] = entry
    return found


def _capacity(entry: NetboxObject, ends: dict[str, Any]) -> str | None:
    """The commit rate, else the speed of a port, both in kbit/s; None where neither is given."""
    rates = [number_at(entry, "commit_rate")]
    rates += [number_at(end, "port_speed") for end in ends.values()]
    rate = next((each for each in rates if each), None)
    if rate is None:
        return None
    for unit, size in (("G", 1_000_000), ("M", 1000)):
        if rate % size == 0:
            return f"{rate // size}{unit}"
    return f"{rate}k"


def _plugs(data: NetboxData) -> Plugs:
    found: Plugs = {}
    for cable in data["dcim/cables"]:
        sides = [list_at(cable, key) for key in ("a_terminations", "b_terminations")]
        for one, other in (sides, sides[::-1]):
            ends = [each for each in one if text_at(each, "object_type") == _CIRCUIT_END]
            ports = [each for each in other if text_at(each, "object_type") == _INTERFACE]
            if len(ends) == 1 and len(ports) == 1:
                circuit = number_at(ends[0], "object.circuit.id")
                name = clean(text_at(ports[0], "object.name"))
                if circuit is not None and name:
                    found[circuit, text_at(ends[0], "object.term_side")] = name
    return found


def _interfaces(entry: NetboxObject, here: dict[str, WantedSite], plugs: Plugs) -> dict[str, str]:
    """The interface at each site, by the side."""
    return {side: plugs[entry["id"], side] for side in here if (entry["id"], side) in plugs}


def _as_uplink(line: WantedLink, here: dict[str, WantedSite]) -> bool:
    """Make it the uplink of the lower site, if that has none yet; returns whether it is."""
    for side, site in here.items():
        others = [(name, each) for name, each in here.items() if name != side]
        is_up = not others or site.parent is others[0][1]
        if site.parent is None or not is_up or "uplink.carrier" in site.facts:
            continue
        facts = {
            "carrier": line.carrier,
            "contract": line.contract,
            "capacity": line.capacity,
            "interface": line.interfaces.get(side),
            "parent_interface": line.interfaces.get(others[0][0]) if others else None,
        }
        site.facts |= {f"uplink.{key}": SiteFact(text) for key, text in facts.items() if text}
        return True
    return False


def _as_link(line: WantedLink, here: dict[str, WantedSite]) -> WantedLink | None:
    """A line of its own, between both sites, or from the one site to that above."""
    sides = list(here)
    first = here[sides[0]]
    second = here[sides[1]] if len(sides) > 1 else first.parent
    if not isinstance(second, WantedSite) or first is second:
        return None
    line.a, line.b = first, second
    line.a_interface = line.interfaces.get(sides[0])
    line.b_interface = line.interfaces.get(sides[1]) if len(sides) > 1 else None
    line.link_id = slug(f"{line.carrier} {line.contract}")[:63].strip("-")
    return line
