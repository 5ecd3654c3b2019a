"""Tables: several queries side by side, one row a site, target, line or flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders.common import TableSortByFieldState
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.models.common import TableCellHeight
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue

from dashboards.grafana.links import Link
from dashboards.grafana.panels import DECIMALS, PLAIN, Levels, steps, styled
from dashboards.grafana.words import NONE, Words, mappings


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        field: a label, or ``Value #<ref of the query>``; with one query only, ``Value``.
        words: what its values are called; the cell takes their colour.
        levels: colours of the figure.
        links: where a click leads.
        optional: an empty cell means that there is none, not that it was not measured.
    """

    field: str
    title: str
    unit: str = ""
    words: Words | None = None
    levels: Levels = ()
    links: Sequence[Link] = ()
    optional: bool = False

    def properties(self) -> list[DynamicConfigValue]:
        """Grafana's field options for the column."""
        options: dict[str, object] = {"displayName": self.title}
        if self.unit:
            options["unit"] = self.unit
        if self.unit in DECIMALS:
            options["decimals"] = DECIMALS[self.unit]
        if self.words:
            options["mappings"] = mappings(self.words)
        if self.levels:
            options["thresholds"] = steps(self.levels).build()
        if self.words or self.levels:
            options["custom.cellOptions"] = {"type": "color-text"}
        if self.optional:
            options |= {"mappings": [], "noValue": NONE}
        if self.links:
            options["links"] = [link.of_a_row() for link in self.links]
        return [DynamicConfigValue(name, value) for name, value in options.items()]


def table(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    columns: Sequence[Column],
    *,
    sort: str,
    descending: bool = False,
) -> Table:
    """A table of exactly these columns, ordered by the one whose title is ``sort``."""
    panel = styled(Table(), title, description, size).targets(list(queries))
    panel.thresholds(steps(PLAIN)).cell_height(TableCellHeight.SM)
    panel.with_transformation(DataTransformerConfig("merge", options={}))
    names = [column.field for column in columns]
    only = {"include": {"names": names}}
    panel.with_transformation(DataTransformerConfig("filterFieldsByName", options=only))
    order = {"indexByName": {name: at for at, name in enumerate(names)}}
    panel.with_transformation(DataTransformerConfig("organize", options=order))
    for column in columns:
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
) -> Table:
    """One value for each pair of two labels; ``heading`` stands in the corner."""
    panel = styled(Table(), title, description, size, words).targets([query])
    panel.thresholds(steps(PLAIN)).cell_height(TableCellHeight.SM)
    panel.with_transformation(DataTransformerConfig("merge", options={}))
    only = {"include": {"names": [row, column, "Value"]}}
    panel.with_transformation(DataTransformerConfig("filterFieldsByName", options=only))
    crossed = {"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "empty"}
    panel.with_transformation(DataTransformerConfig("groupingToMatrix", options=crossed))
    panel.override_by_field_type(
        "number", [DynamicConfigValue("custom.cellOptions", {"type": "color-background"})]
    )
    # So Grafana calls the column of the rows.
    return panel.override_by_name(f"{row}\\{column}", [DynamicConfigValue("displayName", heading)])
