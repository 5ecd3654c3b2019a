"""All lines of the WAN, whether written out or as the uplink of a site."""

from __future__ import annotations

from collections.abc import Mapping

from netwatch.inventory.model import Inventory, Link, LinkEnd, Site


def router_of(site: Site) -> str | None:
    """Id of the target where the uplink of a site begins: its first router; None without one."""
    return next((id_ for id_, target in site.targets.items() if target.role == "router"), None)


def uplink_id(site_id: str) -> str:
    """Id of the line that a site's ``uplink`` stands for."""
    return f"{site_id}-uplink"


def all_links(inventory: Inventory) -> Mapping[str, Link]:
    """Links by id: the explicit ones, and ``<site>-uplink`` for each site with an uplink."""
    return inventory.once(_all_links)


def _all_links(inventory: Inventory) -> Mapping[str, Link]:
    links = dict(inventory.links)
    for site_id, site in inventory.sites.items():
        if site.uplink is None or site.parent is None:
            continue
        parent_router = router_of(inventory.sites[site.parent])
        links[uplink_id(site_id)] = Link.model_construct(  # every part was judged already
            a=LinkEnd(target=f"{site_id}/{router_of(site)}", interface=site.uplink.interface),
            b=LinkEnd(
                target=f"{site.parent}/{parent_router}", interface=site.uplink.parent_interface
            ),
            carrier=site.uplink.carrier,
            contract=site.uplink.contract,
            capacity=site.uplink.capacity,
        )
    return links
