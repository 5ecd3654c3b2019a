"""Addresses are the province's own, and each belongs to one target."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from netwatch.inventory.model import Target
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake


def addresses(view: View) -> Iterator[Mistake]:
    """Addresses outside the province's ranges, and addresses that two targets have.

    A mistyped digit must not make the monitor probe somebody else.
    """
    ranges = view.inventory.ranges
    for calendar_id, calendar in view.inventory.calendars.items():
        if calendar.address and not any(ip_address(calendar.address) in each for each in ranges):
            message = f"{calendar.address} is in none of ranges; correct it, or add its range"
            yield view.mistake(message, "calendars", calendar_id, "address")
    first: dict[str, tuple[str, Target]] = {}
    for site_id, _, target_id, target in view.inventory.targets():
        path = ("sites", site_id, "targets", target_id)
        address = ip_address(target.address)
        if not any(address in each for each in ranges):
            message = f"{address} is in none of ranges; correct it, or add its range"
            yield view.mistake(message, *path, "address")
        name, other = first.setdefault(target.address, (f"{site_id}/{target_id}", target))
        if other is not target and not (target.shares_address or other.shares_address):
            place = view.source.place("sites", *name.split("/")[:1], "targets", name.split("/")[1])
            yield view.mistake(
                f"{address} is the address of {name} ({place}) already; correct one of them,"
                " or say why under shares_address",
                *path,
                "address",
            )
