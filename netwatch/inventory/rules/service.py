"""What is in service stands on nothing that is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from netwatch.inventory.model import Site
from netwatch.inventory.rules.view import View
from netwatch.inventory.service import Staged, is_all_active
from netwatch.inventory.yaml import Mistake, TreePath


def service(view: View) -> Iterator[Mistake]:
    """Parents, vantages, canaries and what is depended on that are in service for a shorter time.

    That is told at once, and not on the day on which it comes true.
    """
    inventory = view.inventory
    if is_all_active(inventory):
        return
    for site_id, site in inventory.sites.items():
        yield from _of_site(view, site_id, site)
    for at, canary in enumerate(inventory.canaries):
        if not _stands(view, canary, ()):
            yield _outlived(view, f"canary {canary}", ("canaries", at))
    for id_, vantage in inventory.vantages.items():
        place = inventory.sites.get(vantage.site)
        if place is not None and not _is_there((place,), _LATE, date.max):
            yield _outlived(view, f"site {vantage.site}", ("vantages", id_, "site"))


def _of_site(view: View, site_id: str, site: Site) -> Iterator[Mistake]:
    parent = view.inventory.sites.get(site.parent or "")
    if parent is not None and not _is_there((parent,), *_span(site)):
        yield _outlived(view, f"parent {site.parent}", ("sites", site_id, "parent"))
    for target_id, target in site.targets.items():
        for at, name in enumerate(target.depends_on):
            full = name if "/" in name else f"{site_id}/{name}"
            if not _stands(view, full, (site, target)):
                path = ("sites", site_id, "targets", target_id, "depends_on", at)
                yield _outlived(view, full, path)


_LATE = date(9999, 1, 1)
"""A day by which all has begun that has a first day."""


def _span(entry: Staged) -> tuple[date, date]:
    """First and last day of service, as far as they are known now."""
    if entry.state == "planned" and entry.since is None:
        return date.max, date.max
    return entry.since or date.min, entry.until or date.max


def _is_there(entries: tuple[Staged, ...], begin: date, end: date) -> bool:
    """Whether all of these are in service from one day to another."""
    return all(_span(each)[0] <= begin and end <= _span(each)[1] for each in entries)


def _stands(view: View, name: str, entries: tuple[Staged, ...]) -> bool:
    """Whether a target is there whenever all of some entries are; one that isn't known is so."""
    site_id, _, target_id = name.partition("/")
    site = view.inventory.sites.get(site_id)
    target = site.targets.get(target_id) if site else None
    if site is None or target is None:
        return True
    begin = max((_span(each)[0] for each in entries), default=_LATE)
    end = min((_span(each)[1] for each in entries), default=date.max)
    return _is_there((site, target), begin, end)


def _outlived(view: View, what: str, path: TreePath) -> Mistake:
    message = f"{what} is planned or retired while this is in service; name another one"
    return view.mistake(f"{message}, or correct state, since and until", *path)
