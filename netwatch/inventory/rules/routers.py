"""Border routers measure only pings, and a collector can log in to ask for the results."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from netwatch.core.check import MAX_OPERATIONS
from netwatch.core.params import RouterParams
from netwatch.inventory.classes import matching_classes
from netwatch.inventory.flows import Flow, Vantage
from netwatch.inventory.model import CommunitySpec, Site, Target
from netwatch.inventory.plan import parameters
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake, TreePath


def routers(view: View) -> Iterator[Mistake]:
    """Routers that can't be asked, and flows that a router can't measure."""
    vantages = view.inventory.vantages
    for vantage_id, vantage in vantages.items():
        if vantage.asked is not None:
            yield from _can_be_asked(view, vantage_id, vantage)
    for flow_id, flow in view.inventory.flows.items():
        place = vantages.get(flow.vantage)
        if place is not None:
            yield from _can_measure(view, ("flows", flow_id), flow, place)
    yield from _elsewhere(view)


def _can_be_asked(view: View, vantage_id: str, vantage: Vantage) -> Iterator[Mistake]:
    path = ("vantages", vantage_id)
    asker = view.inventory.vantages.get(vantage.asked_by or "")
    if asker is not None and asker.asked is not None:
        message = f"{vantage.asked_by} is a router itself; name a vantage where a collector stands"
        yield view.mistake(message, *path, "asked_by")
    site = view.inventory.sites.get(vantage.site)
    target = site.targets.get(vantage.router or "") if site else None
    if site is not None and target is not None and not _has_credential(view, site, target):
        message = f"no credential for {vantage.asked}; write snmp: <credential> there"
        yield view.mistake(message, *path, "router")
    writer = view.inventory.credentials.get(vantage.writes or "")
    if writer is not None and (isinstance(writer, CommunitySpec) or writer.legacy):
        message = (
            f"{vantage.writes} may not write: only SNMP v3 with authentication and privacy may"
        )
        yield view.mistake(f"{message}, and without legacy", *path, "writes")
    own = [id_ for id_, flow in view.inventory.flows.items() if _makes(view, vantage_id, flow)]
    if own and vantage.writes is None:
        message = f"{own[0]} wants an operation of its own at {vantage_id}, where nobody may write"
        remedy = "add writes to that vantage, or name an operation of the network team"
        yield view.mistake(f"{message}; {remedy}", "flows", own[0], "check")
    if len(own) > MAX_OPERATIONS:
        message = f"{len(own)} operations of our own at {vantage_id}; at most {MAX_OPERATIONS}"
        yield view.mistake(message, "flows", own[MAX_OPERATIONS], "check")


def _makes(view: View, vantage_id: str, flow: Flow) -> bool:
    """Whether a flow needs an operation of our own at this vantage."""
    if flow.vantage != vantage_id or flow.check.probe not in view.schemas:
        return False
    try:
        params = parameters(flow.check, view.schemas)
    except ValidationError:
        return False  # reported by the rule for checks
    return isinstance(params, RouterParams) and params.writes


def _can_measure(view: View, path: TreePath, flow: Flow, place: Vantage) -> Iterator[Mistake]:
    schema = view.schemas.get(flow.check.probe)
    if schema is None:
        return  # reported by the rule for checks
    by_router = (name for name, each in view.schemas.items() if issubclass(each, RouterParams))
    probes = ", ".join(sorted(by_router))
    if place.asked is None:
        if issubclass(schema, RouterParams):
            message = f"{flow.vantage} is no router; add router and asked_by to that vantage"
            yield view.mistake(f"probe {flow.check.probe}: {message}", *path, "check", "probe")
        return
    if not issubclass(schema, RouterParams):
        message = f"{flow.vantage} is a router, which can only be asked; use {probes}"
        yield view.mistake(f"probe {flow.check.probe}: {message}", *path, "check", "probe")
    for key in ("by", "control"):
        if getattr(flow, key) is not None:
            message = f"a router can't tell {key}; remove it"
            yield view.mistake(message, *path, key)
    if flow.expect == "blocked" and not _has_witness(view, flow):
        message = (
            f"nothing proves that {flow.vantage} reaches anything at all; add a flow from it that"
            " must pass"
        )
        yield view.mistake(message, *path, "expect")


def _has_witness(view: View, flow: Flow) -> bool:
    return any(
        other.vantage == flow.vantage and other.expect == "pass"
        for other in view.inventory.flows.values()
    )


def _elsewhere(view: View) -> Iterator[Mistake]:
    """What a router measures is a flow, and nothing else."""
    inventory = view.inventory
    placed: list[tuple[str, TreePath]] = []
    for class_id, its_class in inventory.classes.items():
        for position, spec in enumerate(its_class.checks):
            placed.append((spec.probe, ("classes", class_id, "checks", position, "probe")))
    for border_id, border in inventory.borders.items():
        for position, service in enumerate(border.services):
            place = ("borders", border_id, "services", position, "check", "probe")
            placed.append((service.check.probe, place))
    for probe, path in placed:
        if (schema := view.schemas.get(probe)) is not None and issubclass(schema, RouterParams):
            message = f"probe {probe} is for flows from a router; write one under flows"
            yield view.mistake(message, *path)


def _has_credential(view: View, site: Site, target: Target) -> bool:
    if target.snmp:
        return True
    names = [target.check_class] if target.check_class else []
    names = names or matching_classes(view.inventory, site.tier, target.role)
    classes = [view.inventory.classes.get(name) for name in names]
    return all(each is None or each.snmp for each in classes)  # a wrong class is reported elsewhere
