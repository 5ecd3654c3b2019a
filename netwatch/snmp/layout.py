"""Which value of a poll becomes which series: worked out once, used poll after poll.

The names that a device gives to its interfaces hardly ever change, and its numbers always do. A
layout remembers the texts it was made with. As long as only numbers differ, the next poll is read
by a handful of loops that run in C.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import cast

from netwatch.core.result import SeriesKey
from netwatch.snmp.profile import NUMBERS, Scalar, ValueKind
from netwatch.snmp.values import RANGES, Value, to_number, to_text

Labels = tuple[tuple[str, str], ...]

_Pick = Callable[[Sequence[Value]], tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """A value of a poll that may become a series.

    Attributes:
        at: its position among the values of a poll.
        scalar: which object or column it is.
        labels: of its row.
        scale: factor to the series' unit, besides the scalar's own.
    """

    at: int
    scalar: Scalar
    labels: Labels = ()
    scale: float = 1.0


class Layout:
    """How the values of one poll became series, and how those of the next one do.

    Attributes:
        series: names and labels, those of one metric together; the same object for the layout's
            whole life.
        watched: positions of the values by which the layout knows whether it is still right.
        seen: these values.
    """

    def __init__(
        self, values: Sequence[Value], places: Iterable[SeriesPlace], fixed: Iterable[int] = ()
    ) -> None:
        """Make the layout from the values of one poll.

        Args:
            values: of one poll.
            places: the values that may become series.
            fixed: positions of further values, from which the labels or scales of the places were
                made. When one of them changes, the layout is no longer right.
        """
        numbers: dict[ValueKind, list[SeriesPlace]] = {kind: [] for kind in NUMBERS}
        texts: list[SeriesKey] = []
        watched = list(fixed)
        for place in places:
            scalar, value = place.scalar, values[place.at]
            if scalar.kind in NUMBERS and to_number(scalar, value) is not None:
                numbers[ValueKind.READING if scalar.light else scalar.kind].append(place)
                continue
            # A text is in its series' labels; a value of a wrong type gives no series.
            watched.append(place.at)
            if scalar.kind not in NUMBERS and (text := to_text(scalar, value)) is not None:
                texts.append((scalar.metric, (*place.labels, (scalar.name, text))))
        counters, gauges, readings = (
            _by_metric(numbers[kind])
            for kind in (ValueKind.COUNTER, ValueKind.GAUGE, ValueKind.READING)
        )
        plain = (*counters, *gauges)
        ordered = (*plain, *readings)
        self.series: tuple[SeriesKey, ...] = (
            *((place.scalar.metric, place.labels) for place in ordered),
            *sorted(texts, key=itemgetter(0)),
        )
        self._counters = len(counters)
        self._nones = [(at, p.scalar.none) for at, p in enumerate(plain) if p.scalar.none]
        self._numbers = _pick(tuple(place.at for place in plain))
        self._readings = [(place.at, place.scalar) for place in readings]
        scales = (place.scalar.scale * place.scale for place in plain)
        self._scales = [(at, scale) for at, scale in enumerate(scales) if scale != 1.0]
        self._ones = [1] * len(texts)
        self.watched, self._pick_watched = _shared(tuple(watched)), _pick(tuple(watched))
        self.seen = self._pick_watched(values)

    def read(self, values: Sequence[Value]) -> list[float] | None:
        """A number for each of ``series``; None when the layout does not fit these values.

        Args:
            values: of the same objects as those that the layout was made with.
        """
        if self._pick_watched(values) != self.seen:
            return None
        numbers = self._numbers(values)
        if any(numbers[at] in none for at, none in self._nones):
            return None
        counters, gauges = numbers[: self._counters], numbers[self._counters :]
        if not (
            _within(counters, RANGES[ValueKind.COUNTER])
            and _within(gauges, RANGES[ValueKind.GAUGE])
        ):
            return None
        readings = [to_number(scalar, values[at]) for at, scalar in self._readings]
        if None in readings:
            return None
        read = [*cast("Sequence[int]", numbers), *cast("list[float]", readings), *self._ones]
        for at, scale in self._scales:
            read[at] *= scale
        return read


def _by_metric(places: Iterable[SeriesPlace]) -> list[SeriesPlace]:
    return sorted(places, key=lambda place: place.scalar.metric)


def _within(numbers: Sequence[Value], allowed: range) -> bool:
    """Whether all are integers of this range."""
    if not numbers:
        return True
    if set(map(type, numbers)) != {int}:
        return False
    whole = cast("Sequence[int]", numbers)
    return min(whole) in allowed and max(whole) in allowed


@lru_cache(maxsize=512)
def _shared(places: tuple[int, ...]) -> tuple[int, ...]:
    """The same tuple for all devices of one kind."""
    return places


@lru_cache(maxsize=512)
def _pick(places: tuple[int, ...]) -> _Pick:
    """A function that picks the values at these positions; devices of one kind share it."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[at] for at in places)
