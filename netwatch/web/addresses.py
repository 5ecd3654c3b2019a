"""Addresses of clients and of ourselves."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

MAX_REMEMBERED = 4096
"""Addresses that were taken apart, as many as are remembered: most come again."""

_IPV6_SOURCE_BITS = 64
"""Leading bits that tell sources apart: behind them a single machine has all addresses."""


def plain_address(text: str) -> IPv4Address | IPv6Address:
    """An address as a socket tells it: without a zone, and IPv4 as IPv4.

    Raises:
        ValueError: it is none.
    """
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def ip_of(name: object) -> str:
    """The address in what a socket says of an end of it; a Unix socket is this machine's."""
    return str(name[0]) if isinstance(name, tuple) else "127.0.0.1"


def same_name(text: str) -> str:
    """A name as it is compared with another: an address in its short form, all else unchanged."""
    try:
        return str(plain_address(text.strip()))
    except ValueError:
        return text


@lru_cache(MAX_REMEMBERED)
def is_loopback(text: str) -> bool:
    """Whether only this machine has the address."""
    return plain_address(text).is_loopback


@lru_cache(MAX_REMEMBERED)
def source_of(text: str) -> str:
    """What is counted as one client: an IPv4 address, or the /64 of an IPv6 address."""
    address = plain_address(text)
    if isinstance(address, IPv4Address) or address.is_loopback:
        return str(address)
    return str(ip_network((address, _IPV6_SOURCE_BITS), strict=False))
