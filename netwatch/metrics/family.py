"""A metric family and its cells: one cell is one series, or one histogram.

The text before the number is made once, when the cell is made; a scrape formats only numbers.
Cells belong to the event loop's thread.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from netwatch.metrics.text import EXPONENT_FROM, LOWEST, Kind, clean, header, number, series

Labels = Sequence[tuple[str, str]]


_STEP = 64
"""Cells in a piece of text: some tens of microseconds of work."""


class BulkFamily(Protocol):
    """What the renderer needs of a family, wherever its values live."""

    @property
    def name(self) -> str:
        """As it stands on the page; a counter's ``_total`` is part of it."""

    @property
    def kind(self) -> Kind:
        """The type that the page declares."""

    @property
    def header(self) -> str:
        """The lines of help text and type: see ``netwatch.metrics.text.header``."""

    def steps(self) -> Iterator[str]:
        """The family's lines as they stand on the page, in pieces of whole lines.

        A piece is made when it is asked for, in well under a millisecond, and holds all lines of
        each histogram that it shows, so that they agree. Between two pieces series may come and
        go; each series that stays throughout must be there exactly once.
        """


class Printable(Protocol):
    """What the renderer needs of a cell."""

    def text(self) -> str:
        """The cell's lines, made without giving the event loop back, so they agree."""


CellT = TypeVar("CellT", bound=Printable)


class Cell:
    """The value of one gauge or counter.

    A counter that is kept by a device is ``set`` to what the device says, resets included.
    """

    __slots__ = ("_prefix", "_value")

    def __init__(self, name: str, labels: Labels) -> None:
        self._prefix = series(name, labels)
        self._value = 0.0

    @property
    def value(self) -> float:
        """The value that the next scrape shows."""
        return self._value

    def set(self, value: float) -> None:
        """Replace the value."""
        self._value = float(value)

    def inc(self, amount: float = 1.0) -> None:
        """Add to the value."""
        self._value += amount

    def text(self) -> str:
        """The sample's line."""
        value = self._value
        # The common case without the call of number(): a scrape comes here for every series.
        if LOWEST <= value < EXPONENT_FROM:
            return f"{self._prefix}{value!r}\n"
        return f"{self._prefix}{number(value)}\n"


class HistogramCell:
    """One histogram: how many observations fell below each bound, and their sum."""

    __slots__ = ("_bounds", "_counts", "_prefixes", "_sum")

    def __init__(self, name: str, labels: Labels, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0
        limits = [number(bound) for bound in bounds] + ["+Inf"]
        buckets = [series(f"{name}_bucket", [*labels, ("le", limit)]) for limit in limits]
        self._prefixes = (*buckets, series(f"{name}_count", labels), series(f"{name}_sum", labels))

    def observe(self, value: float) -> None:
        """Count one observation.

        Raises:
            ValueError: the value is not a number, which would spoil the sum for ever.
        """
        if value != value:  # noqa: PLR0124 - the cheapest test for NaN
            raise ValueError("can't observe NaN")
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def text(self) -> str:
        """The lines of the buckets, of the count and of the sum."""
        totals = [float(total) for total in accumulate(self._counts)]
        values = (*totals, totals[-1], self._sum)
        return "".join(
            f"{prefix}{number(value)}\n"
            for prefix, value in zip(self._prefixes, values, strict=True)
        )


class Family(Generic[CellT]):
    """All series of one name. Made by the ``Registry``.

    Attributes:
        name: as it stands on the page; a counter's ``_total`` is part of it.
        kind: the type that the page declares.
    """

    def __init__(
        self,
        kind: Kind,
        name: str,
        help_text: str,
        labelnames: tuple[str, ...],
        create: Callable[[Labels], CellT],
    ) -> None:
        self.name = name
        self.kind = kind
        self.header = header(kind, name, help_text)
        self._labelnames = labelnames
        self._create = create
        self._cells: dict[tuple[str, ...], CellT] = {}

    def cell(self, *labelvalues: str) -> CellT:
        """The cell with these label values, in the order of the label names; made if missing.

        Raises:
            ValueError: there are more or fewer values than label names.
        """
        found = self._cells.get(labelvalues)
        return self._add(labelvalues) if found is None else found

    def remove(self, *labelvalues: str) -> None:
        """Take a series off the page; nothing happens when there is none."""
        self._cells.pop(tuple(map(clean, labelvalues)), None)

    def clear(self) -> None:
        """Take every series of the family off the page."""
        self._cells.clear()

    def steps(self) -> Iterator[str]:
        """The lines of the cells of this moment, oldest first: see ``BulkFamily``."""
        # A copy, because cells come and go while the caller waits for its turn.
        cells = list(self._cells.values())
        for start in range(0, len(cells), _STEP):
            yield "".join([cell.text() for cell in cells[start : start + _STEP]])

    def __len__(self) -> int:
        return len(self._cells)

    def _add(self, labelvalues: tuple[str, ...]) -> CellT:
        if len(labelvalues) != len(self._labelnames):
            raise ValueError(f"{self.name} has the labels {self._labelnames}, not {labelvalues!r}")
        key = tuple(map(clean, labelvalues))
        if key not in self._cells:
            self._cells[key] = self._create(tuple(zip(self._labelnames, key, strict=True)))
        return self._cells[key]
