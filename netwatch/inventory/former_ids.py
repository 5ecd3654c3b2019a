"""Ids that outlive names: what is known by a former id is found under its present one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netwatch.inventory.links import uplink_id
from netwatch.inventory.model import Inventory

Key = tuple[str, str]
"""Site and target; the target is empty for a site as a whole."""

Renamed = Mapping[str, str]
"""The present id by each former one."""


@dataclass(frozen=True, slots=True)
class FormerIds:
    """The present id of everything that had another one.

    Attributes:
        sites: by former id.
        targets: ``site/target`` by ``site/former``; sites by their present ids.
        links: by former id, those of uplinks among them.
        flows: by former id, as far as they are written out.
        borders: by former id, which is a part of the ids of the flows that follow from it.
    """

    sites: Renamed = field(default_factory=dict)
    targets: Renamed = field(default_factory=dict)
    links: Renamed = field(default_factory=dict)
    flows: Renamed = field(default_factory=dict)
    borders: Renamed = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything had another id."""
        return any((self.sites, self.targets, self.links, self.flows, self.borders))

    def site(self, site_id: str) -> str:
        """The present id of a site."""
        return self.sites.get(site_id, site_id)

    def key(self, key: Key) -> Key:
        """The present ids of a site and a target."""
        site_id = self.site(key[0])
        if not key[1]:
            return site_id, ""
        place = f"{site_id}/{key[1]}"
        site_id, _, target_id = self.targets.get(place, place).partition("/")
        return site_id, target_id

    def target(self, place: str) -> str:
        """The present name of a target, ``site/target``."""
        site_id, _, target_id = place.partition("/")
        return "/".join(self.key((site_id, target_id)))

    def link(self, link_id: str) -> str:
        """The present id of a line."""
        return self.links.get(link_id, link_id)

    def flow(self, flow_id: str) -> str:
        """The present id of a flow; that of one which follows from a border names a target."""
        known = self.flows.get(flow_id)
        if known is not None:
            return known
        parts = flow_id.split("/", 4)
        if len(parts) < 5:
            return flow_id
        border, vantage, site_id, target_id, probe = parts
        border = self.borders.get(border, border)
        present = "/".join((border, vantage, *self.key((site_id, target_id)), probe))
        return self.flows.get(present, present)

    def cause(self, text: str) -> str:
        """A root cause, or what an incident is about, as ``link:ID``, under the present id."""
        kind, colon, name = text.partition(":")
        match kind:
            case "link":
                name = self.link(name)
            case "target" | "path":
                name = self.target(name)
            case "flow":
                name = self.flow(name)
            case "certificate" if name.count("/") >= 2:
                site_id, target_id, probe = name.split("/", 2)
                name = "/".join((*self.key((site_id, target_id)), probe))
        return f"{kind}{colon}{name}"

    def check(self, check_id: str) -> str:
        """The id of a check, ``site/target/probe`` or ``site/target/probe@flow``."""
        site_id, _, rest = check_id.partition("/")
        target_id, slash, rest = rest.partition("/")
        probe, at, flow_id = rest.partition("@")
        place = "/".join(self.key((site_id, target_id)))
        return f"{place}{slash}{probe}{at}{self.flow(flow_id) if at else ''}"

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Kind, former and present id of each, as they are kept."""
        for kind in self.__slots__:
            for former, present in getattr(self, kind).items():
                yield kind, former, present

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str, str]]) -> FormerIds:
        """What ``rows`` told; kinds that are not known are left out."""
        found: dict[str, dict[str, str]] = {kind: {} for kind in cls.__slots__}
        for kind, former, present in rows:
            if kind in found:
                found[kind][former] = present
        return cls(**found)


def former_ids(inventory: Inventory) -> FormerIds:
    """What an inventory says by ``formerly``."""
    return inventory.once(_former_ids)


def _former_ids(inventory: Inventory) -> FormerIds:
    sites = {
        former: site_id for site_id, site in inventory.sites.items() for former in site.formerly
    }
    return FormerIds(
        sites,
        dict(_targets(inventory, sites)),
        dict(_links(inventory)),
        {old: id_ for id_, flow in inventory.flows.items() for old in flow.formerly},
        {old: id_ for id_, border in inventory.borders.items() for old in border.formerly},
    )


def _targets(inventory: Inventory, sites: Renamed) -> Iterator[tuple[str, str]]:
    for site_id, _, target_id, target in inventory.targets():
        for former in target.formerly:
            other, slash, name = former.rpartition("/")
            where = sites.get(other, other) if slash else site_id
            yield f"{where}/{name}", f"{site_id}/{target_id}"


def _links(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Lines that are written out, and uplinks, which are also called after their site."""
    for link_id, link in inventory.links.items():
        for former in link.formerly:
            yield former, link_id
    for site_id, site in inventory.sites.items():
        if site.uplink is not None:
            for former in (*map(uplink_id, site.formerly), *site.uplink.formerly):
                yield former, uplink_id(site_id)
