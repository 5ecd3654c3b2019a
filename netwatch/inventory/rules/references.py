"""Every name that an entry uses is defined."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from netwatch.inventory.carriers import carrier_key
from netwatch.inventory.explain import nearest
from netwatch.inventory.links import router_of, uplink_id
from netwatch.inventory.meetings import CalendarSpec, MeetingSpec
from netwatch.inventory.model import Link, Site, Target
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake, TreePath

_KINDS = {
    "tiers": "tier",
    "networks": "network",
    "sites": "site",
    "classes": "class",
    "credentials": "credential",
    "logins": "login",
    "vantages": "vantage",
}


def references(view: View) -> Iterator[Mistake]:
    """References to entries that don't exist, section by section."""
    inventory = view.inventory
    for site_id, site in inventory.sites.items():
        yield from _site(view, site_id, site)
    for site_id, _, target_id, target in inventory.targets():
        yield from _target(view, ("sites", site_id, "targets", target_id), site_id, target)
    for class_id, check_class in inventory.classes.items():
        yield from _named(view, "credentials", check_class.snmp, ("classes", class_id, "snmp"))
        yield from _tiers(view, check_class.match.tiers, ("classes", class_id, "match", "tiers"))
    for objective_id, objective in inventory.objectives.items():
        yield from _tiers(view, objective.tiers, ("objectives", objective_id, "tiers"))
    for link_id, link in inventory.links.items():
        yield from _link(view, link, ("links", link_id))
    for position, canary in enumerate(inventory.canaries):
        yield from _target_named(view, canary, ("canaries", position))
    yield from _flows(view)
    yield from _maintenance(view)
    yield from _meetings(view)


def _meetings(view: View) -> Iterator[Mistake]:
    inventory = view.inventory
    held: list[tuple[str, str, MeetingSpec | CalendarSpec]] = [
        *(("meetings", key, meeting) for key, meeting in inventory.meetings.items()),
        *(("calendars", key, calendar) for key, calendar in inventory.calendars.items()),
    ]
    for section, key, entry in held:
        path = (section, key, "participants")
        yield from _tiers(view, entry.participants.tiers, (*path, "tiers"))
        yield from _named(view, "sites", entry.participants.below, (*path, "below"))
        for position, site in enumerate(entry.participants.sites):
            yield from _named(view, "sites", site, (*path, "sites", position))
        if entry.mcu is not None:
            yield from _target_named(view, entry.mcu, (section, key, "mcu"))
    for key, calendar in inventory.calendars.items():
        yield from _named(view, "logins", calendar.login, ("calendars", key, "login"))


def _flows(view: View) -> Iterator[Mistake]:
    for vantage_id, vantage in view.inventory.vantages.items():
        yield from _named(view, "sites", vantage.site, ("vantages", vantage_id, "site"))
        yield from _named(view, "vantages", vantage.asked_by, ("vantages", vantage_id, "asked_by"))
        yield from _named(view, "credentials", vantage.writes, ("vantages", vantage_id, "writes"))
        if vantage.asked is not None and view.source.has("sites", vantage.site):
            yield from _target_named(view, vantage.asked, ("vantages", vantage_id, "router"))
    for flow_id, flow in view.inventory.flows.items():
        yield from _named(view, "vantages", flow.vantage, ("flows", flow_id, "from"))
        yield from _target_named(view, flow.to, ("flows", flow_id, "to"))
        if flow.control is not None:
            yield from _target_named(view, flow.control, ("flows", flow_id, "control"))
    for border_id, border in view.inventory.borders.items():
        for side, networks in (("from", border.source), ("to", border.to)):
            for position, network in enumerate(networks):
                yield from _named(view, "networks", network, ("borders", border_id, side, position))


