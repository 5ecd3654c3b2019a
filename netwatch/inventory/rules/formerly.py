"""A former id names one thing of today, and nothing that is still called so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from netwatch.inventory.links import uplink_id
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake, TreePath


class _Claim(NamedTuple):
    """That something had an id before: where that stands, the id, and what it is called now."""

    path: TreePath
    former: str
    present: str


def formerly(view: View) -> Iterator[Mistake]:
    """Former ids that are in use, or that two things had."""
    inventory = view.inventory
    sites = [
        _Claim(("sites", id_, "formerly", at), former, id_)
        for id_, site in inventory.sites.items()
        for at, former in enumerate(site.formerly)
    ]
    yield from _judged(view, "site", sites, {id_: ("sites", id_) for id_ in inventory.sites})
    renamed = {claim.former: claim.present for claim in sites}
    targets: dict[str, TreePath] = {
        f"{site_id}/{target_id}": ("sites", site_id, "targets", target_id)
        for site_id, _, target_id, _ in inventory.targets()
    }
    yield from _judged(view, "target", list(_targets(view, renamed)), targets)
    lines: dict[str, TreePath] = {id_: ("links", id_) for id_ in inventory.links}
    lines |= {
        uplink_id(id_): ("sites", id_, "uplink")
        for id_, site in inventory.sites.items()
        if site.uplink is not None
    }
    yield from _judged(view, "line", list(_lines(view)), lines)
    for section, kind in (("flows", "flow"), ("borders", "border")):
        entries = getattr(inventory, section)
        claims = [
            _Claim((section, id_, "formerly", at), former, id_)
            for id_, entry in entries.items()
            for at, former in enumerate(entry.formerly)
        ]
        yield from _judged(view, kind, claims, {id_: (section, id_) for id_ in entries})


def _targets(view: View, renamed: dict[str, str]) -> Iterator[_Claim]:
    for site_id, _, target_id, target in view.inventory.targets():
        for at, former in enumerate(target.formerly):
            site, slash, name = former.rpartition("/")
            path = ("sites", site_id, "targets", target_id, "formerly", at)
            where = renamed.get(site, site) if slash else site_id
            yield _Claim(path, f"{where}/{name}", f"{site_id}/{target_id}")


def _lines(view: View) -> Iterator[_Claim]:
    """The uplink of a renamed site was called after it; that is told at the site."""
    for link_id, link in view.inventory.links.items():
        for at, former in enumerate(link.formerly):
            yield _Claim(("links", link_id, "formerly", at), former, link_id)
    for site_id, site in view.inventory.sites.items():
        if site.uplink is not None:
            own = uplink_id(site_id)
            for at, former in enumerate(site.uplink.formerly):
                yield _Claim(("sites", site_id, "uplink", "formerly", at), former, own)
            for at, former in enumerate(site.formerly):
                yield _Claim(("sites", site_id, "formerly", at), uplink_id(former), own)


def _judged(
    view: View, kind: str, claims: list[_Claim], present: dict[str, TreePath]
) -> Iterator[Mistake]:
    first: dict[str, _Claim] = {}
    for claim in claims:
        if (path := present.get(claim.former)) is not None:
            place = view.source.place(*path)
            message = (
                f"{claim.former!r} is the id of a {kind} now ({place}), so it is no former one;"
                " remove it"
            )
            yield view.mistake(message, *claim.path)
            continue
        other = first.setdefault(claim.former, claim)
        if other is not claim:
            place = view.source.place(*other.path)
            message = (
                f"{claim.former!r} is a former id of {kind} {other.present} ({place}) already;"
                " remove one of them"
            )
            yield view.mistake(message, *claim.path)
