"""Branches of the tree of sites: a site with all that is below it."""

from __future__ import annotations

from netwatch.inventory.model import Inventory


def branch_of(inventory: Inventory, top: str) -> frozenset[str]:
    """Ids of a site and of every site below it, at any depth."""
    below: dict[str, list[str]] = {}
    for site_id, site in inventory.sites.items():
        if site.parent is not None:
            below.setdefault(site.parent, []).append(site_id)
    found, waiting = {top}, [top]
    while waiting:
        fresh = [site for site in below.get(waiting.pop(), ()) if site not in found]
        found.update(fresh)
        waiting += fresh
    return frozenset(found)
