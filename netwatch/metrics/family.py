"""A metric family: all series of one name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol

from netwatch.metrics.cells import CellT, CellType
from netwatch.metrics.text import Kind, clean, header

_MAX_LINES = 128
"""Lines in one piece of text, which takes some tens of microseconds to make."""


class BulkFamily(Protocol):
    """What the renderer needs of a family, wherever its values are kept."""

    @property
    def name(self) -> str:
        """The name on the page; a counter's ``_total`` is part of it."""

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


class Family(Generic[CellT]):
    """All series of one name. Made by the ``Registry``.

    Attributes:
        name: as it stands on the page; a counter's ``_total`` is part of it.
        kind: the type that the page declares.
        labelnames: of each series, in the order of ``cell``.
    """

    def __init__(
        self,
        kind: Kind,
        name: str,
        help_text: str,
        labelnames: tuple[str, ...],
        cell_type: CellType[CellT],
    ) -> None:
        self.name = name
        self.kind = kind
        self.header = header(kind, name, help_text)
        self.labelnames = labelnames
        self._type = cell_type
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
        # A copy, made at once, because cells come and go between two steps.
        cells = list(self._cells.values())
        step = max(1, _MAX_LINES // self._type.lines)
        starts = range(0, len(cells), step)
        return (self._type.write(cells[start : start + step]) for start in starts)

    def __len__(self) -> int:
        return len(self._cells)

    def _add(self, labelvalues: tuple[str, ...]) -> CellT:
        if len(labelvalues) != len(self.labelnames):
            raise ValueError(f"{self.name} has the labels {self.labelnames}, not {labelvalues!r}")
        key = tuple(map(clean, labelvalues))
        if key not in self._cells:
            self._cells[key] = self._type.create(tuple(zip(self.labelnames, key, strict=True)))
        return self._cells[key]
