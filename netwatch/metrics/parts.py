"""The page of metrics in parts, where the whole page is too large for one scrape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable
from zlib import crc32

from netwatch.metrics.family import BulkFamily

MAX_SHARES = 32
"""Shares of one group."""


class FamilyGroup(StrEnum):
    """What a family of the page is about, by its name."""

    STATES = "states"
    """What is known of sites, targets, lines, flows and meetings, and the program's own metrics."""

    ECHOES = "echoes"
    """Round trips and losses: ``netwatch_icmp_…``."""

    DEVICES = "devices"
    """What devices were polled for, under the names that they have there."""

    @classmethod
    def of(cls, family: str) -> FamilyGroup:
        """The group of a family."""
        if family.startswith("netwatch_icmp_"):
            return cls.ECHOES
        return (
            cls.STATES if family.startswith(("netwatch_", "process_", "python_")) else cls.DEVICES
        )


_TEXT = re.compile(rf"({'|'.join(FamilyGroup)})(?:-([1-9][0-9]?)-of-([1-9][0-9]?))?")


@runtime_checkable
class DividedFamily(Protocol):
    """A family that is so large that each share of its group has some of its series."""

    def steps_of(self, share: int, shares: int) -> Iterator[str]:
        """As ``BulkFamily.steps``, of one share, from 1; a series stays in its share."""


@dataclass(frozen=True, slots=True)
class MetricsPart:
    """Some families of the page, or a share of them.

    Of a ``DividedFamily`` each share of the group has some series. Any other family is in one
    share, and always in that.

    Attributes:
        group: what they are about.
        share: which share of them, from 1.
        shares: how many shares there are.
    """

    group: FamilyGroup
    share: int = 1
    shares: int = 1

    @classmethod
    def read(cls, text: str) -> MetricsPart:
        """What a request asks for: ``echoes``, or ``echoes-2-of-3``.

        Raises:
            ValueError: there is no such part.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("a part is states, echoes or devices, or a share of it: echoes-2-of-3")
        part = cls(FamilyGroup(found[1]), int(found[2] or 1), int(found[3] or 1))
        if not part.share <= part.shares <= MAX_SHARES:
            raise ValueError(f"shares are numbered from 1, and there are {MAX_SHARES} at the most")
        return part

    def __str__(self) -> str:
        return self.group if self.shares == 1 else f"{self.group}-{self.share}-of-{self.shares}"

    def steps(self, family: BulkFamily) -> Iterator[str] | None:
        """The lines of a family that are in it; None when none ever are."""
        if FamilyGroup.of(family.name) is not self.group:
            return None
        if isinstance(family, DividedFamily):
            return family.steps_of(self.share, self.shares)
        return family.steps() if is_in_share(family.name, self.share, self.shares) else None

    @property
    def has_own(self) -> bool:
        """Whether the program's own metrics are in it; they are few, and stay together."""
        return self.group is FamilyGroup.STATES and self.share == 1


def is_in_share(name: str, share: int, shares: int) -> bool:
    """Whether what has this name, and isn't divided, is in one of so many shares, from 1."""
    return crc32(name.encode()) % shares == share - 1
