"""Reads from the journal what an account needs, all of it as of one moment."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from netwatch.core.state import State
from netwatch.core.timeline import Interval, milliseconds, union
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import has_table, open_for_reading
from netwatch.report.account.history import (
    DaySum,
    FlowSpan,
    FoundEvidence,
    History,
    IncidentNote,
    StateEvent,
)
from netwatch.report.account.tally import Tally
from netwatch.report.content import one_line

_LINE = "link:"


def read_history(path: Path, period: Interval, former: FormerIds | None = None) -> History:
    """What the journal holds of a time, beside a daemon that writes it or after it.

    Args:
        path: of the journal.
        period: the longest that is asked for, in milliseconds.
        former: ids of before, by the inventory; None: as the daemon wrote them down last.

    Raises:
        sqlite3.Error: there is no journal, it may not be read, or a record of it is damaged.
    """
    with closing(open_for_reading(path, former)) as connection:
        connection.execute("BEGIN")  # all that follows is read as of one moment
        try:
            return _History(connection, period).read()
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise sqlite3.DatabaseError(f"a record is damaged: {error}") from None


_TIMES = {
    "event": ("began", "ended"),
    "flow_event": ("began", "ended"),
    "incident": ("began", "ended"),
    "run": ("began", "until"),
    "watched": ("began", "ended"),
}
"""Columns with unix times, of which the second may be empty."""

_LAST_TIME = 1e11
"""Unix time behind which none can lie: the year 5138."""


def _no_time(table: str, columns: tuple[str, str]) -> str:
    """A query for a row of which a time is no number, or out of all bounds."""
    wrong = " OR ".join(
        f"({column} IS NOT NULL AND NOT (typeof({column}) IN ('real', 'integer')"
        f" AND {column} BETWEEN 0 AND {_LAST_TIME}))"
        for column in columns
    )
    return f"SELECT 1 FROM {table} WHERE {wrong} LIMIT 1"  # noqa: S608 (names of ours)


class _History:
    """Reads one history from an open journal, which may be of an older layout."""

    def __init__(self, connection: sqlite3.Connection, period: Interval) -> None:
        self._db = connection  # open, in a transaction
        self._period = period[0] / 1000, period[1] / 1000
        (alive,) = connection.execute("SELECT max(at) FROM alive").fetchone()
        # By the clock of the last run, which may have been set back.
        last = next(self._rows("run", "SELECT until FROM run ORDER BY id DESC LIMIT 1"), (alive,))
        self._known_until = milliseconds(last[0] or 0.0)

    def read(self) -> History:
        events, evidence, faults, work = self._events()
        name, zone = self._province()
        sums, summed_until = self._days()
        return History(
            self._runs(),
            self._watched(),
            events,
            faults,
            work,
            evidence,
            self._flows(),
            self._incidents(),
            sums,
            summed_until,
            self._known_until,
            name,
            zone,
        )

    def _rows(self, table: str, query: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a table that older journals may lack, for which the period is given.

        Raises:
            ValueError: the table has a time that is none, which no comparison would find.
        """
        if not has_table(self._db, table):
            return iter(())
        if (columns := _TIMES.get(table)) and self._db.execute(_no_time(table, columns)).fetchone():
            raise ValueError(f"{table} has a time that is none")
        begin, end = self._period
        return self._db.execute(query, {"begin": begin, "end": end})

    def _end(self, ended: float | None, began: int) -> int:
        return max(began, self._known_until if ended is None else milliseconds(ended))

    def _runs(self) -> Sequence[Interval]:
        rows = self._rows("run", "SELECT began, until FROM run WHERE until > :begin")
        return union((milliseconds(began), milliseconds(until)) for began, until in rows)

    def _watched(self) -> Mapping[str, Sequence[Interval]]:
        rows = self._rows(
            "watched",
            "SELECT site, max(watched.began, run.began), min(coalesce(ended, until), until)"
            " FROM run JOIN watched ON watched.run = run.id WHERE until > :begin",
        )
        found: dict[str, list[Interval]] = defaultdict(list)
        for site, began, ended in rows:
            found[site].append((milliseconds(began), milliseconds(ended)))
        return {site: union(intervals) for site, intervals in found.items()}

    def _events(
        self,
    ) -> tuple[
        Mapping[str, list[StateEvent]],
        Mapping[str, list[FoundEvidence]],
        Mapping[str, list[Interval]],
        Mapping[str, list[Interval]],
    ]:
        """Events and evidence of sites; faults of lines and work on them."""
        events: dict[str, list[StateEvent]] = defaultdict(list)
        evidence: dict[str, list[FoundEvidence]] = defaultdict(list)
        faults: dict[str, list[Interval]] = defaultdict(list)
        work: dict[str, list[Interval]] = defaultdict(list)
        rows = self._rows(
            "event",
            "SELECT site, target, state, began, ended, root, cause, evidence FROM event"
            " WHERE began < :end AND coalesce(ended, 1e12) > :begin ORDER BY began, id",
        )
        for site, target, number, began, ended, root, cause, found in rows:
            begin, state = milliseconds(began), State(number)
            end = self._end(ended, begin)
            if not target:
                event = StateEvent(
                    begin, end, state, one_line(root), one_line(cause), ended is None
                )
                events[site].append(event)
            elif found != "{}":
                details = json.loads(found)
                evidence[site].append(FoundEvidence(begin, end, root, dict(details)))
            if root.startswith(_LINE):
                line = root.removeprefix(_LINE)
                if state is State.MAINTENANCE:
                    work[line].append((begin, end))
                elif target and state in {State.DOWN, State.DEGRADED}:
                    faults[line].append((begin, end))
        return events, evidence, faults, work

    def _flows(self) -> list[FlowSpan]:
        rows = self._rows(
            "flow_event",
            "SELECT flow, state, began, ended FROM flow_event WHERE began < :end"
            " AND coalesce(ended, 1e12) > :begin ORDER BY began, id",
        )
        return [
            FlowSpan(
                flow,
                state,
                milliseconds(began),
                self._end(ended, milliseconds(began)),
                ended is None,
            )
            for flow, state, began, ended in rows
        ]

    def _incidents(self) -> list[IncidentNote]:
        rows = self._rows(
            "incident",
            "SELECT id, cause, began, ended, carrier, acknowledged_by, acknowledged_note"
            " FROM incident WHERE began < :end AND coalesce(ended, 1e12) > :begin ORDER BY began",
        )
        return [
            IncidentNote(
                id_,
                cause,
                milliseconds(began),
                self._end(ended, milliseconds(began)),
                carrier,
                one_line(by or ""),
                one_line(note or ""),
            )
            for id_, cause, began, ended, carrier, by, note in rows
        ]

    def _days(self) -> tuple[Mapping[str, Mapping[int, DaySum]], int]:
        """The sums of old days, and the first day that is not summed up."""
        until = next(self._rows("summed", "SELECT max(until) FROM summed"), (None,))[0]
        if until is None:
            return {}, 0
        found: dict[str, dict[int, DaySum]] = defaultdict(dict)
        for day, site, *sums, outages in self._rows(
            "day",
            "SELECT * FROM day WHERE day BETWEEN 719162 + :begin / 86400 AND 719164 + :end / 86400",
        ):
            found[site][day] = DaySum(Tally(*sums), outages)
        return found, int(until)

    def _province(self) -> tuple[str, str]:
        return next(self._rows("province", "SELECT name, zone FROM province"), ("", ""))
