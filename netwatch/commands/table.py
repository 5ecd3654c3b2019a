"""Text tables."""

from __future__ import annotations

from collections.abc import Sequence


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """A table in aligned columns; the first row is the heading, and all rows have as many cells."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
