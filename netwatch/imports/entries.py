"""What changes in the inventory so that it has what is wanted: new entries, and new values."""

from __future__ import annotations

from datetime import date
from typing import Any

from netwatch.core.units import parse_rate
from netwatch.imports.emit import Emitted
from netwatch.imports.present import Present, address_of
from netwatch.imports.splice import Change
from netwatch.imports.text import clean
from netwatch.imports.uplinks import KEYS
from netwatch.imports.wanted import WantedSite, WantedTarget

_DETAILS = ("name_vi", "vendor", "model")

_DEFAULT_NETWORK = "state"


def new_entry(site: WantedSite, source: str | None) -> dict[str, Emitted]:
    """A site that the inventory does not have, in the order in which a person would write it."""
    entry: dict[str, Emitted] = {"source": source} if source else {}
    entry["tier"] = site.value("tier") or ""
    network = site.value("network")
    if network and network != _DEFAULT_NETWORK:
        entry["network"] = network
    if site.parent_id:
        entry["parent"] = site.parent_id
    entry["name_vi"] = site.name_vi
    if name := site.value("name"):
        entry["name"] = name
    if place := site.value("coordinates"):
        entry["coordinates"] = place.split(", ")
    if site.targets:
        entry["targets"] = {
            id_: _target(id_, target) for id_, target in new_targets(site.targets, set()).items()
        }
    if uplink := _uplink(site):
        entry["uplink"] = uplink
    if site.value("state") == "planned":
        entry["state"] = "planned"
    return entry


def _uplink(site: WantedSite) -> dict[str, Emitted]:
    return {key: value for key in KEYS if (value := site.value(f"uplink.{key}"))}


def new_targets(targets: list[WantedTarget], taken: set[str]) -> dict[str, WantedTarget]:
    """Ids of targets: their role, with a number where a site has several of one role."""
    roles = [target.role for target in targets]
    found: dict[str, WantedTarget] = {}
    for target in targets:
        id_, number = target.role, 0
        if roles.count(target.role) > 1:
            id_, number = f"{target.role}-1", 1
        while id_ in taken or id_ in found:
            number = max(number, 1) + 1
            id_ = f"{target.role}-{number}"
        found[id_] = target
    return found


def _target(id_: str, target: WantedTarget) -> Emitted:
    """In its short form where only the address is known."""
    entry: dict[str, Emitted] = {"address": target.address.value}
    if id_.split("-", maxsplit=1)[0] != target.role:
        entry["role"] = target.role
    for key in _DETAILS:
        if value := getattr(target, key):
            entry[key] = value
    return entry if len(entry) > 1 else target.address.value


def changes_of(site: WantedSite, present: Present) -> list[Change]:
    """What is to be changed of a site that the inventory has; nothing where they agree."""
    entry = present.sites[site.site_id]
    path = ("sites", site.site_id)
    wanted: dict[str, str | None] = {
        "name_vi": site.name_vi
        if not site.value("id") or site.name_vi != site.value("id")
        else None,
        "tier": site.value("tier"),
        "name": site.value("name"),
        "parent": site.parent_id,
    }
    changes = [
        Change((*path, key), value)
        for key, value in wanted.items()
        if value and clean(str(entry.get(key, ""))) != value
    ]
    network = site.value("network")
    if network and entry.get("network", _DEFAULT_NETWORK) != network:
        changes.append(Change((*path, "network"), network))
    state = site.value("state")
    if state and entry.get("state", "active") != state:
        changes.append(Change((*path, "state"), state))
        if state == "retired" and "until" not in entry:
            changes.append(Change((*path, "until"), f"{date.today():%Y-%m-%d}"))  # noqa: DTZ011
    place = site.value("coordinates")
    if place and not _same_place(entry.get("coordinates"), place.split(", ")):
        changes.append(Change((*path, "coordinates"), place.split(", ")))
    return (
        changes + _target_changes(site, entry, path) + _uplink_changes(site, entry, path, present)
    )


def _same_place(before: Any, wanted: list[str]) -> bool:
    try:
        return [float(each) for each in before] == [float(each) for each in wanted]
    except (TypeError, ValueError):
        return False


def _uplink_changes(
    site: WantedSite, entry: dict[str, Any], path: tuple[str, ...], present: Present
) -> list[Change]:
    wanted = _uplink(site)
    before = entry.get("uplink")
    if not isinstance(before, dict):
        return [Change((*path, "uplink"), wanted)] if wanted else []
    contract = present.section("contracts").get(str(before.get("contract")))
    known = {
        **before,
        **({"contract": contract.get("number")} if isinstance(contract, dict) else {}),
    }
    return [
        Change((*path, "uplink", key), value)
        for key, value in wanted.items()
        if not same_text(key, str(known.get(key, "")), str(value), present)
    ]


def same_text(key: str, before: str, wanted: str, present: Present) -> bool:
    """Whether two values of a line mean the same."""
    if key == "carrier":
        return present.carrier(before) == present.carrier(wanted)
    if key == "capacity":
        try:
            return parse_rate(before) == parse_rate(wanted)
        except ValueError:
            return False
    return clean(before) == wanted


def _target_changes(site: WantedSite, entry: dict[str, Any], path: tuple[str, ...]) -> list[Change]:
    before = entry.get("targets")
    if not isinstance(before, dict) or not before:
        targets = new_targets(site.targets, set())
        whole = {id_: _target(id_, target) for id_, target in targets.items()}
        return [Change((*path, "targets"), whole)] if whole else []
    changes: list[Change] = []
    matched, new = _match(site.targets, before)
    for id_, target in matched.items():
        changes += _one_target(id_, target, before[id_], (*path, "targets"))
    for id_, target in new_targets(new, set(before)).items():
        changes.append(Change((*path, "targets", id_), _target(id_, target)))
    return changes


def _match(
    targets: list[WantedTarget], before: dict[str, Any]
) -> tuple[dict[str, WantedTarget], list[WantedTarget]]:
    """Which target is which, by address, else the only one left of its role; and new ones."""
    by_address = {address_of(target): id_ for id_, target in before.items()}
    matched = {
        by_address[target.address.value]: target
        for target in targets
        if target.address.value in by_address
    }
    rest = [target for target in targets if target.address.value not in by_address]
    new: list[WantedTarget] = []
    for target in rest:
        free = [
            id_
            for id_, each in before.items()
            if id_ not in matched and _role(id_, each) == target.role
        ]
        alone = sum(other.role == target.role for other in rest) == 1
        if len(free) == 1 and alone:
            matched[free[0]] = target
        else:
            new.append(target)
    return matched, new


def _role(id_: str, target: Any) -> str:
    role = target.get("role") if isinstance(target, dict) else None
    return str(role or id_.split("-", maxsplit=1)[0])


def _one_target(id_: str, target: WantedTarget, before: Any, path: tuple[str, ...]) -> list[Change]:
    details = {key: value for key in _DETAILS if (value := getattr(target, key))}
    if not isinstance(before, dict):
        same = address_of(before) == target.address.value and not details
        return [] if same else [Change((*path, id_), _target(id_, target))]
    changes = [
        Change((*path, id_, key), value)
        for key, value in details.items()
        if clean(str(before.get(key, ""))) != value
    ]
    if address_of(before) != target.address.value:
        changes.append(Change((*path, id_, "address"), target.address.value))
    return changes
