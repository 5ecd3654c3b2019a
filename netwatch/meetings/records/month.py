"""What the meetings of a month come to: the share held online, and of rooms that were ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict


@dataclass(frozen=True, slots=True)
class MeetingMonth:
    """The meetings of one calendar month that are over.

    Attributes:
        records: of the meetings that were watched or declared, the earliest first.
        missed: the level of each meeting that was planned, but neither watched nor declared.
    """

    records: tuple[MeetingRecord, ...] = ()
    missed: tuple[str, ...] = ()

    def counts(self) -> dict[tuple[str, MeetingVerdict], int]:
        """How many of each level were held online, were not, or are unknown."""
        found: dict[tuple[str, MeetingVerdict], int] = {}
        verdicts = [(record.level, record.verdict) for record in self.records]
        for each in [*verdicts, *((level, MeetingVerdict.UNKNOWN) for level in self.missed)]:
            found[each] = found.get(each, 0) + 1
        return found

    def held(self, level: str | None) -> float | None:
        """Share of the meetings held online, 0 to 1; None when of none it is known.

        Args:
            level: of the meetings that count; None: all of them.
        """
        known = [
            record.verdict is MeetingVerdict.HELD for record in self._of(level) if _known(record)
        ]
        return sum(known) / len(known) if known else None

    def ready(self, level: str | None) -> float | None:
        """Share of the rooms that were ready as their meeting began, 0 to 1; None without rooms.

        A room that was not measured then counts as not ready.

        Args:
            level: of the meetings that count; None: all of them.
        """
        tallies = [tally for record in self._of(level) for tally in record.rooms.values()]
        seen = [tally.ready == Readiness.READY for tally in tallies if tally.ready is not None]
        return sum(seen) / len(seen) if seen else None

    def _of(self, level: str | None) -> Iterable[MeetingRecord]:
        return (record for record in self.records if level in {None, record.level})


def _known(record: MeetingRecord) -> bool:
    return record.verdict is not MeetingVerdict.UNKNOWN
