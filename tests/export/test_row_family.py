"""Rows are written as they would be one by one, whatever shortcuts are taken."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netwatch.export.row_family import Column, HistogramFamily, RowFamily
from netwatch.metrics import number

WHOLE = st.sampled_from([-1, 0, 1, 7, 999_999, 1_000_000, 4_294_967_295])
FRACTIONS = st.sampled_from([nan, 0.0, 0.25, 1e-9, 1_000_000.5, 0.004])


@st.composite
def columns(draw: st.DrawFn, kinds: st.SearchStrategy[st.SearchStrategy[float]]) -> Column:
    """As many rows as are written in one step, or a few more; most have the same value."""
    values = draw(kinds)
    column = np.full(258, draw(values))
    for row in draw(st.sets(st.integers(0, 257), max_size=4)):
        column[row] = draw(values)
    return column[: draw(st.sampled_from([0, 1, 3, 256, 258]))]


LABELS = [f'site="{row}"}} ' for row in range(258)]


def line(head: str, row: int, column: Column) -> str:
    return f"{head}{LABELS[row]}{number(float(column[row]))}\n"


def is_known(value: float) -> bool:
    return value >= 0


@given(columns(st.sampled_from([WHOLE, FRACTIONS])))
def test_every_row_with_a_known_value_has_a_line(column: Column) -> None:
    labels = LABELS[: len(column)]
    family = RowFamily("gauge", "a", "A.", lambda: labels, {"{": lambda: column})
    expected = [line("a{", row, column) for row, value in enumerate(column) if is_known(value)]
    assert "".join(family.steps()) == "".join(expected)


@given(st.lists(columns(st.just(WHOLE.map(abs))), min_size=1, max_size=4))
def test_every_row_has_all_lines_of_its_histogram(drawn: list[Column]) -> None:
    rows = min(map(len, drawn))
    shown: Mapping[str, Column] = {f'_bucket{{le="{n}",': c for n, c in enumerate(drawn)}
    family = HistogramFamily(
        "histogram",
        "a",
        "A.",
        lambda: LABELS[:rows],
        {head: lambda column=column: column[:rows] for head, column in shown.items()},  # type: ignore[misc]
    )
    expected = [
        line(f"a{head}", row, column) for row in range(rows) for head, column in shown.items()
    ]
    assert "".join(family.steps()) == "".join(expected)
