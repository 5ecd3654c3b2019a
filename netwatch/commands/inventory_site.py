"""What is known of one site: what it is, how it is reached, what is measured there, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from netwatch.commands.names import unknown
from netwatch.inventory.classes import check_class, matching_classes
from netwatch.inventory.credentials import credential_id
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.links import router_of
from netwatch.inventory.meetings import CalendarSpec, MeetingSpec
from netwatch.inventory.model import Inventory, Link, Site, Target
from netwatch.inventory.plan import parameters, probe_label
from netwatch.inventory.service import in_service, stage_of
from netwatch.meetings.participants import endpoints
from netwatch.probes import schemas
from netwatch.state.attachment import VANTAGE
from netwatch.state.graph import Graph

_STAGES = {
    "planned": "đang chuẩn bị / planned",
    "active": "đang dùng / in service",
    "retired": "đã ngừng / retired",
}


def describe(inventory: Inventory, name: str, vantage: str) -> Iterator[str]:
    """The lines that tell of a site, which may be named by a former id.

    Raises:
        ConfigError: there is no such site.
    """
    site_id = former_ids(inventory).site(name)
    if site_id not in inventory.sites:
        raise unknown(name, "no such site", inventory.sites, "see netwatch check")
    site = inventory.sites[site_id]
    yield from _what(inventory, site_id, site)
    yield from _way(inventory, site_id, vantage)
    for target_id, target in site.targets.items():
        yield ""
        yield from _target(inventory, site_id, site, target_id, target)
    yield from _besides(inventory, site_id)


def _what(inventory: Inventory, site_id: str, site: Site) -> Iterator[str]:
    tier, network = inventory.tiers[site.tier], inventory.networks[site.network]
    today = datetime.now(ZoneInfo(inventory.province.timezone)).date()
    yield f"{site.name_vi} / {site.name or site.name_vi} ({site_id})"
    yield f"  cấp / level: {tier.name_vi} / {tier.name}"
    yield f"  mạng / network: {network.name_vi} / {network.name}"
    above = []
    parent = site.parent
    while parent is not None:
        above.append(f"{inventory.sites[parent].name_vi} ({parent})")
        parent = inventory.sites[parent].parent
    if above:
        yield f"  thuộc / below: {' < '.join(above)}"
    days = [
        f"{key} {day}"
        for key, day in (("từ / since", site.since), ("đến / until", site.until))
        if day
    ]
    yield f"  {_STAGES[stage_of(site, today)]}{''.join(f', {each}' for each in days)}"
    if site.formerly:
        yield f"  tên cũ / formerly: {', '.join(site.formerly)}"
    if site.coordinates:
        yield f"  tọa độ / coordinates: {site.coordinates[0]:g}, {site.coordinates[1]:g}"


def _way(inventory: Inventory, site_id: str, vantage: str) -> Iterator[str]:
    """How its router is reached from the collector, the last step first."""
    yield ""
    today = datetime.now(ZoneInfo(inventory.province.timezone)).date()
    served = in_service(inventory, today)
    place = served.vantages.get(vantage)
    site = served.sites.get(site_id)
    first = None if site is None else router_of(site) or next(iter(site.targets), None)
    if place is None or first is None:
        yield "đường tới / how it is reached: chưa đo / not measured"
        return
    graph = Graph(served, place.site)
    yield f"đường tới, từ / how it is reached, from {vantage}:"
    key, seen = (site_id, first), {(site_id, first)}
    while True:
        ways = graph.ways[key]
        for way in ways:
            via = "điểm đo / the collector" if way.via == VANTAGE else "/".join(way.via)
            line = f" qua / over {_line(way.link, graph.links[way.link])}" if way.link else ""
            yield f"  {'/'.join(key)} ← {via}{line}"
        key = ways[0].via
        if key == VANTAGE or key in seen:
            return
        seen.add(key)


def _line(link_id: str, link: Link) -> str:
    contract = f", hợp đồng / contract {link.contract}" if link.contract else ""
    return f"{link_id} ({link.carrier}, {link.capacity / 1e6:g} Mbit/s{contract})"


def _target(
    inventory: Inventory, site_id: str, site: Site, target_id: str, target: Target
) -> Iterator[str]:
    its_class = check_class(inventory, site, target)
    name = target.check_class or matching_classes(inventory, site.tier, target.role)[0]
    tiers = f", cấp / level {site.tier}" if its_class.match.tiers else ""
    why = (
        "ghi tại đích / written there"
        if target.check_class
        else f"vai trò / role {target.role}{tiers}"
    )
    yield f"{site_id}/{target_id} {target.address}  lớp / class {name} ({why})"
    limits = its_class.limits
    for position, spec in enumerate(its_class.checks):
        label = probe_label(spec.probe, parameters(spec, schemas()))
        decides = (
            "quyết định còn hay mất / decides up or down"
            if position == 0
            else "chỉ làm suy giảm / can only degrade"
        )
        times = f"mỗi / every {spec.interval:g} s, chờ / timeout {spec.timeout:g} s"
        yield f"  {label}  {times}  {decides}"
    times = f"trễ / rtt {limits.rtt * 1000:g} ms, jitter {limits.jitter * 1000:g} ms"
    yield f"  giới hạn / limits: mất gói / loss {limits.loss:.1%}, {times}"
    down, up = its_class.down_after, its_class.up_after
    yield f"  mất sau / down after {down}, thông sau / up after {up}"
    if credential := credential_id(inventory, site, target):
        yield f"  SNMP: {credential}"
    if target.depends_on:
        yield f"  phụ thuộc / depends on: {', '.join(target.depends_on)}"


def _besides(inventory: Inventory, site_id: str) -> Iterator[str]:
    """Flows, meetings and planned work that name it."""
    flows = [
        f"{id_} ({flow.expect})"
        for id_, flow in inventory.flows.items()
        if flow.to.partition("/")[0] == site_id
    ]
    held: dict[str, MeetingSpec | CalendarSpec] = {**inventory.meetings, **inventory.calendars}
    meetings = [
        id_
        for id_, each in held.items()
        if any(room.startswith(f"{site_id}/") for room in endpoints(inventory, each.participants))
    ]
    work = [
        id_
        for id_, each in inventory.maintenance.items()
        if site_id in (*each.sites, *each.branches)
    ]
    for title, names in (
        ("luồng / flows", flows),
        ("cuộc họp / meetings", meetings),
        ("bảo trì / maintenance", work),
    ):
        if names:
            yield ""
            yield f"{title}:"
            yield from (f"  {name}" for name in names)
