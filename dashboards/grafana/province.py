"""Province overview: first what is broken now and why, then objectives, then the history."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.broken import broken_now
from dashboards.grafana.columns import NAME_EN, NAME_VI, OBJECTIVE, PROBE, STATE, STATE_OF_FLOW
from dashboards.grafana.events import MAINTENANCE, causes
from dashboards.grafana.frame import NETWORK, TIER, DashboardRow, assemble
from dashboards.grafana.links import PROVINCE
from dashboards.grafana.panels import (
    AVAILABLE,
    SHARE,
    lines,
    over_time,
    rows,
    timeline,
)
from dashboards.grafana.queries import (
    FLOW_STATE,
    OBJECTIVE_NAMES,
    SITES,
)
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both

_ABOVE_OTHERS = 'label_replace(netwatch_site_info{parent!=""}, "site", "$1", "parent", "(.+)")'
"""Sites that others hang on: the districts, whatever they are called after a reform."""


def province() -> model.Dashboard:
    """The dashboard."""
    return assemble(
        PROVINCE,
        both("netwatch: Toàn tỉnh", "Province overview"),
        both(
            "Điểm nào đang có sự cố, từ lúc nào, vì sao; chỉ tiêu, liên thông, mức sẵn sàng",
            "What is broken, since when and why; objectives, flows, availability",
        ),
        variables=[TIER, NETWORK],
        rows_of_panels=[broken_now(), _duties(), _course()],
        events=[causes(), MAINTENANCE],
    )


def _duties() -> DashboardRow:
    goal = f"netwatch_objective_goal_ratio * {OBJECTIVE_NAMES}"
    objectives = table(
        both("Chỉ tiêu", "Objectives"),
        both(
            "Tỷ lệ điểm kết nối được so với kế hoạch", "Share of reachable sites against the plan"
        ),
        (12, 7),
        [
            rows("goal", goal),
            rows("reached", "max by (objective) (netwatch_objective_ratio)"),
            rows(
                "met",
                "max by (objective)"
                " (netwatch_objective_ratio >= bool netwatch_objective_goal_ratio)",
            ),
        ],
        [
            NAME_VI,
            NAME_EN,
            *OBJECTIVE,
            Column("Value #met", both("Kết quả", "Result"), words=words.GOAL),
        ],
        sort="Tên",
    )
    tier = 'max by (tier, name_vi, name, rank) (netwatch_tier_info{tier=~"$tier"})'
    available = table(
        both("Mức sẵn sàng theo cấp", "Availability by tier"),
        both(
            "Phần thời gian đã đo mà điểm kết nối được; thời gian không đo được không tính",
            "Share of the measured time in which sites were reachable; what was not measured"
            " counts neither way",
        ),
        (12, 7),
        [
            rows("tier", tier),
            rows("hour", _by_tier("ratio1h")),
            rows("day", _by_tier("ratio1d")),
        ],
        [
            Column("rank", "#"),
            NAME_VI,
            NAME_EN,
            Column("Value #hour", both("1 giờ", "1 hour"), unit=SHARE, levels=AVAILABLE),
            Column("Value #day", both("1 ngày", "1 day"), unit=SHARE, levels=AVAILABLE),
        ],
        sort="#",
    )
    flows = table(
        both("Liên thông Đảng – Nhà nước", "Party–State flows"),
        both(
            "Kết nối phải thông thì thông, phải chặn thì bị chặn; đo từ mọi điểm đo",
            "What must pass passes, what must be blocked is; from every vantage",
        ),
        (24, 10),
        [
            rows("state", FLOW_STATE),
            rows("violations", "max by (flow) (netwatch_flow_violations_total)"),
        ],
        [
            STATE_OF_FLOW,
            NAME_VI,
            NAME_EN,
            Column("from", both("Từ", "From")),
            Column("to", both("Đến", "To")),
            PROBE,
            Column("expect", both("Phải", "Expected")),
            Column("Value #violations", both("Số lần vi phạm", "Violations")),
        ],
        sort=STATE,
        descending=True,
    )
    return both("Chỉ tiêu và liên thông", "Objectives and flows"), [objectives, available, flows]


def _by_tier(ratio: str) -> str:
    return f'max by (tier) (tier:netwatch_availability:{ratio}{{tier=~"$tier"}})'


def _course() -> DashboardRow:
    states = timeline(
        both("Trạng thái các điểm đầu mối", "States of the sites that others hang on"),
        both(
            "Huyện và các điểm khác có điểm trực thuộc; chỗ trống: không có số liệu",
            "Districts, and other sites with sites below them; gaps: no data",
        ),
        (24, 12),
        over_time(
            "A",
            f"netwatch_site_state * on (site) group_left (name_vi) ({SITES})"
            f" and on (site) ({_ABOVE_OTHERS})",
            "{{name_vi}}",
        ),
        words.STATES,
    )
    lost = lines(
        both("Số điểm mất theo điểm đầu mối", "Sites lost below each of them"),
        both(
            "Số điểm trực thuộc mất kết nối hoặc không tới được",
            "Sites below, at any depth, that are down or unreachable",
        ),
        (24, 8),
        [
            over_time(
                "A",
                'sum by (site) (netwatch_site_below{state=~"down|unreachable"})'
                f" * on (site) group_left (name_vi) ({SITES})",
                "{{name_vi}}",
            )
        ],
        unit="short",
    )
    return both("Diễn biến", "Course"), [states, lost]
