"""What every dashboard has: variables, links, events, rows and the order of its panels."""

from __future__ import annotations

from collections.abc import Sequence

from grafana_foundation_sdk.builders.dashboard import (
    Dashboard,
    DatasourceVariable,
    QueryVariable,
    Row,
    TextBoxVariable,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import (
    AnnotationContainer,
    DashboardCursorSync,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from dashboards.grafana.events import Events, query
from dashboards.grafana.links import PAGE, TAG, between_dashboards
from dashboards.grafana.panels import SOURCE
from dashboards.grafana.words import both

Variable = Builder[model.VariableModel]
DashboardRow = tuple[str, Sequence[Builder[model.Panel]]]
"""A row: its title and its panels, each line of them 24 columns wide."""

_ALL = VariableOption(selected=True, text=both("Tất cả", "All"), value="$__all")
_NETWATCH = "http://127.0.0.1:10880"
"""Where netwatch listens unless its settings say otherwise."""


def single_choice(name: str, label: str, query: str, regex: str = "") -> QueryVariable:
    """A variable that has one value at a time."""
    variable = QueryVariable(name).label(label).datasource(SOURCE)
    variable.query({"query": query, "refId": f"variable-{name}"}).regex(regex)
    return variable.refresh(VariableRefresh.ON_DASHBOARD_LOAD).sort(VariableSort.ALPHABETICAL_ASC)


def multiple_choice(name: str, label: str, query: str, regex: str = "") -> QueryVariable:
    """A variable that has several values at a time, or all."""
    variable = single_choice(name, label, query, regex)
    return variable.multi(True).include_all(True).all_value(".*").current(_ALL)


TIER = multiple_choice(
    "tier",
    both("Cấp", "Tier"),
    "query_result(netwatch_tier_info)",
    # Grafana writes labels in the order of the alphabet.
    '/name_vi="(?<text>[^"]*)".*tier="(?<value>[^"]*)"/',
)
NETWORK = multiple_choice(
    "network", both("Mạng", "Network"), "label_values(netwatch_site_info, network)"
)


def assemble(  # noqa: PLR0913 - the parts of a dashboard, each named where it is used
    uid: str,
    title: str,
    description: str,
    *,
    variables: Sequence[Variable],
    rows_of_panels: Sequence[DashboardRow],
    events: Sequence[Events],
    page: str = PAGE,
) -> model.Dashboard:
    """A dashboard of these rows, its panels numbered from 1 on; ``page`` is linked on top."""
    made = Dashboard(title).uid(uid).description(description).tags([TAG]).timezone("browser")
    made.time("now-3h", "now").refresh("30s").tooltip(DashboardCursorSync.CROSSHAIR).readonly()
    made.variables([_source(), *variables, _page()]).links(list(between_dashboards(page)))
    for name, panels in rows_of_panels:
        made.with_row(Row(name))
        for panel in panels:
            made.with_panel(panel)
    built = made.build()
    built.annotations = AnnotationContainer(list_val=[query(each) for each in events])
    for number, panel_or_row in enumerate(built.panels or (), start=1):
        panel_or_row.id_val = number
    return built


def _source() -> Variable:
    label = both("Nguồn số liệu", "Data source")
    return DatasourceVariable("datasource").label(label).type("prometheus")


def _page() -> Variable:
    variable = TextBoxVariable("page").label(both("Trang netwatch", "netwatch page"))
    return variable.default_value(_NETWATCH).current(
        VariableOption(text=_NETWATCH, value=_NETWATCH)
    )
