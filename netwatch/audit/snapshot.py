"""What an inventory says, as plain values that can be kept and compared with another one."""

from __future__ import annotations

from typing import Any, TypeAlias

from pydantic_core import to_jsonable_python

from netwatch.inventory.model import Inventory

Fields: TypeAlias = dict[str, Any]
"""The keys of an entry, with values of JSON; those that are as by default are missing."""

Snapshot: TypeAlias = dict[str, dict[str, Fields]]
"""Kind, as ``site`` or ``flow``, to id, to what the entry says."""

KINDS = {
    "flows": "flow",
    "borders": "border",
    "links": "link",
    "contracts": "contract",
    "carriers": "carrier",
    "sites": "site",
    "classes": "class",
    "calendars": "calendar",
    "maintenance": "maintenance",
    "meetings": "meeting",
    "vantages": "vantage",
    "credentials": "credential",
    "logins": "login",
    "objectives": "objective",
    "tiers": "tier",
    "networks": "network",
}
"""What an entry of each section is called; the first ones are told first."""

TARGET = "target"
WHOLE = "inventory"
"""The kind of what has no ids: the province, ranges, canaries and the preflight."""


def snapshot_of(inventory: Inventory) -> Snapshot:
    """What an inventory says; targets are entries of their own, called ``site/target``."""
    told: Snapshot = {kind: {} for kind in (*KINDS.values(), TARGET, WHOLE)}
    for section in Inventory.model_fields:
        content = getattr(inventory, section)
        if section in KINDS:
            told[KINDS[section]] = {id_: _fields(entry) for id_, entry in content.items()}
        else:
            told[WHOLE][section] = {"value": _plain(content)}
    for site_id, fields in told["site"].items():
        for target_id, target in fields.pop("targets", {}).items():
            told[TARGET][f"{site_id}/{target_id}"] = target
    return told


def _fields(entry: object) -> Fields:
    plain = _plain(entry)
    return plain if isinstance(plain, dict) else {"value": plain}


_UNSAID = {"formerly": [], "state": "active"}
"""What stands at thousands of entries that say nothing of it."""


def _plain(value: object) -> Any:
    return _without_unsaid(to_jsonable_python(value, by_alias=True, exclude_none=True))


def _without_unsaid(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_unsaid(each)
            for key, each in value.items()
            if key not in _UNSAID or each != _UNSAID[key]
        }
    return value
