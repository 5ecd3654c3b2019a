"""Cells, which hold values: one cell is one series, or one histogram.

The text before the number is made once, with the cell; a scrape formats only numbers. Cells must
be used in the event loop's thread only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Generic, TypeVar

from netwatch.metrics.text import MIN_EXPONENT, MIN_PLAIN, number, series, uncommon

Labels = Sequence[tuple[str, str]]
CellT = TypeVar("CellT")


@dataclass(frozen=True)
class CellType(Generic[CellT]):
    """How the cells of a family are made and written.

    Attributes:
        create: makes a cell for these labels.
        write: makes the lines of these cells at one moment, so that they agree.
        lines: how many lines a cell has.
    """

    create: Callable[[Labels], CellT]
    write: Callable[[Iterable[CellT]], str]
    lines: int


class Cell:
    """The value of one gauge or counter.

    A counter that a device keeps is ``set`` to what the device reports, resets included.

    Attributes:
        prefix: the text before the value.
        value: what the next scrape shows; to be changed by ``set`` and ``inc``.
    """

    __slots__ = ("prefix", "value")

    def __init__(self, name: str, labels: Labels) -> None:
        self.prefix = series(name, labels)
        self.value = 0.0

    def set(self, value: float) -> None:
        """Replace the value."""
        self.value = float(value)

    def inc(self, amount: float = 1.0) -> None:
        """Add to the value."""
        self.value += amount


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
        totals = list(accumulate(self._counts))
        totals.append(totals[-1])
        *prefixes, sum_prefix = self._prefixes
        counts = zip(prefixes, totals, strict=True)
        if totals[-1] < MIN_EXPONENT:
            # Integers are written faster than floats.
            lines = [f"{prefix}{total}.0\n" for prefix, total in counts]
        else:
            lines = [f"{prefix}{number(float(total))}\n" for prefix, total in counts]
        return f"{''.join(lines)}{sum_prefix}{number(self._sum)}\n"


def plain(name: str) -> CellType[Cell]:
    """The cells of a gauge or counter."""
    return CellType(partial(Cell, name), _write, lines=1)


def histogram(name: str, bounds: tuple[float, ...]) -> CellType[HistogramCell]:
    """The cells of a histogram with these finite upper bounds."""
    create = partial(HistogramCell, name, bounds=bounds)
    return CellType(create, _write_histograms, lines=len(bounds) + 3)


def _write(cells: Iterable[Cell]) -> str:
    # Without a call for the common case: this is done for every series at every scrape.
    return "".join(
        [
            f"{cell.prefix}{value!r}\n"
            if MIN_PLAIN <= (value := cell.value) < MIN_EXPONENT
            else f"{cell.prefix}{uncommon(value)}\n"
            for cell in cells
        ]
    )


def _write_histograms(cells: Iterable[HistogramCell]) -> str:
    return "".join([cell.text() for cell in cells])
