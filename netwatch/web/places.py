"""What the page shows of the inventory itself, and asks for only when it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory, Link, Site


class PlaceView(TypedDict):
    """A site. ``aliases``: in the meeting system; ``coordinates``: latitude, longitude, degrees."""

    id: str
    addresses: list[str]
    aliases: list[str]
    coordinates: tuple[float, float] | None


class LineView(TypedDict):
    """A line. ``capacity``: bits a second; ``a`` and ``b``: SITE/TARGET at its ends."""

    id: str
    name_vi: str | None
    carrier: str
    contract: str | None
    capacity: float
    a: str
    b: str


class Places(TypedDict):
    """The answer to ``/places.json``. ``grafana``: address of the province's Grafana."""

    revision: float
    sites: Iterable[PlaceView]
    lines: Iterable[LineView]
    grafana: str | None


def build_places(inventory: Inventory, revision: float, grafana: str | None = None) -> Places:
    """All sites and lines of an inventory, read one by one while the JSON is written.

    Args:
        inventory: what is watched.
        revision: changes with the inventory; ``/status.json`` names the one that it is of.
        grafana: the setting ``grafana_url``.
    """
    return {
        "revision": revision,
        "sites": (_place(id_, site) for id_, site in inventory.sites.items()),
        "lines": (_line(id_, link) for id_, link in all_links(inventory).items()),
        "grafana": grafana,
    }


def _place(id_: str, site: Site) -> PlaceView:
    targets = site.targets.values()
    return {
        "id": id_,
        "addresses": [str(target.address) for target in targets],
        "aliases": [target.alias for target in targets if target.alias is not None],
        "coordinates": site.coordinates,
    }


def _line(id_: str, link: Link) -> LineView:
    return {
        "id": id_,
        "name_vi": link.name_vi,
        "carrier": link.carrier,
        "contract": link.contract,
        "capacity": link.capacity,
        "a": link.a.target,
        "b": link.b.target,
    }
