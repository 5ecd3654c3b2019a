"""Which endpoints take part: by tiers, by sites, or by the names that a calendar gives them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from netwatch.inventory.meetings import Participants
from netwatch.inventory.model import Inventory

_ONLINE_PLACES = (
    *("://", "microsoft teams", "teams meeting", "google meet", "meet.google.com", "skype"),
    *("zoom meeting", "zoom.us", "webex", "trực tuyến", "online"),
)
"""What stands in a LOCATION that is no room."""


def endpoints(inventory: Inventory, participants: Participants) -> tuple[str, ...]:
    """``site/target`` of each endpoint that takes part, in the order of the inventory."""
    wanted = set(participants.sites)
    for site_id, site in inventory.sites.items():
        below = participants.below
        if site.tier in participants.tiers and (
            below is None or below in _above(inventory, site_id)
        ):
            wanted.add(site_id)
    return _at(inventory, wanted, participants.roles)


class RoomDirectory:
    """Finds sites by what people call them: id, Vietnamese or English name, in any case."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._sites: dict[str, str] = {}
        self._ambiguous: set[str] = {""}
        for site_id, site in inventory.sites.items():
            for name in (site_id, site.name_vi, site.name or ""):
                taken = self._sites.setdefault(_plain(name), site_id)
                if taken != site_id:
                    self._ambiguous.add(_plain(name))

    def find(
        self, names: Iterable[str], roles: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """``site/target`` of the endpoints at these sites, and the names that are of no use.

        Where people meet on the Internet is no room, and nothing is wrong with that.

        Args:
            names: of sites; one that no site has, or several have, is of no use.
            roles: of the targets that are endpoints.
        """
        sites: set[str] = set()
        unknown: list[str] = []
        for name in names:
            site = self._sites.get(_plain(name))
            if site is not None and _plain(name) not in self._ambiguous:
                sites.add(site)
            elif not _is_online(name):
                unknown.append(name)
        return _at(self._inventory, sites, roles), tuple(unknown)


def _at(inventory: Inventory, sites: set[str], roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"{site_id}/{target_id}"
        for site_id, _, target_id, target in inventory.targets()
        if site_id in sites and target.role in roles
    )


def _above(inventory: Inventory, site_id: str) -> Iterator[str]:
    """Every site above a site; a checked inventory has no circle."""
    parent = inventory.sites[site_id].parent
    while parent is not None:
        yield parent
        parent = inventory.sites[parent].parent


def _is_online(name: str) -> bool:
    """Whether this is a meeting place on the Internet, as programs write it under LOCATION."""
    plain = _plain(name)
    return any(mark in plain for mark in _ONLINE_PLACES)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
