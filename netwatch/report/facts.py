"""Who is meant by the ids in the journal, as the inventory has them now."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from netwatch.core.timeline import Interval
from netwatch.inventory.contracts import Contract
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory, Site
from netwatch.inventory.service import is_without_begin
from netwatch.report.account.history import ALWAYS, ContractFacts, Facts, LineFacts, SiteFacts
from netwatch.report.account.period import midnight


def facts_of(inventory: Inventory, vantage: str) -> Facts:
    """The sites, lines, contracts and flows of an inventory.

    Args:
        inventory: the inventory.
        vantage: where this collector stands, whose flows its journal has.
    """
    flows = {id_: f for id_, f in inventory.flows.items() if f.vantage == vantage}
    contracts = [_contract(each) for each in inventory.contracts.values()]
    return Facts(
        _sites(inventory),
        {
            id_: LineFacts(
                id_,
                link.a.target.partition("/")[0],
                link.b.target.partition("/")[0],
                link.carrier,
                link.contract or "",
                link.capacity,
            )
            for id_, link in all_links(inventory).items()
        },
        {(each.carrier, each.number): each for each in contracts},
        frozenset(id_ for id_, flow in flows.items() if flow.expect == "pass"),
        frozenset(flows),
    )


def _sites(inventory: Inventory) -> dict[str, SiteFacts]:
    """Sites by id, the highest level first and then by area, as they stand in papers."""
    with_children = {site.parent for site in inventory.sites.values()}
    ranks = {id_: tier.rank for id_, tier in inventory.tiers.items()}
    found = [
        SiteFacts(
            id_,
            site.name_vi,
            site.name or site.name_vi,
            site.tier,
            site.network,
            area_of(inventory, id_, with_children),
            _service(site, ZoneInfo(inventory.province.timezone)),
        )
        for id_, site in inventory.sites.items()
        if not is_without_begin(site)
    ]
    found.sort(key=lambda each: (ranks[each.tier], each.area, each.id))
    return {each.id: each for each in found}


def _service(site: Site, zone: ZoneInfo) -> Interval:
    """From midnight of its first day to midnight after its last."""
    begin, end = ALWAYS
    if site.since is not None:
        begin = midnight(site.since, zone)
    if site.until is not None:
        end = midnight(site.until + timedelta(days=1), zone)
    return begin, end


def area_of(inventory: Inventory, site_id: str, with_children: set[str | None]) -> str:
    """The nearest site at or above a site that has sites below; the site itself without any."""
    above: str | None = site_id
    seen: set[str] = set()
    while above is not None and above not in seen:
        if above in with_children:
            return above
        seen.add(above)
        above = inventory.sites[above].parent
    return site_id


def below(inventory: Inventory, site_id: str) -> list[str]:
    """The site and all that lie below it."""
    found = {site_id}
    while True:
        more = {id_ for id_, s in inventory.sites.items() if s.parent in found} - found
        if not more:
            return sorted(found)
        found |= more


def _contract(contract: Contract) -> ContractFacts:
    return ContractFacts(
        contract.number,
        contract.carrier,
        contract.availability,
        *contract.hours,
        repair=contract.repair,
        start=contract.start,
        end=contract.end,
    )
