"""Party-State exchange: the matrix, what each flow does, what was opened, and the objective."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.columns import (
    NAME_EN,
    NAME_VI,
    OBJECTIVE,
    PROBE,
    SITE_ID,
    STATE,
    STATE_OF_FLOW,
)
from dashboards.grafana.events import MAINTENANCE, causes
from dashboards.grafana.frame import DashboardRow, assemble
from dashboards.grafana.links import EXCHANGE, TO_PAGE, TO_SITE
from dashboards.grafana.panels import (
    AVAILABLE,
    SHARE,
    figure,
    lines,
    over_time,
    rows,
    tally,
    timeline,
)
from dashboards.grafana.queries import CELL_STATE, FLOW_STATE, OBJECTIVE_NAMES, VIOLATIONS
from dashboards.grafana.tables import Column, matrix, table
from dashboards.grafana.words import both

_ENDS_IN = both("Còn lại", "Ends in")
_DAYS = ((None, "red"), (7 * 86400, "orange"), (30 * 86400, "green"))
"""By how long a certificate is valid: the alerts warn 30 days before, and page in the last 7."""

_OF_EXCHANGE = "max by (objective) (netwatch_objective_flow_info)"


def exchange() -> model.Dashboard:
    """The dashboard."""
    return assemble(
        EXCHANGE,
        both("netwatch: Liên thông Đảng – Nhà nước", "Party–State exchange"),
        both(
            "Kết nối phải thông thì thông, phải chặn thì bị chặn; nhìn từ mọi điểm đo",
            "What must pass passes, what must be blocked is; seen from every vantage",
        ),
        variables=[],
        rows_of_panels=[_matrix(), _flows(), _both_ways(), _certificates()],
        events=[causes(), MAINTENANCE],
    )


def _matrix() -> DashboardRow:
    counts = tally(
        both("Số kết nối theo trạng thái", "Flows by state"),
        both("Mọi kết nối đã khai báo", "All flows of the inventory"),
        (16, 4),
        {value: f"sum(flow:netwatch_flow:state == bool {value})" for value in words.FLOWS},
        words.FLOWS,
    )
    opened = figure(
        both("Số lần mở đường cấm", "Forbidden paths opened"),
        both("Trong khoảng xem", "In the time shown"),
        (8, 4),
        f"sum({VIOLATIONS.format(window='$__range')})",
        levels=((None, "green"), (1, "red")),
    )
    cells = matrix(
        both("Ma trận", "Matrix"),
        both(
            "Từ điểm đo (cột) đến địa điểm (hàng): trạng thái xấu nhất; chưa rõ xấu hơn đúng như"
            " mong đợi. Ô trống: không khai báo kết nối nào",
            "From the vantage (column) to the site (row): the worst state, where unknown is worse"
            " than as expected. An empty cell: no flow in the inventory",
        ),
        (24, 12),
        rows("A", CELL_STATE),
        row="name_vi",
        column="from",
        heading=both("Đến \\ Từ", "To \\ From"),
        words=words.FLOWS,
    )
    return both("Hiện tại", "Now"), [counts, opened, cells]


def _flows() -> DashboardRow:
    each = table(
        both("Từng kết nối", "Each flow"),
        both(
            "Xấu nhất trước. Bị chặn cách nào: lần đo cuối; ô trống: không bị chặn, hoặc chưa rõ",
            "The worst first. How it is blocked: the last try; empty: it is not, or unknown",
        ),
        (24, 14),
        [
            rows("state", FLOW_STATE),
            rows("since", "max by (flow) (netwatch_flow_state_change_timestamp_seconds) * 1000"),
            rows("block", "max by (flow, block) (netwatch_flow_block)"),
            rows("opened", "max by (flow) (netwatch_flow_violations_total)"),
        ],
        [
            STATE_OF_FLOW,
            NAME_VI,
            NAME_EN,
            Column("from", both("Từ", "From")),
            Column("to", both("Đến", "To"), links=[TO_SITE, TO_PAGE]),
            PROBE,
            Column("expect", both("Phải", "Expected"), words=words.EXPECTED),
            Column("Value #since", both("Từ lúc", "Since"), unit="dateTimeAsIso"),
            Column("block", both("Bị chặn cách nào", "How it is blocked"), optional=True),
            Column("Value #opened", both("Số lần vi phạm", "Violations")),
            SITE_ID,
        ],
        sort=STATE,
        descending=True,
    )
    history = timeline(
        both("Diễn biến", "Course"),
        both(
            "Theo ô của ma trận; chỗ trống: không có số liệu",
            "By cell of the matrix; gaps: no data",
        ),
        (24, 12),
        over_time("A", CELL_STATE, "{{from}} → {{name_vi}}"),
        words.FLOWS,
    )
    opened = lines(
        both("Đường cấm bị mở", "Forbidden paths opened"),
        both("Số lần kết nối phải chặn mà đi qua, trong 5 phút", "Passages in 5 minutes"),
        (24, 8),
        [over_time("A", f"sum by (flow) ({VIOLATIONS.format(window='5m')}) > 0", "{{flow}}")],
        unit="short",
    )
    return both("Kết nối", "Flows"), [each, history, opened]


def _both_ways() -> DashboardRow:
    objectives = table(
        both("Chỉ tiêu liên thông", "Exchange objective"),
        both(
            "Phần kết nối phải thông mà thông cả hai chiều, trong số đã biết cả hai chiều",
            "Share of the flows that must pass that do both ways, of those known both ways",
        ),
        (12, 6),
        [
            rows(
                "goal",
                f"netwatch_objective_goal_ratio * {OBJECTIVE_NAMES}"
                f" and on (objective) {_OF_EXCHANGE}",
            ),
            rows(
                "reached",
                f"max by (objective) (netwatch_objective_ratio) and on (objective) {_OF_EXCHANGE}",
            ),
            rows("known", "count by (objective) (flow:netwatch_both_ways:bool)"),
            rows("all", "count by (objective) (netwatch_objective_flow_info)"),
        ],
        [
            NAME_VI,
            NAME_EN,
            *OBJECTIVE,
            Column("Value #known", both("Đã biết", "Known")),
            Column("Value #all", both("Phải thông", "Required")),
        ],
        sort="Tên",
    )
    areas = table(
        both("Theo địa bàn", "By area"),
        both("Địa bàn của nơi được gọi", "The area of the target that is called"),
        (12, 6),
        [
            rows(
                "A",
                "max by (site) (netwatch_objective_area_ratio)"
                " * on (site) group_left (name_vi, name) netwatch_site_info",
            )
        ],
        [
            NAME_VI,
            NAME_EN,
            Column("Value", both("Thông hai chiều", "Both ways"), unit=SHARE, levels=AVAILABLE),
            SITE_ID,
        ],
        sort=both("Thông hai chiều", "Both ways"),
    )
    history = lines(
        both("Chỉ tiêu theo thời gian", "Objective over time"),
        both("Chỗ trống: chưa rõ", "Gaps: unknown"),
        (24, 8),
        [
            over_time(
                "A",
                f"(netwatch_objective_ratio and on (objective) {_OF_EXCHANGE}) * {OBJECTIVE_NAMES}",
                "{{name_vi}}",
            )
        ],
        unit=SHARE,
        top=1,
    )
    return both("Thông hai chiều", "Both ways"), [objectives, areas, history]


def _certificates() -> DashboardRow:
    ends = table(
        both("Chứng thư số", "Certificates"),
        both(
            "Của các kết nối có TLS; sắp hết hạn trước", "Of flows with TLS; the next to end first"
        ),
        (24, 6),
        [
            rows(
                "A",
                "(min by (flow)"
                ' (netwatch_tls_certificate_not_after_timestamp_seconds{flow!=""}) - time())'
                " * on (flow) group_left (name_vi, name, to) netwatch_flow_info",
            )
        ],
        [
            Column("Value", _ENDS_IN, unit="s", levels=_DAYS),
            NAME_VI,
            NAME_EN,
            Column("to", both("Đến", "To")),
        ],
        sort=_ENDS_IN,
    )
    return both("Chứng thư số", "Certificates"), [ends]
