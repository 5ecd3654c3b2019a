"""Sites and lines as the inventory describes them: the lines of four large families, as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netwatch.inventory.coordinates import place_of
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory, LinkEnd
from netwatch.metrics.written import line

SITE, COORDINATES = "netwatch_site_info", "netwatch_site_coordinates_degrees"
LINK, CAPACITY = "netwatch_link_info", "netwatch_link_capacity_bits_per_second"


@dataclass(frozen=True, slots=True)
class Description:
    """The lines of each family."""

    sites: tuple[str, ...]
    coordinates: tuple[str, ...]
    links: tuple[str, ...]
    capacities: tuple[str, ...]


def described(inventory: Inventory) -> Description:
    """The lines of an inventory, written once; a reload has it done where nothing waits."""
    return inventory.once(_described)


def _described(inventory: Inventory) -> Description:
    return Description(
        tuple(_sites(inventory)),
        tuple(_coordinates(inventory)),
        tuple(_links(inventory)),
        tuple(_capacities(inventory)),
    )


def _sites(inventory: Inventory) -> Iterator[str]:
    for site_id, site in inventory.sites.items():
        labels = {
            "site": site_id,
            "name": site.name or site.name_vi,
            "name_vi": site.name_vi,
            "tier": site.tier,
            "network": site.network,
            "parent": site.parent or "",
        }
        yield line(SITE, labels.items(), 1)


def _coordinates(inventory: Inventory) -> Iterator[str]:
    for site_id in inventory.sites:
        place = place_of(site_id, inventory)
        if place is not None:
            for axis, degrees in zip(("latitude", "longitude"), place.coordinates, strict=True):
                labels = {"site": site_id, "place": place.site, "axis": axis}
                yield line(COORDINATES, labels.items(), degrees)


def _links(inventory: Inventory) -> Iterator[str]:
    for link_id, link in all_links(inventory).items():
        labels = {
            "link": link_id,
            **_end("a", link.a),
            **_end("b", link.b),
            "carrier": link.carrier,
            "contract": link.contract or "",
        }
        yield line(LINK, labels.items(), 1)


def _capacities(inventory: Inventory) -> Iterator[str]:
    for link_id, link in all_links(inventory).items():
        for direction in ("a_to_b", "b_to_a"):
            labels = {"link": link_id, "direction": direction}
            yield line(CAPACITY, labels.items(), link.capacity)


def _end(name: str, end: LinkEnd) -> dict[str, str]:
    site, _, target = end.target.partition("/")
    return {
        f"{name}_site": site,
        f"{name}_target": target,
        f"{name}_interface": end.interface or "",
    }
