"""Announces work and ends it: what a command and the page both do."""

from __future__ import annotations

import time
from pathlib import Path

from netwatch.inventory.explain import nearest
from netwatch.inventory.model import Inventory
from netwatch.maintenance.announcements import Announcement, changing
from netwatch.maintenance.refused import MaintenanceError
from netwatch.maintenance.request import MaintenanceRequest, judged


def announce(
    path: Path, request: MaintenanceRequest, inventory: Inventory, author: str
) -> Announcement:
    """Write an announcement down; the daemon notices within a second.

    Args:
        path: the file of announcements.
        request: what is wanted.
        inventory: what is watched.
        author: who wants it.

    Raises:
        MaintenanceError: it can't be announced as it is, or not be written; nothing has changed.
    """
    with changing(path) as announcements:
        fresh = judged(request, inventory, announcements, author, time.time())
        announcements.append(fresh)
    return fresh


def end(path: Path, identity: str) -> Announcement:
    """Take an announcement back, whether it is under way or yet to come; returns what it was.

    Raises:
        MaintenanceError: nothing is announced by this id, or it can't be written.
    """
    with changing(path) as announcements:
        for each in announcements:
            if each.id == identity:
                announcements.remove(each)
                return each
        going_on = [each.id for each in announcements if each.ends > time.time()]
        raise _unknown(identity, going_on)


def _unknown(identity: str, known: list[str]) -> MaintenanceError:
    near = nearest(identity, known)
    vi = f"ý bạn là {near}?" if near else "xem netwatch maintenance list"
    en = f"did you mean {near}?" if near else "run netwatch maintenance list"
    return MaintenanceError(identity, "unknown", f"chưa được báo; {vi}", f"is not announced; {en}")


def as_details(announcement: Announcement) -> dict[str, object]:
    """What the audit keeps of an announcement."""
    kept = announcement.model_dump(exclude_none=True, exclude={"id", "kind", "name", "author"})
    return {"id": announcement.id, **kept}
