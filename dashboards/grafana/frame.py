"""What every dashboard has: variables, links, events, rows and the order of its panels."""

from __future__ import annotations

from collections.abc import Sequence

from grafana_foundation_sdk.builders.dashboard import (
    ConstantVariable,
    Dashboard,
    DatasourceVariable,
    QueryVariable,
    Row,
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

_ALL = VariableOption(selected=True, text=both("Tất cả", "All"), value=".*")
_TEXT_AND_VALUE = '/text="(?<text>.*)",value="(?<value>.*)"/'
"""Grafana writes labels in the order of the alphabet; a name may hold quotes."""

_NETWATCH = "http://127.0.0.1:10880"
"""Where netwatch listens unless its settings say otherwise."""


def single_choice(
    name: str,
    label: str,
    query: str,
    regex: str = "",
    sort: VariableSort = VariableSort.ALPHABETICAL_ASC,
) -> QueryVariable:
    """A variable that has one value at a time: at first the first one.

    It is asked anew whenever the time range moves on, so a wall sees what is added.
    """
    variable = QueryVariable(name).label(label).datasource(SOURCE)
    variable.query({"query": query, "refId": f"variable-{name}"}).regex(regex)
    return variable.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(sort)


def one_or_all(name: str, label: str, choices: str) -> QueryVariable:
    """A variable that has one value or all: at first all.

    Grafana has a choice of its own for that, which is English only. What is asked makes series with
    the labels ``text`` and ``value``.
    """
    everything = (
        'label_replace(label_replace(vector(1), "text", "{}", "", ""), "value", ".*", "", "")'
    )
    offered = f"query_result({everything.format(_ALL.text)} or {choices})"
    variable = single_choice(name, label, offered, _TEXT_AND_VALUE, VariableSort.DISABLED)
    return variable.current(_ALL)


def labelled(expr: str, text: str, value: str) -> str:
    """The choices of ``one_or_all``: one for each pair of two labels."""
    renamed = f'label_replace({expr}, "text", "$1", "{text}", "(.*)")'
    renamed = f'label_replace({renamed}, "value", "$1", "{value}", "(.*)")'
    return f"sort(max by (text, value) ({renamed}))"


_NETWORKS = "count by (network) (netwatch_site_info)"
_NETWORK_NAMES = (
    f'label_replace(label_replace({_NETWORKS}, "text", "$1", "network", "(.*)"),'
    f' "text", "{both("Nhà nước", "State")}", "network", "state")'
)

TIER = one_or_all(
    "tier",
    both("Cấp", "Tier"),
    labelled("netwatch_tier_info", "name_vi", "tier"),
)
NETWORK = one_or_all(
    "network",
    both("Mạng", "Network"),
    labelled(
        f'label_replace({_NETWORK_NAMES}, "text", "{both("Đảng", "Party")}", "network", "party")',
        "text",
        "network",
    ),
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
    """A constant that is written once, as the dashboards are installed: README.md."""
    variable = ConstantVariable("page").label(both("Trang netwatch", "netwatch page"))
    return _WithCurrent(variable.value(_NETWATCH), _NETWATCH)


class _WithCurrent(Builder[model.VariableModel]):
    """A constant that has its value already: the SDK leaves it to the browser to put it there."""

    def __init__(self, constant: ConstantVariable, value: str) -> None:
        self._constant = constant
        self._value = value

    def build(self) -> model.VariableModel:
        built = self._constant.build()
        built.current = VariableOption(text=self._value, value=self._value)
        return built
