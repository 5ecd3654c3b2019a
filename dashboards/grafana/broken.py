"""What is broken now and why: by cause, then by site."""

from __future__ import annotations

from grafana_foundation_sdk.builders.table import Panel as Table

from dashboards.grafana import words
from dashboards.grafana.columns import (
    CONTRACT,
    FAILURE,
    NAME_EN,
    QUALITY,
    SITE_ID,
    SITE_NAME,
    STATE,
    STATE_OF_SITE,
    STATE_SINCE,
)
from dashboards.grafana.frame import DashboardRow
from dashboards.grafana.panels import figure, rows, tally
from dashboards.grafana.queries import CAUSES_BY_NAME, chosen, count_in, named, reasons
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both
from netwatch.core.state import State

_SILENT_SITES = both("Số điểm mất", "Sites behind")

_BROKEN = f"netwatch_site_state != {State.UP:d} != {State.MAINTENANCE:d}"


def broken_now() -> DashboardRow:
    """The first row: causes before anything else."""
    vantage = figure(
        both("Bộ giám sát", "Collector"),
        both(
            "Khi bộ giám sát bị mù, mọi điểm là chưa rõ",
            "While the collector is blind, every site is unknown",
        ),
        (4, 4),
        "min(netwatch_vantage_ok)",
        words=words.SIGHT,
    )
    counts = tally(
        both("Số điểm theo trạng thái", "Sites by state"),
        both("Theo cấp và mạng đã chọn", "Of the chosen tiers and networks"),
        (20, 4),
        {state: count_in(state) for state in words.STATES},
        words.STATES,
    )
    return both("Sự cố hiện tại", "Broken now"), [_causes(), vantage, counts, _sites()]


def _causes() -> Table:
    return table(
        both("Hỏng gì và vì sao", "What is broken now and why"),
        both(
            "Mỗi nguyên nhân gốc một dòng, nhiều điểm mất nhất trước, trong toàn tỉnh. Bảng trống:"
            " không có sự cố, nếu bộ giám sát nhìn thấy",
            "One row a root cause, the one that silences most sites first, of the whole province."
            " An empty table: nothing is at fault, provided that the collector sees",
        ),
        (24, 8),
        [
            rows("state", CAUSES_BY_NAME),
            rows("sites", "max by (cause) (netwatch_cause_sites)"),
            rows("since", "min by (cause) (netwatch_cause_start_timestamp_seconds) * 1000"),
        ],
        [
            STATE_OF_SITE,
            Column("cause", both("Nguyên nhân", "Cause")),
            Column("kind", both("Loại", "Kind"), words=words.CAUSE_KINDS),
            SITE_NAME,
            NAME_EN,
            Column("carrier", both("Nhà mạng", "Carrier"), optional=True),
            CONTRACT,
            Column("Value #sites", _SILENT_SITES),
            STATE_SINCE,
            SITE_ID,
        ],
        sort=_SILENT_SITES,
        descending=True,
    )


def _sites() -> Table:
    return table(
        both("Điểm không thông suốt", "Sites that are not up"),
        both(
            "Nặng nhất trước. Phép đo và lý do là của một thiết bị đang lỗi tại điểm đó; ô trống:"
            " không phép đo nào lỗi, hãy xem mất gói, độ trễ và biến động trễ",
            "The worst first. Probe and reason are of one failing device of the site; empty: no"
            " probe fails, so look at loss, round trip and jitter",
        ),
        (24, 10),
        [
            rows("state", named(f"max by (site) ({_BROKEN})")),
            rows(
                "since",
                _of_broken("max by (site) (netwatch_site_state_change_timestamp_seconds) * 1000"),
            ),
            rows("why", _of_broken(reasons("", by="site"))),
            rows("loss", _of_broken("max by (site) (netwatch_icmp_loss_ratio)")),
            rows("rtt", _of_broken("max by (site) (target:netwatch_icmp_rtt_seconds:p95_5m)")),
            rows("jitter", _of_broken("max by (site) (netwatch_icmp_jitter_seconds)")),
        ],
        [
            STATE_OF_SITE,
            SITE_NAME,
            NAME_EN,
            Column("tier_vi", both("Cấp", "Tier")),
            STATE_SINCE,
            Column("target", both("Thiết bị lỗi", "Failing device"), optional=True),
            *FAILURE,
            *QUALITY,
            SITE_ID,
        ],
        sort=STATE,
        descending=True,
    )


def _of_broken(expr: str) -> str:
    return chosen(f"{expr} and on (site) ({_BROKEN})")
