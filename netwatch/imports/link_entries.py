"""Lines that are no uplinks: new entries under ``links``, and changes of those that are there."""

from __future__ import annotations

from typing import Any

from netwatch.imports.emit import Emitted
from netwatch.imports.entries import new_targets, same_text
from netwatch.imports.present import Present
from netwatch.imports.splice import Change
from netwatch.imports.wanted import WantedLink, WantedSite


def link_changes(links: list[WantedLink], present: Present, source: str | None) -> list[Change]:
    """New lines, and new values of lines that came from the same source."""
    changes: list[Change] = []
    known = present.section("links")
    for link in links:
        a, b = _end(link.a, link.a_interface, present), _end(link.b, link.b_interface, present)
        if a is None or b is None:
            continue  # no router there to plug it into
        entry: dict[str, Emitted] = {"source": source} if source else {}
        entry |= {"a": a, "b": b, "carrier": link.carrier}
        entry |= {"contract": link.contract, "capacity": link.capacity}
        before = known.get(link.link_id)
        if before is None:
            changes.append(Change(("links", link.link_id), entry))
        elif isinstance(before, dict) and before.get("source") == source:
            changes += _changes(link.link_id, before, entry, present)
    return changes


def _changes(
    link_id: str, before: dict[str, Any], entry: dict[str, Emitted], present: Present
) -> list[Change]:
    return [
        Change(("links", link_id, key), value)
        for key, value in entry.items()
        if before.get(key) != value
        and not (
            isinstance(value, str) and same_text(key, str(before.get(key, "")), value, present)
        )
    ]


def _end(site: WantedSite | None, interface: str | None, present: Present) -> Emitted | None:
    """One end: the router of a site, and its interface where that is known."""
    if site is None:
        return None
    targets = present.sites.get(site.site_id, {}).get("targets")
    known: list[tuple[str, str]] = [
        (
            id_,
            str(each.get("role", id_.split("-")[0]))
            if isinstance(each, dict)
            else id_.split("-")[0],
        )
        for id_, each in (targets.items() if isinstance(targets, dict) else ())
    ]
    new = [(id_, target.role) for id_, target in new_targets(site.targets, set()).items()]
    router = next((id_ for id_, role in known or new if role == "router"), None)
    if router is None:
        return None
    end = {"target": f"{site.site_id}/{router}"}
    return {**end, "interface": interface} if interface else end
