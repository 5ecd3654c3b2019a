"""What is in service: what is only planned counts nowhere yet, what is retired no longer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from netwatch.inventory.links import router_of
from netwatch.inventory.maintenance import MaintenanceWindow
from netwatch.inventory.meetings import CalendarSpec, MeetingSpec
from netwatch.inventory.model import Inventory, Site, Target
from netwatch.inventory.terms import Stage

Spec = TypeVar("Spec", MeetingSpec, CalendarSpec)


class Staged(Protocol):
    """What has a time of service: a site, a target or a line."""

    @property
    def state(self) -> Stage:
        """What is written; dates go before it."""

    @property
    def since(self) -> date | None:
        """Its first day of service; None when that isn't said."""

    @property
    def until(self) -> date | None:
        """Its last day of service; likewise."""


def stage_of(entry: Staged, today: date) -> Stage:
    """What something is on a day."""
    if entry.until is not None and today > entry.until:
        return "retired"
    if entry.since is not None:
        return "planned" if today < entry.since else "active"
    return "planned" if entry.state == "planned" else "active"


def is_without_begin(entry: Staged) -> bool:
    """Whether something is planned, and nobody knows since when it will be in service."""
    return entry.state == "planned" and entry.since is None and entry.until is None


def next_change(inventory: Inventory, today: date) -> date | None:
    """The next day on which something begins or is no longer in service; None when none is."""
    days = []
    for entry in _staged(inventory):
        days += [entry.since] if entry.since is not None else []
        days += [entry.until + timedelta(days=1)] if entry.until is not None else []
    return min((day for day in days if day > today), default=None)


def _staged(inventory: Inventory) -> Iterator[Staged]:
    for site in inventory.sites.values():
        yield site
        yield from site.targets.values()
    yield from inventory.links.values()


def is_all_active(inventory: Inventory) -> bool:
    """Whether nothing in the inventory is planned or retired, or will be."""
    return all(
        (entry.state, entry.since, entry.until) == ("active", None, None)
        for entry in _staged(inventory)
    )


def in_service(inventory: Inventory, today: date) -> Inventory:
    """The same without what is not in service on a day, and without what names it."""
    if is_all_active(inventory):
        return inventory
    return _only(inventory, lambda entry: stage_of(entry, today) == "active")


def planned_sites(inventory: Inventory, today: date) -> Inventory:
    """The same with those sites alone that are planned on a day."""
    sites = {
        id_: site for id_, site in inventory.sites.items() if stage_of(site, today) == "planned"
    }
    kept = {
        id_: site.model_copy(
            update={
                "targets": {
                    target_id: target
                    for target_id, target in site.targets.items()
                    if stage_of(target, today) != "retired"
                }
            }
        )
        for id_, site in sites.items()
    }
    return inventory.model_copy(update={"sites": kept, "flows": {}, "borders": {}, "links": {}})


def _only(inventory: Inventory, is_meant: Callable[[Staged], bool]) -> Inventory:
    sites = {id_: site for id_, site in inventory.sites.items() if is_meant(site)}
    targets = {
        f"{site_id}/{target_id}"
        for site_id, site in sites.items()
        for target_id, target in site.targets.items()
        if is_meant(target)
    }
    links = {
        id_: link
        for id_, link in inventory.links.items()
        if is_meant(link) and {link.a.target, link.b.target} <= targets
    }
    vantages = {id_: each for id_, each in inventory.vantages.items() if each.site in sites}
    return inventory.model_copy(
        update={
            "sites": {id_: _site(id_, site, sites, targets) for id_, site in sites.items()},
            "links": links,
            "vantages": vantages,
            "canaries": tuple(each for each in inventory.canaries if each in targets),
            "flows": {
                id_: flow
                for id_, flow in inventory.flows.items()
                if flow.to in targets
                and flow.vantage in vantages
                and (flow.control is None or flow.control in targets)
            },
            "maintenance": dict(_windows(inventory, set(sites), targets)),
            "meetings": {
                id_: _meeting(each, sites, targets) for id_, each in inventory.meetings.items()
            },
            "calendars": {
                id_: _meeting(each, sites, targets) for id_, each in inventory.calendars.items()
            },
        }
    )


def _site(site_id: str, site: Site, sites: Mapping[str, Site], targets: Collection[str]) -> Site:
    """A site without the targets, the parent and the line that are not meant."""
    kept = {
        id_: _target(site_id, target, targets)
        for id_, target in site.targets.items()
        if f"{site_id}/{id_}" in targets
    }
    parent = site.parent if site.parent in sites else None
    without = site.model_copy(update={"targets": kept, "parent": parent})
    ends = [(site_id, without), (parent, sites[parent])] if parent else []
    routers = [f"{id_}/{router_of(each)}" for id_, each in ends]
    has_line = bool(ends) and all(each in targets for each in routers)
    return without if has_line else without.model_copy(update={"uplink": None})


def _target(site_id: str, target: Target, targets: Collection[str]) -> Target:
    needs = tuple(
        each
        for each in target.depends_on
        if (each if "/" in each else f"{site_id}/{each}") in targets
    )
    return target if needs == target.depends_on else replace(target, depends_on=needs)


def _windows(
    inventory: Inventory, sites: Collection[str], targets: Collection[str]
) -> Iterator[tuple[str, MaintenanceWindow]]:
    """The planned work that still touches something."""
    for id_, window in inventory.maintenance.items():
        kept = window.model_copy(
            update={
                "sites": tuple(each for each in window.sites if each in sites),
                "branches": tuple(each for each in window.branches if each in sites),
                "targets": tuple(each for each in window.targets if each in targets),
            }
        )
        if any((kept.sites, kept.branches, kept.targets, kept.links, kept.carriers)):
            yield id_, kept


def _meeting(spec: Spec, sites: Collection[str], targets: Collection[str]) -> Spec:
    """A meeting or a calendar with those of its rooms that are there."""
    who = spec.participants
    update: dict[str, object] = {"sites": tuple(each for each in who.sites if each in sites)}
    if who.below is not None and who.below not in sites:
        update |= {"below": None, "tiers": ()}
    mcu = spec.mcu if spec.mcu in targets else None
    return spec.model_copy(update={"participants": who.model_copy(update=update), "mcu": mcu})
