"""What is different between two inventories, entry by entry and field by field, without secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from netwatch.audit.snapshot import Fields, Snapshot
from netwatch.inventory.former_ids import FormerIds

_SECRET = re.compile(r"password|secret|token|community|auth_key|priv_key|passphrase", re.IGNORECASE)
"""Keys whose values name secrets, or could be secrets by mistake: they are never told."""

HIDDEN = "…"
"""What stands in the place of what is not told."""

_ABSENT: Any = None


@dataclass(frozen=True, slots=True)
class InventoryChange:
    """An entry that was added, removed or changed.

    Attributes:
        what: was done to it.
        kind: of the entry, as ``flow``.
        id: of the entry.
        details: what it said, or says now; of a changed one each field before and after.
        forbids_less: whether a connection that had to stay blocked is not watched for that any
            more.
    """

    what: Literal["added", "removed", "changed"]
    kind: str
    id: str
    details: Fields
    forbids_less: bool = False

    @property
    def subject(self) -> str:
        """Kind and id in one word."""
        return f"{self.kind}:{self.id}"


def find_changes(
    before: Snapshot, after: Snapshot, former: FormerIds | None = None
) -> Iterator[InventoryChange]:
    """Every difference; what was removed comes first, and flows before all else.

    Args:
        before: what was said.
        after: what is said now.
        former: what has another id now, which is a change of it.
    """
    if former:
        before = _renamed(before, after, former)
    kinds = [*after, *(kind for kind in before if kind not in after)]
    for kind in kinds:
        old, new = before.get(kind, {}), after.get(kind, {})
        for id_, fields in old.items():
            if id_ not in new:
                yield InventoryChange("removed", kind, id_, _told(fields), _is_forbidden(fields))
    for kind in kinds:
        old, new = before.get(kind, {}), after.get(kind, {})
        for id_, fields in new.items():
            if id_ not in old:
                yield InventoryChange("added", kind, id_, _told(fields))
            elif fields != old[id_]:
                less = _is_forbidden(old[id_]) and not _forbids_as_much(old[id_], fields)
                yield InventoryChange("changed", kind, id_, _fields(old[id_], fields), less)


def _renamed(before: Snapshot, after: Snapshot, former: FormerIds) -> Snapshot:
    """What was said before, under the ids of now; an id that was in use as well stays."""
    present: dict[str, Callable[[str], str]] = {
        "site": former.site,
        "target": former.target,
        "link": former.link,
        "flow": former.flow,
        "border": lambda id_: former.borders.get(id_, id_),
    }
    renamed = dict(before)
    for kind, name in present.items():
        known, now = before.get(kind, {}), after.get(kind, {})
        renamed[kind] = {
            id_ if id_ in now or name(id_) in known else name(id_): dict(fields)
            for id_, fields in known.items()
        }
    for flow in renamed["flow"].values():
        # Who is called is the same, by whatever id; a flow that forbids it forbids as much.
        if "to" in flow and former.target(flow["to"]) in after.get("target", {}):
            flow["to"] = former.target(flow["to"])
    return renamed


def _is_forbidden(flow: Fields) -> bool:
    return flow.get("expect") == "blocked"


def _forbids_as_much(before: Fields, after: Fields) -> bool:
    """Whether a forbidden flow is still tried: the same way, and at all times as before."""
    watched = ("from", "to", "check", "by", "schedule")
    return _is_forbidden(after) and all(before.get(key) == after.get(key) for key in watched)


def _fields(before: Fields, after: Fields) -> Fields:
    """Each field that differs, as ``[before, after]``; None where it was not there."""
    keys = sorted(before.keys() | after.keys())
    return {
        key: [_shown(key, before.get(key, _ABSENT)), _shown(key, after.get(key, _ABSENT))]
        if not _SECRET.search(key)
        else "changed"
        for key in keys
        if before.get(key) != after.get(key)
    }


def _told(fields: Fields) -> Fields:
    return {key: _shown(key, value) for key, value in fields.items()}


def _shown(key: str, value: Any) -> Any:
    """A value without what may be a secret in it."""
    if value is None:
        return None
    if _SECRET.search(key):
        return HIDDEN
    if isinstance(value, dict):
        return {name: _shown(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shown(key, each) for each in value]
    if isinstance(value, str) and "://" in value:
        return _without_path(value)
    return value


def _without_path(url: str) -> str:
    """Scheme and host: whoever knows the path of a private calendar can read it."""
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{host}/{HIDDEN}"
