"""What a device that answers is, and which device of the inventory it is plugged into."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from netwatch.core.check import Check
from netwatch.core.credential import Credential
from netwatch.inventory.model import Inventory
from netwatch.probes.snmp import SnmpParams
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.neighbours import ask
from netwatch.probes.snmp.objects import objects
from netwatch.snmp.values import clean

MAX_CONCURRENT = 8
"""Devices that are asked at the same time."""

_TIMEOUT = 5.0
"""Seconds to wait for an answer over SNMP."""

_DESCRIPTION = "1.3.6.1.2.1.1.1"

_MAX_TEXT = 120
"""Characters of what a device says of itself."""


class Discovered(NamedTuple):
    """A device that is not in the inventory; texts are empty where it didn't say.

    Attributes:
        site: name of the site that it seems to belong to: the one with targets in its /24.
        name: as it calls itself.
        description: what it is, in its own words.
        neighbours: targets of the inventory that it is plugged into, with their ports.
    """

    address: str
    site: str
    name: str = ""
    description: str = ""
    neighbours: str = ""


async def identify(
    addresses: Sequence[str],
    inventory: Inventory,
    credential: Credential | None,
    port: int = 161,
) -> list[Discovered]:
    """What is known of each, asked over SNMP where there is a credential."""
    limit = asyncio.Semaphore(MAX_CONCURRENT)
    places = {t.address: f"{site}/{name}" for site, _, name, t in inventory.targets()}
    near = _sites(inventory)

    async def one(address: str) -> Discovered:
        found = Discovered(address, near.get(_around(address), ""))
        if credential is None:
            return found
        async with limit:
            return await _ask(found, credential, port, places)

    return await asyncio.gather(*map(one, addresses))


async def _ask(
    found: Discovered, credential: Credential, port: int, places: Mapping[str, str]
) -> Discovered:
    """The same with what the device says; as it is where it says nothing."""
    check = Check(
        *("", found.address, "snmp", "snmp", found.address, 60.0, _TIMEOUT, SnmpParams(port=port)),
        credential,
    )
    try:
        said = [value async for _, value in objects(check, _DESCRIPTION)]
        name, neighbours = await ask(check)
    except PollError:
        return found
    text = next((clean(value) for value in said if isinstance(value, bytes)), "")
    known = [
        f"{places[each.address]} {each.port}".strip()
        for each in neighbours
        if each.address in places
    ]
    told = ", ".join(dict.fromkeys(known))
    return found._replace(name=name, description=text[:_MAX_TEXT], neighbours=told)


def _around(address: str) -> str:
    length = 24 if ip_address(address).version == 4 else 64
    return str(ip_network(f"{address}/{length}", strict=False))


def _sites(inventory: Inventory) -> dict[str, str]:
    """The name of the one site with targets in each /24 (or /64)."""
    found: dict[str, set[str]] = {}
    for site_id, _, _, target in inventory.targets():
        found.setdefault(_around(target.address), set()).add(site_id)
    return {
        network: inventory.sites[next(iter(sites))].name_vi
        for network, sites in found.items()
        if len(sites) == 1
    }
