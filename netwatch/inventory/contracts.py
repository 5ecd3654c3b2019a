"""The grammar of contracts with carriers, and which lines are under which contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import PlainValidator, field_validator, model_validator

from netwatch.core.units import Duration, Ratio
from netwatch.inventory.terms import Day, Entry, Text

if TYPE_CHECKING:
    from netwatch.inventory.model import Inventory

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = f"({'|'.join(DAYS)})"
_HOURS = re.compile(
    rf"(?:{_DAY}(?:-{_DAY})? )?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII
)


class AgreedHours(NamedTuple):
    """When what was agreed holds: days of the week, Monday 0, and seconds after midnight."""

    days: frozenset[int] = frozenset(range(7))
    opens: int = 0
    closes: int = 86400


def parse_hours(text: object) -> AgreedHours:
    """The agreed hours that are written as ``mon-fri 07:00-17:30`` or ``06:00-22:00``.

    Raises:
        ValueError: they are written differently, or end before they begin.
    """
    match = _HOURS.fullmatch(str(text))
    if match:
        first, last, *clock = match.groups()
        opens, closes = (int(clock[place]) * 3600 + int(clock[place + 1]) * 60 for place in (0, 2))
        begin = DAYS.index(first) if first else 0
        end = DAYS.index(last) if last else begin if first else 6
        if opens < closes <= 86400 and begin <= end:
            return AgreedHours(frozenset(range(begin, end + 1)), opens, closes)
    raise ValueError(
        f"{str(text)[:64]!r} are no hours; write e.g. mon-fri 07:00-17:30, or 00:00-24:00"
    )


ContractHours = Annotated[AgreedHours, PlainValidator(parse_hours)]


class Contract(Entry):
    """What was agreed with a carrier about lines, which name it by its id or its number.

    Attributes:
        carrier: with whom, as the lines name it.
        number: to quote when calling the carrier.
        availability: share of the agreed hours in which each line must work, 0 to 1.
        hours: local time in which it must; all the time when nothing else is agreed.
        repair: seconds within which a fault must be mended.
        start: the first day.
        end: the last day; an alert comes before it.
    """

    carrier: Text
    number: Text
    availability: Ratio | None = None
    hours: ContractHours = AgreedHours()
    repair: Duration | None = None
    start: Day | None = None
    end: Day | None = None

    @field_validator("availability")
    @classmethod
    def _is_a_share(cls, value: float | None) -> float | None:
        if value is not None and not value > 0:
            raise ValueError("must be more than 0%, e.g. 99.5%")
        return value

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Contract:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it starts on {self.start}; correct one")
        return self


def contract_references(inventory: Inventory) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Every line that names a contract: the path of its key, its carrier, and the name."""
    for link_id, link in inventory.links.items():
        if link.contract is not None:
            yield ("links", link_id, "contract"), link.carrier, link.contract
    for site_id, site in inventory.sites.items():
        if site.uplink is not None and site.uplink.contract is not None:
            path = ("sites", site_id, "uplink", "contract")
            yield path, site.uplink.carrier, site.uplink.contract


def with_contract_numbers(inventory: Inventory) -> Inventory:
    """The same, where each line that names the id of a contract has its number instead."""
    numbers = {id_: contract.number for id_, contract in inventory.contracts.items()}
    if not numbers:
        return inventory
    links = {
        id_: link.model_copy(update={"contract": numbers[link.contract]})
        if link.contract in numbers
        else link
        for id_, link in inventory.links.items()
    }
    sites = dict(inventory.sites)
    for id_, site in sites.items():
        if site.uplink is not None and site.uplink.contract in numbers:
            number = numbers[site.uplink.contract]
            uplink = site.uplink.model_copy(update={"contract": number})
            sites[id_] = site.model_copy(update={"uplink": uplink})
    return inventory.model_copy(update={"links": links, "sites": sites})
