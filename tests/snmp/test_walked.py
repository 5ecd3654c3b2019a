"""A walk is bounded, and only goes forward."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.snmp.oids import ForeignOidError, cell_of
from netwatch.snmp.profile import Column, TableEntry, ValueKind
from netwatch.snmp.values import Value
from netwatch.snmp.walked import MAX_CELLS, MAX_ROWS, BadTableError, Cells, Walked

ROOT = "1.3.6.1.2.1.2.2.1"
ENTRY = TableEntry(
    oid=ROOT,
    columns=tuple(
        Column(column=number, name=f"c{number}", kind=ValueKind.GAUGE, help="x")
        for number in (2, 5, 8)
    ),
)


def walked() -> Walked:
    return Walked(ENTRY, Cells())


def cells(*places: tuple[int, int]) -> list[tuple[str, Value]]:
    return [(f"{ROOT}.{column}.{row}", 1) for column, row in places]


def test_a_column_may_not_be_endless() -> None:
    walk = walked()

    def endless() -> None:
        for first in range(1, 2 * MAX_ROWS, 64):
            walk.add(cells(*((2, row) for row in range(first, first + 64))))

    with pytest.raises(BadTableError, match="has no end"):
        endless()


def test_columns_that_nobody_wants_may_not_be_endless_either() -> None:
    walk = walked()

    def endless() -> None:
        for column in range(3, MAX_CELLS):
            walk.add(cells(*((column, row) for row in range(64))))

    with pytest.raises(BadTableError, match="has no end"):
        endless()


def test_cells_of_columns_that_nobody_wants_are_left_out() -> None:
    found = Cells()
    walk = Walked(ENTRY, found)
    walk.add(cells((2, 1), (2, 2), (3, 1)))
    walk.add(cells((5, 1)))
    walk.add(cells((5, 2), (5, 3)))
    walk.add(cells((80, 1)))
    assert found.names == [f"{ROOT}.{cell}" for cell in ("2.1", "2.2", "5.1", "5.2", "5.3")]
    assert len(found.values) == len(found.names)
    assert walk.next_column() is None


def test_a_column_of_the_largest_size() -> None:
    walk = walked()
    for first in range(0, MAX_ROWS, 64):
        walk.add(cells(*((2, row) for row in range(first, first + 64))))
    walk.add(cells((5, 1)))


@pytest.mark.parametrize(
    "second",
    [
        cells((2, 2)),
        cells((2, 1)),
        [("1.3.6.1.2.1.2.2.1", 1)],
        [("1.3.6.1.2.1.2.2.12.1", 1)],
        [(f"{ROOT}.2.{'4000000000.' * 60}1", 1)],
    ],
    ids=["the same", "backwards", "the root", "beside", "very long"],
)
def test_never_the_same_twice(second: list[tuple[str, Value]]) -> None:
    walk = walked()
    walk.add(cells((2, 1), (2, 2)))
    with pytest.raises(BadTableError):
        walk.add(second)


def test_an_order_of_its_own_is_followed_without_skipping_columns() -> None:
    walk = walked()
    walk.add(cells((2, 4), (2, 5)))
    walk.add(cells((2, 1), (2, 3)))
    walk.add(cells((6, 1)))
    assert walk.next_column() == 6
    walk.add(cells((5, 1)))
    assert walk.next_column() == 5
    with pytest.raises(BadTableError, match="repeats itself"):
        walk.add(cells((2, 4)))


def test_which_column_comes_next() -> None:
    walk = walked()
    assert walk.next_column() == 2
    for place, following in [((2, 1), 2), ((3, 1), 5), ((5, 4), 5), ((6, 1), 8), ((9, 1), None)]:
        walk.add(cells(place))
        assert walk.next_column() == following


@given(st.text(alphabet="0123456789.", max_size=40))
def test_an_oid_is_taken_apart_or_refused(below: str) -> None:
    try:
        arcs = cell_of(ROOT, f"{ROOT}.{below}")
    except ForeignOidError:
        assert "." not in below or "" in below.split(".")
    else:
        assert list(arcs) == [int(part) for part in below.split(".")]
