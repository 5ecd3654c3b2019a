"""Party-State exchange: the matrix, what each flow does, what was opened, and the objective."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.colours import AMBER, BLUE, RED
from dashboards.grafana.columns import (
    NAME,
    OBJECTIVE,
    PROBE,
    SITE_ID,
    STATE,
    STATE_OF_FLOW,
    STATE_SINCE,
)
from dashboards.grafana.events import ALERTS, MAINTENANCE, incidents
from dashboards.grafana.flows import CELL_RANK, FLOW_RANK, OPENINGS
from dashboards.grafana.frame import DashboardRow, assemble
from dashboards.grafana.links import EXCHANGE, TO_PAGE, TO_SITE
from dashboards.grafana.panels import AVAILABLE, SHARE, lines, over_time, rows, timeline
from dashboards.grafana.queries import OBJECTIVE_NAMES, RULES, spoken
from dashboards.grafana.tables import Column, matrix, table
from dashboards.grafana.tiles import ANY_IS_BAD, figure, tally
from dashboards.grafana.words import both, perhaps

_ENDS_IN = both("Còn lại", "Ends in")
_DAYS = ((None, RED), (7 * 86400, AMBER), (30 * 86400, BLUE))
"""By how long a certificate is valid: the alerts warn 30 days before, and page in the last 7."""

_NO_FLOWS = perhaps("Không có kết nối, chưa nạp quy tắc", "no flows, rules not loaded")
_NO_OBJECTIVE = perhaps("Không có chỉ tiêu liên thông", "no objective of flows")
_VANTAGE = Column("from", both("Từ", "From"), letters=14)

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
        events=[incidents(), ALERTS, MAINTENANCE],
    )


def _matrix() -> DashboardRow:
    states = " or ".join(
        f'label_replace(sum(({FLOW_RANK}) == bool {value}), "state", "{value}", "", "")'
        for value in words.FLOWS
    )
    counts = tally(
        both("Số kết nối theo trạng thái", "Flows by state"),
        both("Mọi kết nối đã khai báo", "All flows of the inventory"),
        (18, 4),
        states,
        words.FLOWS,
        _NO_FLOWS,
    )
    opened = figure(
        both("Số lần mở đường cấm", "Forbidden paths opened"),
        both(
            "Trong khoảng xem; một lần mở kéo dài đến khi bị chặn lại",
            "In the time shown; an opening lasts until the path is blocked again",
        ),
        (6, 4),
        f"sum({OPENINGS.format(window='$__range')})",
        levels=ANY_IS_BAD,
        empty=_NO_FLOWS,
    )
    cells = matrix(
        both("Ma trận", "Matrix"),
        both(
            "Từ điểm đo (cột) đến địa điểm (hàng): trạng thái xấu nhất; chưa rõ xấu hơn đúng như"
            " mong đợi. Gạch ngang: không khai báo kết nối nào",
            "From the vantage (column) to the site (row): the worst state, where unknown is worse"
            " than as expected. A dash: no flow in the inventory",
        ),
        (24, 14),
        rows("A", CELL_RANK),
        row="name_vi",
        column="from",
        heading=both("Đến \\ Từ", "To \\ From"),
        words=words.FLOWS,
        empty=_NO_FLOWS,
    )
    return both("Hiện tại", "Now"), [counts, opened, cells]


def _flows() -> DashboardRow:
    each = table(
        both("Từng kết nối", "Each flow"),
        both(
            "Xấu nhất trước. Bị chặn cách nào: lần đo cuối; gạch ngang: không bị chặn, hoặc chưa"
            " rõ. Số lần đi qua: mỗi lần đo mà kết nối phải chặn đi qua",
            "The worst first. How it is blocked: the last try; a dash: it is not, or unknown."
            " Passages: each try of a flow that must be blocked, and passed",
        ),
        (24, 16),
        [
            rows("state", FLOW_RANK),
            rows("since", "max by (flow) (netwatch_flow_state_change_timestamp_seconds) * 1000"),
            rows("block", "max by (flow, block) (netwatch_flow_block)"),
            rows("opened", "max by (flow) (netwatch_flow_violations_total)"),
        ],
        [
            STATE_OF_FLOW,
            NAME,
            _VANTAGE,
            Column("to", both("Đến", "To"), links=[TO_SITE, TO_PAGE], letters=34),
            PROBE,
            Column("expect", both("Phải", "Expected"), words=words.EXPECTED),
            STATE_SINCE,
            Column(
                "block",
                both("Bị chặn cách nào", "How it is blocked"),
                words=words.BLOCKS,
                optional=True,
            ),
            Column("Value #opened", both("Số lần đi qua", "Passages"), letters=9, optional=True),
            SITE_ID,
        ],
        sort=STATE,
        descending=True,
        empty=_NO_FLOWS,
    )
    history = timeline(
        both("Diễn biến", "Course"),
        both(
            "Theo ô của ma trận; chỗ trống: không có số liệu",
            "By cell of the matrix; gaps: no data",
        ),
        (24, 14),
        over_time("A", CELL_RANK, "{{from}} → {{name_vi}}"),
        words.FLOWS,
        _NO_FLOWS,
    )
    opened = lines(
        both("Đường cấm đang mở", "Forbidden paths open"),
        both("Số kết nối phải chặn mà đi qua", "Flows that must be blocked, and pass"),
        (24, 8),
        [
            over_time(
                "A",
                f"count(flow:netwatch_flow:state == 3) or 0 * {RULES}",
                both("đang mở", "open"),
            )
        ],
        unit="none",
        empty=words.NO_RULES,
    )
    return both("Kết nối", "Flows"), [each, history, opened]


def _both_ways() -> DashboardRow:
    objectives = table(
        both("Chỉ tiêu liên thông", "Exchange objective"),
        both(
            "Phần kết nối phải thông mà thông cả hai chiều, trong số đã biết cả hai chiều",
            "Share of the flows that must pass that do both ways, of those known both ways",
        ),
        (12, 8),
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
            NAME,
            *OBJECTIVE,
            Column("Value #known", both("Đã biết", "Known"), letters=6, optional=True),
            Column("Value #all", both("Phải thông", "Required"), letters=6, optional=True),
        ],
        sort=NAME.title,
        empty=_NO_OBJECTIVE,
    )
    areas = table(
        both("Theo địa bàn", "By area"),
        both("Địa bàn của nơi được gọi", "The area of the target that is called"),
        (12, 8),
        [
            rows(
                "A",
                "max by (site) (netwatch_objective_area_ratio)"
                " * on (site) group_left (name_vi) netwatch_site_info",
            )
        ],
        [
            NAME,
            Column(
                "Value",
                both("Thông hai chiều", "Both ways"),
                unit=SHARE,
                levels=AVAILABLE,
                letters=9,
            ),
            SITE_ID,
        ],
        sort=both("Thông hai chiều", "Both ways"),
        empty=_NO_OBJECTIVE,
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
        empty=_NO_OBJECTIVE,
    )
    return both("Thông hai chiều", "Both ways"), [objectives, areas, history]


def _certificates() -> DashboardRow:
    ends = (
        "(min by (flow)"
        ' (netwatch_tls_certificate_not_after_timestamp_seconds{flow!=""}) - time())'
        " * on (flow) group_left (name_vi, to) netwatch_flow_info"
    )
    no_tls = both("Không có kết nối TLS", "no flow with TLS")
    shown = table(
        both("Chứng thư số", "Certificates"),
        both(
            "Của các kết nối có TLS; sắp hết hạn trước", "Of flows with TLS; the next to end first"
        ),
        (24, 8),
        [
            rows(
                "A",
                spoken(ends, {"name_vi": no_tls, "to": words.NONE}, "1e9"),
            )
        ],
        [
            Column(
                "Value",
                _ENDS_IN,
                unit="dtdhms",
                levels=_DAYS,
                letters=16,
                words={10**9: words.NOTHING},
            ),
            NAME,
            Column("to", both("Đến", "To"), letters=26, optional=True),
        ],
        sort=_ENDS_IN,
    )
    return both("Chứng thư số", "Certificates"), [shown]
