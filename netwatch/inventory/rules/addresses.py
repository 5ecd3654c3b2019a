"""Addresses are the province's own, and each belongs to one target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network
from socket import AF_INET, AF_INET6, inet_pton

from netwatch.inventory.rules.view import View
from netwatch.inventory.source import Source
from netwatch.inventory.terms import canonical_address
from netwatch.inventory.yaml import Mistake


class _Ranges:
    """Some networks, and whether an address is in one of them."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network]) -> None:
        self._bounds: dict[int, list[tuple[bytes, bytes]]] = {4: [], 6: []}
        for each in networks:
            bounds = each.network_address.packed, each.broadcast_address.packed
            self._bounds[each.version].append(bounds)

    def __contains__(self, address: str) -> bool:
        """Compares octets, which is ten times as fast as ``ipaddress``."""
        version, family = (6, AF_INET6) if ":" in address else (4, AF_INET)
        packed = inet_pton(family, address)
        return any(first <= packed <= last for first, last in self._bounds[version])


def addresses(view: View) -> Iterator[Mistake]:
    """Addresses outside the province's ranges: a mistyped digit must not probe somebody else."""
    ranges = _Ranges(view.inventory.ranges)
    for calendar_id, calendar in view.inventory.calendars.items():
        if calendar.address and calendar.address not in ranges:
            message = f"{calendar.address} is in none of ranges; correct it, or add its range"
            yield view.mistake(message, "calendars", calendar_id, "address")
    for site_id, _, target_id, target in view.inventory.targets():
        if target.address not in ranges:
            message = f"{target.address} is in none of ranges; correct it, or add its range"
            yield view.mistake(message, "sites", site_id, "targets", target_id, "address")


def written_twice(source: Source) -> Iterator[Mistake]:
    """Addresses that two targets have, of all that are written, be the rest right or not."""
    first: dict[str, tuple[str, str, bool]] = {}
    for site_id, target_id, address, is_shared in _written(source):
        site, target, was_shared = first.setdefault(address, (site_id, target_id, is_shared))
        if (site, target) == (site_id, target_id) or is_shared or was_shared:
            continue
        place = source.place("sites", site, "targets", target)
        message = (
            f"{address} is the address of {site}/{target} ({place}) already; correct one of them,"
            " or say why under shares_address"
        )
        yield Mistake(source.place("sites", site_id, "targets", target_id, "address"), message)


def _written(source: Source) -> Iterator[tuple[str, str, str, bool]]:
    """Site, target, address, and whether it says why another one may have it."""
    sites = source.tree.get("sites")
    for site_id, site in sites.items() if isinstance(sites, dict) else ():
        targets = site.get("targets") if isinstance(site, dict) else None
        for target_id, target in targets.items() if isinstance(targets, dict) else ():
            told = target if isinstance(target, dict) else {"address": target}
            try:
                address = canonical_address(told.get("address"))
            except ValueError:
                continue  # told as what it is
            yield site_id, target_id, address, "shares_address" in told
