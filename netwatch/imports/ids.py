"""Which site of the inventory each wanted site is, and what a new one is called."""

from __future__ import annotations

import re
from collections import Counter

from netwatch.imports.answers import MappingQuestion
from netwatch.imports.present import Present, address_of
from netwatch.imports.resolve import is_place, proper_slug, slug
from netwatch.imports.review import Review
from netwatch.imports.text import name_key
from netwatch.imports.wanted import WantedSite

MAX_ID = 63
"""Characters of an id."""

_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?")


def identify(sites: list[WantedSite], present: Present, review: Review) -> None:
    """Give each site its id: what it says, what the same site has in the inventory, or a new one.

    Parents come before their children, whose ids begin with theirs.
    """
    names = present.by_name()
    taken = set(present.sites)
    waiting = list(sites)
    while waiting:
        ready = [site for site in waiting if not _waits(site)]
        if not ready:
            site = waiting[0]
            told = "trực thuộc vòng tròn / belongs to itself, over its parents; correct one"
            review.ask(site.placed.told, told, review.about(site.placed, None))
            return
        for site in ready:
            _known(site, present, names)
        for site, id_ in _new_ids([s for s in ready if not s.site_id], taken, present):
            site.site_id = id_
        for site in ready:
            _judge(site, review)
            taken.add(site.site_id)
        waiting = [site for site in waiting if not site.site_id]
    _tell_twins(sites, review)


def _waits(site: WantedSite) -> bool:
    return isinstance(site.parent, WantedSite) and not site.parent.site_id


def _known(site: WantedSite, present: Present, names: dict[str, list[str]]) -> None:
    """By its own word, by its name below the same site, or by its name and an address of its own.

    A name alone is enough only where nothing is said of the site above.
    """
    if given := site.value("id"):
        site.site_id = present.former_ids.get(given, given)
        return
    named = names.get(name_key(site.name_vi), [])
    below = [id_ for id_ in named if present.sites[id_].get("parent") == site.parent_id]
    wanted = {target.address.value for target in site.targets}
    moved = [id_ for id_ in named if wanted & _addresses(present, id_)]
    for found in (below, moved, [] if site.value("parent") else named):
        if len(found) == 1:
            site.site_id = found[0]
            return


def _addresses(present: Present, site_id: str) -> set[str]:
    targets = present.sites[site_id].get("targets", {})
    return set(map(address_of, targets.values())) if isinstance(targets, dict) else set()


def _new_ids(
    sites: list[WantedSite], taken: set[str], present: Present
) -> list[tuple[WantedSite, str]]:
    """Ids for new sites, of which none has a number only because another came first."""
    short = [_cut(_below(site, proper_slug(site.name_vi), present)) for site in sites]
    counts = Counter(short)
    found: list[tuple[WantedSite, str]] = []
    for site, likely in zip(sites, short, strict=True):
        id_ = likely
        if not id_ or id_ in taken or counts[likely] > 1:
            id_ = _cut(_below(site, slug(site.name_vi), present))
        number = 2
        while not id_ or id_ in taken:
            id_, number = f"{_cut(likely or 'site', 58)}-{number}", number + 1
        taken.add(id_)
        found.append((site, id_))
    return found


def _below(site: WantedSite, name: str, present: Present) -> str:
    """A place below a site that is not the top begins with that site's id."""
    above = site.parent
    parents = above.parent if isinstance(above, WantedSite) else present.sites.get(above or "", {})
    is_top = not (parents.get("parent") if isinstance(parents, dict) else parents)
    return (
        name
        if above is None or is_top or not is_place(site.name_vi)
        else f"{site.parent_id}-{name}"
    )


def _cut(id_: str, length: int = MAX_ID) -> str:
    return id_[:length].strip("-.")


def is_id(text: str) -> bool:
    """Whether a text can be an id of the inventory."""
    return _ID.fullmatch(text) is not None


def _judge(site: WantedSite, review: Review) -> None:
    if not is_id(site.site_id):
        fact = site.facts.get("id")
        placed = fact.placed if fact and fact.placed else site.placed
        told = (
            f"{site.site_id[:64]!r} không dùng làm mã được: chữ thường không dấu, số và gạch nối"
            " / is not an id; use small letters, digits and hyphens"
        )
        review.ask(
            placed.told,
            told,
            MappingQuestion("cells", placed.reference, slug(site.site_id)[:MAX_ID]),
        )


def _tell_twins(sites: list[WantedSite], review: Review) -> None:
    first: dict[str, WantedSite] = {}
    for site in sites:
        other = first.setdefault(site.site_id, site)
        if other is not site:
            told = (
                f"cùng điểm {site.site_id} với {other.placed.reference} / is the same site as there"
            )
            review.ask(site.placed.told, told, review.about(site.placed, None))
