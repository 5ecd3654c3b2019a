"""Made-up provinces, all echo and with short intervals, so that a story is told in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INTERVAL = 0.2
"""Seconds: the shortest that an inventory may have."""

HEAD = """
province: {name_vi: Tỉnh Thử, name: Test province}
ranges: [10.50.0.0/16, "fd50::/48"]
networks: {state: {name_vi: Nhà nước, name: State}}
tiers: {commune: {name_vi: Xã, name: Commune, rank: 0}}
vantages: {here: {site: centre, name_vi: Trung tâm}}
canaries: [centre/canary]
classes:
  all:
    match: {roles: [canary, router]}
    checks: [{probe: icmp, interval: INTERVAL, timeout: TIMEOUT}]
sites:
  centre: {tier: commune, name_vi: Trung tâm, targets: {canary: 10.50.255.1}}
"""


@dataclass(frozen=True)
class Site:
    """A site and the addresses of its targets; the centre is its parent if no other is named."""

    name: str
    addresses: tuple[str, ...]
    parent: str = "centre"

    def __str__(self) -> str:
        targets = ", ".join(
            f'router-{number}: "{address}"' for number, address in enumerate(self.addresses)
        )
        return (
            f"  {self.name}: {{tier: commune, name_vi: Xã, parent: {self.parent},"
            f" targets: {{{targets}}}}}\n"
        )


CENTRE = Site("centre", ("10.50.255.1",))


def inventory(sites: Sequence[Site], timeout: float, interval: str = f"{INTERVAL}s") -> str:
    """The province as a file; ``1d`` as the interval leaves it at rest."""
    head = HEAD.replace("INTERVAL", interval).replace("TIMEOUT", f"{timeout}s")
    return head + "".join(map(str, sites))
