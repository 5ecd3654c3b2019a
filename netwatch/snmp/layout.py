"""Which cell of a device becomes which series: worked out once, used poll after poll.

The names that a device gives to its interfaces hardly ever change, and its numbers always do. A
layout remembers what the cells were when it was made; as long as only numbers are different,
reading a poll is a handful of loops that run in C.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, mul
from typing import cast

from netwatch.core.result import SeriesKey
from netwatch.snmp.profile import Kind, Scalar
from netwatch.snmp.values import RANGES, Value, to_number, to_text

Labels = tuple[tuple[str, str], ...]
Cells = Mapping[str, Value]
"""What a device sent, by OID."""

_Pick = Callable[[Cells], tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that may become a series.

    Attributes:
        oid: the cell.
        scalar: what it is.
        labels: of its row.
        scale: factor to the series' unit, beside the scalar's own.
    """

    oid: str
    scalar: Scalar
    labels: Labels = ()
    scale: float = 1.0


class Layout:
    """How the cells of one poll became series, and how those of the next one do.

    Attributes:
        series: what is shown, the same object for the layout's whole life.
    """

    def __init__(self, cells: Cells, places: Iterable[Place], fixed: Iterable[str] = ()) -> None:
        """Work out what the cells mean.

        Args:
            cells: the values of one poll.
            places: the cells that may become series, all of them among ``cells``.
            fixed: further cells that the places' labels or scales were made of.
        """
        numbers: dict[Kind, list[Place]] = {Kind.COUNTER: [], Kind.GAUGE: []}
        texts: list[SeriesKey] = []
        watched = list(fixed)
        for place in places:
            scalar, value = place.scalar, cells[place.oid]
            if scalar.kind in numbers and to_number(scalar, value) is not None:
                numbers[scalar.kind].append(place)
                continue
            # A text is in its series' labels; a value of a wrong type gives no series.
            watched.append(place.oid)
            if scalar.kind not in numbers and (text := to_text(scalar, value)) is not None:
                texts.append((scalar.metric, (*place.labels, (scalar.name, text))))
        counters, gauges = numbers[Kind.COUNTER], numbers[Kind.GAUGE]
        ordered = (*counters, *gauges)
        self.series: tuple[SeriesKey, ...] = (
            *((place.scalar.metric, place.labels) for place in ordered),
            *texts,
        )
        self._counters = len(counters)
        self._nones = [(at, p.scalar.none) for at, p in enumerate(ordered) if p.scalar.none]
        self._numbers = _pick([place.oid for place in ordered])
        self._scales = [place.scalar.scale * place.scale for place in ordered]
        self._ones = [1.0] * len(texts)
        self._watched = _pick(watched)
        self._seen = self._watched(cells)

    def read(self, cells: Cells) -> list[float] | None:
        """A value for each of ``series``; None when something else than a number has changed.

        That a cell is new, the caller has to see.
        """
        try:
            numbers = self._numbers(cells)
            if self._watched(cells) != self._seen:
                return None
        except KeyError:
            return None
        if any(numbers[at] in none for at, none in self._nones):
            return None
        counters, gauges = numbers[: self._counters], numbers[self._counters :]
        if _within(counters, RANGES[Kind.COUNTER]) and _within(gauges, RANGES[Kind.GAUGE]):
            return [*map(mul, numbers, self._scales), *self._ones]
        return None


def _within(numbers: Sequence[Value], allowed: range) -> bool:
    """Whether all are integers of this range."""
    if not numbers:
        return True
    if set(map(type, numbers)) != {int}:
        return False
    whole = cast("Sequence[int]", numbers)
    return min(whole) in allowed and max(whole) in allowed


def _pick(oids: list[str]) -> _Pick:
    """What takes these cells out of many, and raises KeyError where one is missing."""
    if len(oids) > 1:
        return itemgetter(*oids)
    return lambda cells: tuple(cells[oid] for oid in oids)
