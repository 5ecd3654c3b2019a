"""The addresses that are swept: never one outside the inventory's own ranges."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.model import Inventory

MAX_ADDRESSES = 1 << 17
"""Addresses of one sweep: two networks of /16."""


def addresses_of(texts: Sequence[str], inventory: Inventory) -> list[str]:
    """All addresses of hosts in these ranges, in order.

    Raises:
        ConfigError: a range is none, lies outside ``ranges``, or they are too many.
    """
    found: dict[str, None] = {}
    for text in texts:
        network = _network(text)
        if not any(_is_within(network, each) for each in inventory.ranges):
            raise _refused(
                text, "không thuộc ranges của kho / is not within ranges of the inventory"
            )
        if network.num_addresses > MAX_ADDRESSES:
            raise _refused(text, f"quá {MAX_ADDRESSES} địa chỉ / has too many addresses")
        found.update(dict.fromkeys(map(str, network.hosts())))
    if len(found) > MAX_ADDRESSES:
        raise _refused(
            " ".join(texts)[:80], f"quá {MAX_ADDRESSES} địa chỉ / have too many addresses"
        )
    return list(found)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise _refused(text[:64], "không phải dải / is no range, as 10.22.14.0/24") from None


def _is_within(network: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    return (
        network.version == outer.version
        and network.network_address in outer
        and network.prefixlen >= outer.prefixlen
    )


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])
