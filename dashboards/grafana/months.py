"""Months of the province's zone, as the rules carry them on, and how far back there are data."""

from __future__ import annotations

from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table

from dashboards.grafana.columns import DATE
from dashboards.grafana.panels import AVAILABLE, SHARE, rows
from dashboards.grafana.tables import Column, table
from dashboards.grafana.tiles import figure
from dashboards.grafana.words import NO_RULES, both


def _share(age: str, heading: str) -> Column:
    """A column with what a month came to."""
    return Column(f"Value #{age}", heading, unit=SHARE, levels=AVAILABLE, letters=9, optional=True)


THIS_MONTH = _share("this", both("Tháng này", "This month"))
LAST_MONTH = _share("last", both("Tháng trước", "Last month"))


def month(level: str, age: str, which: str = "") -> str:
    """What a month came to, a series for each of the level: ``age`` is ``this`` or ``last``."""
    ratio = f"{level}:netwatch_month_availability:ratio{which}"
    return (
        f'max by ({level}) ({ratio} and on (month) month:netwatch_start:timestamp{{age="{age}"}})'
    )


def months(level: str, which: str, size: tuple[int, int]) -> Table:
    """The months of one site or line, the latest first, as far back as Prometheus keeps them."""

    def of_each(name: str) -> str:
        series = f"{level}:netwatch_month_{name}:ratio{{{which}}}"
        return f"max by (month) (last_over_time({series}[400d]))"

    title = both("Tháng", "Month")
    return table(
        both("Từng tháng", "Month by month"),
        both(
            "Tháng theo giờ của tỉnh. Đã đo: phần của tháng có trong con số này; dưới 99,99 % là"
            " chưa đủ. Báo cáo tháng tính theo nhật ký",
            "By the province's clock. Measured: the share of the month that is in this figure;"
            " below 99.99 % it is incomplete. The monthly report goes by the journal",
        ),
        size,
        [rows("available", of_each("availability")), rows("covered", of_each("covered"))],
        [
            Column("month", title, letters=8),
            Column(
                "Value #available",
                both("Mức sẵn sàng", "Availability"),
                unit=SHARE,
                levels=AVAILABLE,
                letters=9,
            ),
            Column(
                "Value #covered", both("Đã đo", "Measured"), unit=SHARE, letters=9, optional=True
            ),
        ],
        sort=title,
        descending=True,
        empty=NO_RULES,
    )


def data_since(size: tuple[int, int]) -> Stat:
    """The moment from which on there are data."""
    return figure(
        both("Có số liệu từ", "Data since"),
        both(
            "Trước lúc này Prometheus không còn số liệu; thời gian lưu: docs/install.md",
            "Before, Prometheus has none; how long it keeps them: docs/install.md",
        ),
        size,
        "1000 * (time() - max(instance:netwatch_history:seconds))",
        unit=DATE,
        empty=NO_RULES,
    )
