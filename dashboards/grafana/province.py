"""Province overview: what a wall must say in five seconds, then why, where, and since when."""

from __future__ import annotations

from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import incidents, places, words
from dashboards.grafana.colours import BLUE, GREY, RED
from dashboards.grafana.columns import (
    FAILURE,
    LOSS_RATIO,
    NAME,
    OBJECTIVE,
    SITE_ID,
    SITE_NAME,
    STATE,
    STATE_OF_SITE,
)
from dashboards.grafana.events import ALERTS, MAINTENANCE
from dashboards.grafana.events import incidents as incident_events
from dashboards.grafana.frame import NETWORK, TIER, DashboardRow, assemble
from dashboards.grafana.links import PROVINCE, TO_EXCHANGE, TO_MEETINGS
from dashboards.grafana.maps import province_map
from dashboards.grafana.months import THIS_MONTH, month
from dashboards.grafana.panels import AVAILABLE, SHARE, Levels, over_time, rows, timeline
from dashboards.grafana.queries import (
    OBJECTIVE_NAMES,
    RULES,
    SEES,
    SITES,
    chosen,
    counted,
    reasons,
    spoken,
)
from dashboards.grafana.tables import Column, table
from dashboards.grafana.tiles import ANY_IS_BAD, ANY_IS_WARNING, figure, tally
from dashboards.grafana.words import both, perhaps
from netwatch.core.state import State

_TILE = (4, 4)
_ABOVE_OTHERS = 'netwatch_site_below{state="up"}'
"""Sites that others hang on: the districts, whatever they are called after a reform."""

_DEGRADED, _UNKNOWN = (
    f"netwatch_site_state == {state:d} unless on (site) netwatch_site_cause"
    for state in (State.DEGRADED, State.UNKNOWN)
)
"""Sites that no cause explains: those that one does stand in the row of their cause."""

_OTHERS = f"(({_DEGRADED}) + 1 or ({_UNKNOWN}) + 2)"
"""Their states, ranked; what is down or cut off always has a cause."""

_CHECKED: Levels = ((None, GREY), (0, BLUE), (1, RED))


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
        rows_of_panels=[_glance(), _place(), _duties()],
        events=[incident_events(), ALERTS, MAINTENANCE],
    )


def _glance() -> DashboardRow:
    """What is read from across the room."""
    sees = figure(
        both("Bộ giám sát", "Collector"),
        both(
            "Khi bộ giám sát bị mù, mọi điểm là chưa rõ",
            "While the collector is blind, every site is unknown",
        ),
        _TILE,
        f'{SEES} or (max(up{{job="netwatch"}}) == 0) - 1',
        words=words.SIGHT,
    )
    open_now = figure(
        both("Sự cố", "Incidents"),
        both("Trong toàn tỉnh; dòng bên dưới", "Of the whole province; the rows below"),
        _TILE,
        counted(incidents.BEGAN),
        words=words.BLIND,
        levels=ANY_IS_BAD,
    )
    flows = [
        figure(
            title,
            description,
            _TILE,
            f"count(flow:netwatch_flow:state == {value}) or 0 * ({SEES} == 1) * {RULES}"
            f" or ({SEES} == 0) - 1",
            words=words.BLIND,
            levels=levels,
            empty=words.NO_RULES,
            link=TO_EXCHANGE,
        )
        for value, levels, title, description in (
            (
                3,
                ANY_IS_BAD,
                both("Vi phạm", "Violated flows"),
                both("Phải chặn mà đi qua", "Must be blocked, and passes"),
            ),
            (
                2,
                ANY_IS_WARNING,
                both("Kết nối đứt", "Broken flows"),
                both("Phải thông mà không thông", "Must pass, and doesn't"),
            ),
        )
    ]
    rooms = figure(
        both("Phòng lỗi", "Unready rooms"),
        both("Của các cuộc họp sắp hoặc đang diễn ra", "Of meetings that are near or under way"),
        _TILE,
        'sum(netwatch_meeting_participants{readiness="not_ready"})'
        f" or 0 * ({SEES} == 1) - 1 or 0 * ({SEES} == 0) - 1",
        words=words.NO_MEETING,
        levels=ANY_IS_BAD,
        link=TO_MEETINGS,
    )
    critical = figure(
        both("Khẩn cấp", "Critical alerts"),
        both("Đang phát, trong toàn tỉnh", "Firing, in the whole province"),
        _TILE,
        f'count(ALERTS{{alertstate="firing",severity="critical"}}) or {RULES} - 1',
        levels=_CHECKED,
        empty=words.NO_RULES,
    )
    tiles = [sees, open_now, *flows, rooms, critical]
    return both("Hiện tại", "Now"), [*tiles, incidents.wall(), incidents.each()]


