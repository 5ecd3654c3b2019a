"""NetBox's sites, regions and devices become the sites that are wanted."""

from __future__ import annotations

from netwatch.imports import values
from netwatch.imports.answers import SKIP, TODO, MappingQuestion
from netwatch.imports.netbox.client import NetboxObject
from netwatch.imports.netbox.objects import (
    NetboxData,
    NetboxField,
    field_of,
    number_at,
    stage_of_object,
    text_at,
)
from netwatch.imports.present import Present
from netwatch.imports.resolve import slug
from netwatch.imports.review import Review
from netwatch.imports.text import plain_key
from netwatch.imports.wanted import SiteFact, WantedSite, WantedTarget
from netwatch.imports.words import words_for

_FACTS = ("tier", "parent", "network", "name")


def wanted_sites(data: NetboxData, present: Present, review: Review) -> dict[int, WantedSite]:
    """The sites by NetBox's own id, each with its devices; those that are retired only if known."""
    found: dict[int, WantedSite] = {}
    passed = 0
    for entry in data["dcim/sites"]:
        site = _site(entry, review)
        stage = stage_of_object(entry)
        if site is None or stage is None or (stage == "retired" and _id(site) not in present.sites):
            passed += site is not None
            continue
        site.facts["state"] = SiteFact(stage)
        found[entry["id"]] = site
    _devices(data, found, present, review)
    if passed:
        review.notes.append(f"{passed} điểm không dùng nữa, bỏ qua / sites out of use passed over")
    return found


def _id(site: WantedSite) -> str:
    return site.value("id") or ""


def _site(entry: NetboxObject, review: Review) -> WantedSite | None:
    path, name = field_of(entry, "name_vi", review.answers.fields)
    placed = NetboxField(f"sites/{entry['id']}", path, name)
    read = review.read(placed, values.name_of)
    if read is None:
        return None
    site = WantedSite(read, placed)
    for fact in _FACTS:
        path, text = field_of(entry, fact, review.answers.fields)
        where = NetboxField(f"sites/{entry['id']} {read}", path, text)
        value = review.read(where, values.optional_text)
        if value:
            site.facts[fact] = SiteFact(value, where)
    path, given = field_of(entry, "id", review.answers.fields)
    where = NetboxField(f"sites/{entry['id']} {read}", path, given)
    site.facts["id"] = SiteFact(slug(given) if "_" in given else given.lower(), where)
    latitude, longitude = text_at(entry, "latitude"), text_at(entry, "longitude")
    if latitude and longitude:
        place = NetboxField(placed.object, "latitude", f"{latitude}, {longitude}")
        found = review.read(place, values.coordinates_of)
        if found is not None:
            site.facts["coordinates"] = SiteFact(f"{found[0]}, {found[1]}", place)
    return site


def _devices(
    data: NetboxData, sites: dict[int, WantedSite], present: Present, review: Review
) -> None:
    """Give each site the devices that are in use and have a primary address."""
    passed = 0
    owners: dict[str, NetboxField] = {}
    for entry in data["dcim/devices"]:
        site = sites.get(number_at(entry, "site.id") or 0)
        address = text_at(entry, "primary_ip4.address") or text_at(entry, "primary_ip6.address")
        address = address or text_at(entry, "primary_ip.address")
        if site is None or not address or stage_of_object(entry) != "active":
            passed += 1
            continue
        name = text_at(entry, "name") or text_at(entry, "display")
        placed = NetboxField(f"devices/{entry['id']} {name}", "primary_ip", address)
        role = _role(entry, placed, review)
        found = review.read(placed, values.addresses_of) if role else None
        if role is None or not found:
            continue
        if not present.allows(found[0]):
            told = f"{found[0]} không thuộc dải nào trong ranges / is in none of ranges"
            review.ask(placed.told, told, review.about(placed, SKIP))
        elif found[0] in owners:
            told = f"{found[0]} đã là của {owners[found[0]].object} / is of that one already"
            review.ask(placed.told, told, review.about(placed, SKIP))
        else:
            owners[found[0]] = placed
            site.targets.append(_target(entry, role, SiteFact(found[0], placed), name, review))
    if passed:
        review.notes.append(
            f"bỏ qua {passed} thiết bị không có địa chỉ chính hoặc không hoạt động"
            " / devices without a primary address, or out of use, passed over"
        )


def _target(
    entry: NetboxObject, role: str, address: SiteFact, name: str, review: Review
) -> WantedTarget:
    target = WantedTarget(role, address)
    for key, text in (
        ("name_vi", name),
        ("vendor", text_at(entry, "device_type.manufacturer.name")),
        ("model", text_at(entry, "device_type.model")),
    ):
        place = NetboxField(f"devices/{entry['id']} {name}", key, text)
        setattr(target, key, review.read(place, values.optional_text))
    return target


def _role(entry: NetboxObject, placed: NetboxField, review: Review) -> str | None:
    """The role of a device by an answer or a word; None for one that is passed over."""
    name = text_at(entry, "role.name") or text_at(entry, "device_role.name")
    answer = review.answers.roles.get(name)
    if answer == SKIP:
        return None
    if answer and answer != TODO:
        return answer
    known = words_for("roles")
    key = plain_key(name)
    found = known.get(key) or next(
        (role for word, role in known.items() if word in key.split() or f" {word} " in f" {key} "),
        None,
    )
    if found is None and name:
        told = f"chưa biết vai trò thiết bị {name!r} / is a role of devices that isn't known"
        review.ask(placed.told, told, MappingQuestion("roles", name, SKIP))
    return found


def parents_by_region(data: NetboxData, sites: dict[int, WantedSite], present: Present) -> None:
    """Name the site above where nobody did: the highest of its region, or of one around it."""
    around = {entry["id"]: number_at(entry, "parent.id") for entry in data["dcim/regions"]}
    members: dict[int, list[WantedSite]] = {}
    region_of: dict[int, int] = {}
    for entry in data["dcim/sites"]:
        own = number_at(entry, "region.id")
        if own is not None and entry["id"] in sites:
            region_of[entry["id"]] = own
            members.setdefault(own, []).append(sites[entry["id"]])
    for netbox_id, site in sites.items():
        region = region_of.get(netbox_id)
        for _ in range(len(around) + 1):
            if region is None or "parent" in site.facts:
                break
            above = [
                each
                for each in members.get(region, [])
                if present.rank(each.value("tier")) < present.rank(site.value("tier"))
            ]
            if above:
                best = min(above, key=lambda each: present.rank(each.value("tier")))
                site.facts["parent"] = SiteFact(_id(best))
            region = around.get(region)
