"""What several exporters do with a series."""

from __future__ import annotations

from netwatch.metrics import Cell, Family


def set_or_remove(family: Family[Cell], labels: tuple[str, ...], value: float | None) -> None:
    """Show a value; None takes the series off, because 0 would be a lie."""
    if value is None:
        family.remove(*labels)
    else:
        family.cell(*labels).set(value)
