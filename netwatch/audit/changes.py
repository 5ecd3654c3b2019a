"""What is different between two inventories, entry by entry and field by field, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from netwatch.audit.snapshot import Fields, Snapshot

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


def find_changes(before: Snapshot, after: Snapshot) -> Iterator[InventoryChange]:
    """Every difference; what was removed comes first, and flows before all else."""
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