def _place() -> DashboardRow:
    """Where it is: the map, and what no incident explains."""
    counts = tally(
        both("Số điểm theo trạng thái", "Sites by state"),
        both("Theo cấp đã chọn", "Of the chosen tiers"),
        (24, 3),
        'sum by (state) (netwatch_tier_sites{tier=~"$tier"})',
        words.STATE_LABELS,
    )
    where = province_map(
        both("Bản đồ", "Map"),
        both(
            "Trạng thái xấu nhất của mọi điểm tại mỗi nơi; dấu nhân: đường truyền bị đứt. Điểm"
            " không có toạ độ nằm ở nơi của điểm cấp trên",
            "The worst state of all sites at each place; a cross: a line is cut. A site without"
            " coordinates is at the place of the one above it",
        ),
        (12, 15),
        [
            rows("state", places.STATE),
            rows("cut", places.CUT),
            rows("latitude", places.along("latitude")),
            rows("longitude", places.along("longitude")),
        ],
        perhaps("Danh mục chưa có toạ độ", "no coordinates in the inventory"),
    )
    return both("Ở đâu", "Where"), [counts, where, _others()]


def _others() -> Table:
    state = f"max by (site, name_vi) ({_OTHERS} * on (site) group_left (name_vi) {SITES})"
    return table(
        both("Điểm khác không thông suốt", "Other sites that are not up"),
        both(
            "Nặng nhất trước; những điểm nằm sau một nguyên nhân thì ở dòng của nguyên nhân đó."
            " Không phép đo nào lỗi: hãy xem mất gói",
            "The worst first; those behind a cause stand in its row. If no probe fails, look at the"
            " loss",
        ),
        (12, 15),
        [
            rows("state", spoken(state, {"name_vi": both("Không còn điểm nào", "no other site")})),
            rows("why", chosen(f"{reasons('', by='site')} and on (site) ({_DEGRADED})")),
            rows(
                "loss",
                chosen(f"max by (site) (netwatch_icmp_loss_ratio and on (site) ({_DEGRADED}))"),
            ),
        ],
        [
            STATE_OF_SITE,
            SITE_NAME,
            *FAILURE,
            LOSS_RATIO,
            SITE_ID,
        ],
        sort=STATE,
        descending=True,
    )


def _duties() -> DashboardRow:
    objectives = table(
        both("Chỉ tiêu", "Objectives"),
        both(
            "Tỷ lệ điểm kết nối được so với kế hoạch", "Share of reachable sites against the plan"
        ),
        (12, 9),
        [
            rows("goal", f"netwatch_objective_goal_ratio * {OBJECTIVE_NAMES}"),
            rows("reached", "max by (objective) (netwatch_objective_ratio)"),
        ],
        [NAME, *OBJECTIVE],
        sort=NAME.title,
        empty=perhaps("Danh mục chưa có chỉ tiêu", "no objectives in the inventory"),
    )
    chosen_tiers = '{tier=~"$tier"}'
    ratio = "tier:netwatch_availability:ratio1"
    names = "* on (tier) group_left (name_vi, rank) netwatch_tier_info"
    available = table(
        both("Mức sẵn sàng theo cấp", "Availability by tier"),
        both(
            "Phần thời gian đã đo mà điểm kết nối được; thời gian không đo được không tính",
            "Share of the measured time in which sites were reachable; what was not measured"
            " counts neither way",
        ),
        (12, 9),
        [
            rows("day", f"{ratio}d{chosen_tiers} {names}"),
            rows("this", f"{month('tier', 'this', chosen_tiers)} {names}"),
        ],
        [
            Column("rank", "#", letters=2),
            NAME,
            Column(
                "Value #day",
                both("1 ngày", "1 day"),
                unit=SHARE,
                levels=AVAILABLE,
                letters=9,
                optional=True,
            ),
            THIS_MONTH,
        ],
        sort="#",
        empty=words.NO_RULES,
    )
    states = timeline(
        both("Trạng thái các điểm đầu mối", "States of the sites that others hang on"),
        both(
            "Huyện và các điểm khác có điểm trực thuộc; chỗ trống: không có số liệu",
            "Districts, and other sites with sites below them; gaps: no data",
        ),
        (24, 12),
        over_time(
            "A",
            f"(netwatch_site_state and on (site) {_ABOVE_OTHERS})"
            f" * on (site) group_left (name_vi) ({SITES})",
            "{{name_vi}}",
        ),
        words.STATES,
        perhaps("Không có điểm đầu mối", "no such site"),
    )
    return both("Chỉ tiêu và diễn biến", "Objectives and course"), [objectives, available, states]
