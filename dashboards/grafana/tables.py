"""Tables: several queries side by side, one row a site, target, line or flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders.common import TableSortByFieldState
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.models.common import TableCellHeight
from grafana_foundation_sdk.models.dashboard import (
    DashboardSpecialValueMapOptions,
    DataTransformerConfig,
    DynamicConfigValue,
    SpecialValueMap,
    SpecialValueMatch,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from dashboards.grafana.colours import CLEAR, PLAIN
from dashboards.grafana.links import Link
from dashboards.grafana.panels import DECIMALS, PLAIN_LEVELS, Levels, steps, styled
from dashboards.grafana.words import NONE, NOTHING_KNOWN, Words, mappings

_LETTER = 7.6
"""Pixels that a letter of a cell takes, on average, with some to spare."""

_PADDING, _SORT_ICON = 18, 24
"""Pixels around the text of a cell, and beside that of a heading."""

_NARROWEST = 60
"""Pixels of a column."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        field: a label, or ``Value #<ref of the query>``; with one query only, ``Value``.
        words: what its values are called; the cell takes their colour.
        levels: colours of the figure.
        links: where a click leads.
        optional: an empty cell means that there is none, not that it was not measured.
        letters: how many a value has; 0 for a name, which gets the room that is left, and a line
            more where that is too little.
        top: where a bar in the cell ends; None for no bar.
    """

    field: str
    title: str
    unit: str = ""
    words: Words | None = None
    levels: Levels = ()
    links: Sequence[Link] = ()
    optional: bool = False
    letters: int = 0
    top: float | None = None

    @property
    def width(self) -> int | None:
        """Pixels; None for what is left."""
        letters = self.letters
        if self.words:
            letters = max(letters, *(len(word.both) for word in self.words.values()))
        if not letters:
            return None
        heading = max(len(part) for part in self.title.split(" / ")) * _LETTER + _SORT_ICON
        return max(_NARROWEST, round(max(heading, letters * _LETTER) + _PADDING))

    def properties(self) -> list[DynamicConfigValue]:
        """Grafana's field options for the column."""
        options: dict[str, object] = {"displayName": self.title}
        if self.unit:
            options["unit"] = self.unit
        if self.unit in DECIMALS:
            options["decimals"] = DECIMALS[self.unit]
        options |= self._shape()
        if self.words or self.optional:
            options["mappings"] = self._mappings()
        if self.optional:
            options["noValue"] = NONE
        if self.levels:
            options["thresholds"] = steps(self.levels).build()
        if self.links:
            options["links"] = [link.of_a_row() for link in self.links]
        return [DynamicConfigValue(name, value) for name, value in options.items()]

    def _shape(self) -> dict[str, object]:
        """Width, alignment and colour of the cells."""
        is_figure = self.field.startswith("Value") and not self.words
        shape: dict[str, object] = {"custom.align": "right" if is_figure else "left"}
        if self.width is None:
            shape["custom.minWidth"] = 140
        else:
            shape["custom.width"] = self.width
        if self.top is not None:
            bar = {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
            shape |= {"custom.cellOptions": bar, "min": 0, "max": self.top}
        elif _is_coloured(self.words) or self.levels:
            filled = {"type": "color-background", "mode": "basic", "wrapText": True}
            shape["custom.cellOptions"] = filled
        return shape

    def _mappings(self) -> list[ValueMapping]:
        if not self.optional:
            return mappings(self.words or {})
        nothing = ValueMappingResult(text=NONE, color=CLEAR, index=100)
        absent: list[ValueMapping] = [
            SpecialValueMap(options=DashboardSpecialValueMapOptions(match=match, result=nothing))
            for match in (SpecialValueMatch.NULL_AND_NAN, SpecialValueMatch.EMPTY)
        ]
        told = [each for each in mappings(self.words or {}) if isinstance(each, ValueMap)]
        return [*told, *absent]


def _is_coloured(words: Words | None) -> bool:
    return words is not None and any(word.colour != PLAIN for word in words.values())


def table(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    columns: Sequence[Column],
    *,
    sort: str,
    descending: bool = False,
    empty: str = NOTHING_KNOWN,
) -> Table:
    """A table of exactly these columns, ordered by the one whose title is ``sort``.

    The first query makes the rows, and the others only add to them. ``empty`` is said where there
    is no row at all.
    """
    panel = _bare(title, description, size, queries, empty)
    panel.with_transformation(DataTransformerConfig("merge", options={}))
    first = f"Value #{queries[0].build().ref_id}"
    names = [column.field for column in columns]
    order = {name: at for at, name in enumerate(names)}
    if first in order:
        # So Grafana calls the only value where no other query has data.
        names, order = [*names, "Value"], order | {"Value": order[first]}
    only = {"include": {"names": names}}
    panel.with_transformation(DataTransformerConfig("filterFieldsByName", options=only))
    panel.with_transformation(DataTransformerConfig("organize", options={"indexByName": order}))
    for column in columns:
        if column.field == first:
            panel.override_by_regexp(f"/^Value( {first[6:]})?$/", column.properties())
        else:
            panel.override_by_name(column.field, column.properties())
    return panel.sort_by([TableSortByFieldState().display_name(sort).desc(descending)])


def matrix(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    query: Dataquery,
    *,
    row: str,
    column: str,
    heading: str,
    words: Words,
    empty: str = NOTHING_KNOWN,
) -> Table:
    """One value for each pair of two labels, and none for most; ``heading`` is in the corner."""
    panel = _bare(title, description, size, [query], empty)
    panel.with_transformation(DataTransformerConfig("merge", options={}))
    only = {"include": {"names": [row, column, "Value"]}}
    panel.with_transformation(DataTransformerConfig("filterFieldsByName", options=only))
    crossed = {"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "empty"}
    panel.with_transformation(DataTransformerConfig("groupingToMatrix", options=crossed))
    # So Grafana calls the column of the rows.
    corner = f"{row}\\{column}"
    cell = Column("Value", "", words=words, optional=True)
    properties = [each for each in cell.properties() if each.id_val != "displayName"]
    panel.override_by_regexp(f"/^(?!{row}).*$/", properties)
    return panel.override_by_name(corner, Column(corner, heading).properties())


def _bare(
    title: str, description: str, size: tuple[int, int], queries: Sequence[Dataquery], empty: str
) -> Table:
    panel = styled(Table(), title, description, size).targets(list(queries)).no_value(empty)
    panel.thresholds(steps(PLAIN_LEVELS)).cell_height(TableCellHeight.SM)
    # A name that is longer than its column goes on in a second line; so does a heading.
    wrapped = [
        DynamicConfigValue("custom.wrapText", value=True),
        DynamicConfigValue("custom.wrapHeaderText", value=True),
    ]
    return panel.override_by_regexp("/.*/", wrapped)
