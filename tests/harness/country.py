"""A country as files of an inventory: regions, districts, communes, each behind a line."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from itertools import count

import yaml

from netwatch.inventory.model import Inventory

REGIONS = 2
DISTRICT_OF = 40
"""Sites for each district."""

CUT_REGION = "127.128.0.0/9"
"""The addresses of the second region and of all behind it: half of the country."""

_HEAD = """\
province: {{name_vi: Thử, name: Country}}
ranges: [127.0.0.0/8]
tiers:
  centre: {{name_vi: Trung tâm, name: Centre, rank: 0}}
  region: {{name_vi: Vùng, name: Region, rank: 1}}
  district: {{name_vi: Huyện, name: District, rank: 2}}
  commune: {{name_vi: Xã, name: Commune, rank: 3}}
networks: {{state: {{name_vi: Mạng Nhà nước, name: State network}}}}
vantages: {{state-dc: {{site: s0, name_vi: Đây}}}}
canaries: [s0/router]
classes:
  all:
    match: {{roles: [router, codec, server]}}
    checks: [{checks}]
sites:
"""


def country(sites: int, checks: str) -> str:
    """An inventory of so many sites, with two or three targets each.

    Args:
        sites: how many, the centre and two regions among them.
        checks: of all targets, as written in a class.
    """
    return "".join(_lines(sites, checks))


def country_files(sites: int, checks: str) -> Iterator[str]:
    """The same in several files, each of which is small enough to be read."""
    head, *lines = _lines(sites, checks)
    for first in range(0, sites, _SITES_A_FILE):
        part = "".join(lines[first : first + _SITES_A_FILE])
        yield f"{'sites:' if first else head.rstrip()}\n{part}"


def _lines(sites: int, checks: str) -> list[str]:
    """The head, and one line a site."""
    districts = max(2, sites // DISTRICT_OF)
    hosts = (_addresses(0), _addresses(1))
    lines = [_HEAD.format(checks=checks)]
    for number in range(sites):
        tier, parent = _place(number, districts)
        addresses = hosts[_region(number, districts)]
        roles = ("router", "codec", "server")[: 2 + number % 2]
        targets = ", ".join(f"{role}: {{address: {next(addresses)}}}" for role in roles)
        above = "" if parent is None else f"parent: s{parent}, uplink: {_LINE}, "
        name = f"name_vi: Nơi {number}"
        lines.append(f"  s{number}: {{tier: {tier}, {name}, {above}targets: {{{targets}}}}}\n")
    return lines


_SITES_A_FILE = 5_000

_LINE = "{carrier: VNPT, capacity: 20M}"


def _place(number: int, districts: int) -> tuple[str, int | None]:
    """The tier of a site, and the number of the site above it."""
    if number == 0:
        return "centre", None
    if number <= REGIONS:
        return "region", 0
    if number <= REGIONS + districts:
        return "district", 1 + number % REGIONS
    return "commune", REGIONS + 1 + number % districts


def _region(number: int, districts: int) -> int:
    """0 or 1: the region of a site, 0 for the centre."""
    while number > REGIONS:
        number = _place(number, districts)[1] or 0
    return max(0, number - 1)


def _addresses(region: int) -> Iterator[str]:
    first = int(ip_address(("127.1.0.0", "127.128.0.0")[region]))
    return (str(ip_address(first + number)) for number in count())


def country_of(sites: int, checks: str = "{probe: icmp, interval: 5s, timeout: 1s}") -> Inventory:
    """The same, read."""
    return Inventory.model_validate(yaml.safe_load(country(sites, checks)))
