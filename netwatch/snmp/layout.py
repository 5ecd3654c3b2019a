"""Which value of a poll becomes which series: worked out once, used poll after poll.

The names that a device gives to its interfaces hardly ever change, and its numbers always do. A
layout remembers the texts it was made with. As long as only numbers differ, the next poll is read
by a handful of loops that run in C.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import TypeVar, cast

from netwatch.core.result import SeriesKey
from netwatch.process.pace import Steps
from netwatch.snmp.profile import NUMBERS, Scalar, ValueKind
from netwatch.snmp.values import RANGES, Value, to_number, to_text

_STEP = 256
"""Places that are sorted in one step, which takes less than a millisecond."""

T = TypeVar("T")

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


class _Sorted:
    """The places of one poll by what becomes of them.

    Attributes:
        numbers: those that are series with a number, by metric.
        texts: series that have their text as a label, by metric.
        watched: positions of the values that must not change.
    """

    def __init__(self, values: Sequence[Value], fixed: Iterable[int]) -> None:
        self.numbers: dict[ValueKind, dict[str, list[SeriesPlace]]] = {kind: {} for kind in NUMBERS}
        self.texts: dict[str, list[SeriesKey]] = {}
        self.watched = list(fixed)
        self._values = values

    def add(self, place: SeriesPlace) -> None:
        scalar, value = place.scalar, self._values[place.at]
        if scalar.kind in NUMBERS and to_number(scalar, value) is not None:
            kind = ValueKind.READING if scalar.light else scalar.kind
            self.numbers[kind].setdefault(scalar.metric, []).append(place)
            return
        # A text is in its series' labels; a value of a wrong type gives no series.
        self.watched.append(place.at)
        if scalar.kind not in NUMBERS and (text := to_text(scalar, value)) is not None:
            key = scalar.metric, (*place.labels, (scalar.name, text))
            self.texts.setdefault(scalar.metric, []).append(key)


class _Columns:
    """Series with a number, in their order.

    Attributes:
        series: names and labels.
        at: positions of their values.
        nones: which of the series have values that say nothing, and these values.
        scales: which of them have a factor other than 1, and the factor.
    """

    def __init__(self) -> None:
        self.series: list[SeriesKey] = []
        self.at: list[int] = []
        self.nones: list[tuple[int, Container[Value]]] = []
        self.scales: list[tuple[int, float]] = []

    def add(self, place: SeriesPlace) -> None:
        scalar = place.scalar
        if scalar.none:
            self.nones.append((len(self.at), scalar.none))
        if (scale := scalar.scale * place.scale) != 1.0:
            self.scales.append((len(self.at), scale))
        self.at.append(place.at)
        self.series.append((scalar.metric, place.labels))


def lay_out(
    values: Sequence[Value], places: Sequence[SeriesPlace], fixed: Iterable[int] = ()
) -> Steps[Layout]:
    """Make the layout from the values of one poll, some places at each step.

    Args:
        values: of one poll.
        places: the values that may become series.
        fixed: positions of further values, from which the labels or scales of the places were
            made. When one of them changes, the layout is no longer right.
    """
    found, plain = _Sorted(values, fixed), _Columns()
    yield from _each(places, found.add)
    counters, gauges, readings = (
        _by_metric(found.numbers[kind])
        for kind in (ValueKind.COUNTER, ValueKind.GAUGE, ValueKind.READING)
    )
    yield from _each(counters, plain.add)
    yield from _each(gauges, plain.add)
    return Layout(values, found, plain, len(counters), readings)


class Layout:
    """How the values of one poll became series, and how those of the next one do.

    Attributes:
        series: names and labels, those of one metric together; the same object for the layout's
            whole life.
        watched: positions of the values by which the layout knows whether it is still right.
        seen: these values.
    """

    def __init__(
        self,
        values: Sequence[Value],
        found: _Sorted,
        plain: _Columns,
        counters: int,
        readings: Sequence[SeriesPlace],
    ) -> None:
        """Made by ``lay_out``."""
        texts = _by_metric(found.texts)
        self.series: tuple[SeriesKey, ...] = (
            *plain.series,
            *((place.scalar.metric, place.labels) for place in readings),
            *texts,
        )
        self._counters = counters
        self._nones, self._scales = plain.nones, plain.scales
        self._numbers = _pick(tuple(plain.at))
        self._readings = [(place.at, place.scalar) for place in readings]
        self._ones = [1] * len(texts)
        watched = tuple(found.watched)
        self.watched, self._pick_watched = _shared(watched), _pick(watched)
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


def _each(places: Sequence[SeriesPlace], add: Callable[[SeriesPlace], None]) -> Steps[None]:
    for first in range(0, len(places), _STEP):
        yield
        for place in places[first : first + _STEP]:
            add(place)


def _by_metric(found: Mapping[str, list[T]]) -> list[T]:
    return [*chain.from_iterable(found[metric] for metric in sorted(found))]


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