def _maintenance(view: View) -> Iterator[Mistake]:
    lines = {*view.source.keys("links"), *map(uplink_id, _sites_with_uplink(view))}
    carriers = {link.carrier for link in view.inventory.links.values()}
    carriers |= {site.uplink.carrier for site in _sites_with_uplink(view).values() if site.uplink}
    carriers |= {*view.inventory.carriers}
    carriers |= {each.name for each in view.inventory.carriers.values()}
    known = set(map(carrier_key, carriers))
    for window_id, window in view.inventory.maintenance.items():
        path = ("maintenance", window_id)
        for position, site_id in enumerate(window.sites):
            yield from _named(view, "sites", site_id, (*path, "sites", position))
        for position, site_id in enumerate(window.branches):
            yield from _named(view, "sites", site_id, (*path, "branches", position))
        for position, target in enumerate(window.targets):
            yield from _target_named(view, target, (*path, "targets", position))
        for position, link_id in enumerate(window.links):
            if link_id not in lines:
                message = f"link {link_id!r} does not exist; {_nearest(link_id, lines)}"
                yield view.mistake(message, *path, "links", position)
        for position, carrier in enumerate(window.carriers):
            if carrier_key(carrier) not in known:
                message = f"no line is run by {carrier!r}; {_nearest(carrier, carriers)}"
                yield view.mistake(message, *path, "carriers", position)


def _sites_with_uplink(view: View) -> dict[str, Site]:
    return {id_: site for id_, site in view.inventory.sites.items() if site.uplink is not None}


def _nearest(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near}?" if near else "correct it"


def _tiers(view: View, tiers: Sequence[str], path: TreePath) -> Iterator[Mistake]:
    for position, tier in enumerate(tiers):
        yield from _named(view, "tiers", tier, (*path, position))


def _link(view: View, link: Link, path: TreePath) -> Iterator[Mistake]:
    for name, end in (("a", link.a), ("b", link.b)):
        yield from _target_named(view, end.target, (*path, name, "target"))
    if link.a.target == link.b.target:
        message = f"both ends are {link.a.target}; name the target at the other end"
        yield view.mistake(message, *path, "b")


def _site(view: View, site_id: str, site: Site) -> Iterator[Mistake]:
    path = ("sites", site_id)
    yield from _named(view, "tiers", site.tier, (*path, "tier"))
    yield from _named(view, "networks", site.network, (*path, "network"))
    yield from _named(view, "sites", site.parent, (*path, "parent"))
    if site.uplink is not None:
        yield from _uplink(view, site_id, site)


def _uplink(view: View, site_id: str, site: Site) -> Iterator[Mistake]:
    path = ("sites", site_id, "uplink")
    if view.source.has("links", uplink_id(site_id)):
        message = f"the uplink is link {uplink_id(site_id)}, which is also under links; rename that"
        yield view.mistake(message, *path)
    if router_of(site) is None:
        yield view.mistake("an uplink begins at a router; add a target with role router", *path)
    if site.parent is None:
        yield view.mistake("an uplink leads to the parent; add parent", *path)
        return
    parent = view.inventory.sites.get(site.parent)
    if parent is not None and router_of(parent) is None:
        message = f"parent {site.parent} has no router for the uplink; add one, or write a link"
        yield view.mistake(message, *path)


def _target(view: View, path: TreePath, site_id: str, target: Target) -> Iterator[Mistake]:
    yield from _named(view, "classes", target.check_class, (*path, "class"))
    yield from _named(view, "credentials", target.snmp, (*path, "snmp"))
    for position, reference in enumerate(target.depends_on):
        full = reference if "/" in reference else f"{site_id}/{reference}"
        yield from _target_named(view, full, (*path, "depends_on", position))


def _named(view: View, section: str, name: str | None, path: TreePath) -> Iterator[Mistake]:
    if name is None or view.source.has(section, name):
        return
    kind = _KINDS[section]
    yield view.mistake(f"{kind} {name!r} does not exist; {view.near(name, section)}", *path)


def _target_named(view: View, reference: str, path: TreePath) -> Iterator[Mistake]:
    site_id, _, target_id = reference.partition("/")
    if not target_id:
        yield view.mistake(f"{reference!r} is not a target; write site/target", *path)
    elif not view.source.has("sites", site_id):
        yield view.mistake(f"site {site_id!r} does not exist; {view.near(site_id, 'sites')}", *path)
    elif not view.source.has("sites", site_id, "targets", target_id):
        remedy = view.near(target_id, "sites", site_id, "targets")
        yield view.mistake(f"site {site_id} has no target {target_id!r}; {remedy}", *path)
