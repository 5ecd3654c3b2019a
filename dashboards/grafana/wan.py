"""WAN links: every line at a glance, what each carrier came to, and one line in detail."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import VariableSort

from dashboards.grafana import words
from dashboards.grafana.columns import (
    CARRIER,
    CONTRACT,
    ERROR_RATE,
    STATE,
)
from dashboards.grafana.events import ALERTS, MAINTENANCE, incidents
from dashboards.grafana.frame import (
    DashboardRow,
    assemble,
    labelled,
    one_or_all,
    single_choice,
)
from dashboards.grafana.line import details
from dashboards.grafana.line_series import (
    CAPACITY,
    ERRORS,
    NO_INTERFACE,
    NO_LINES,
    PERCENTILE,
    UTILISATION,
)
from dashboards.grafana.links import TO_THIS_LINE, WAN
from dashboards.grafana.months import LAST_MONTH, THIS_MONTH, month
from dashboards.grafana.panels import (
    AVAILABLE,
    FULL,
    LOSS,
    POLLED,
    SHARE,
    lines,
    over_time,
    rows,
)
from dashboards.grafana.queries import LINES, at_ends, chosen, ranked, top
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both
from netwatch.core.state import State

_WITH_LINES = " and on (carrier) netwatch_link_info"
"""Behind an expression: of carriers that have lines now; last month there may have been others."""

_DIRECTIONS = (
    ("a_to_b", both("Sử dụng A→B", "Used A→B")),
    ("b_to_a", both("Sử dụng B→A", "Used B→A")),
)
_AVAILABLE = "link:netwatch_link:available"
_PASSES = f"netwatch_link_state != {State.DOWN:d} != {State.UNREACHABLE:d}"
"""Lines over which something may pass; of others, what they carried last says nothing of now."""

_LINE = Column("link", both("Đường truyền", "Line"), links=[TO_THIS_LINE], letters=28)


def wan() -> model.Dashboard:
    """The dashboard."""
    with_interface = "(count by (link) (netwatch_link_interface_up) > bool 0)"
    rank = f"({ranked('netwatch_link_state')})"
    # Those with an interface first, for only they have traffic; among them the worst.
    first = f"{rank} + on (link) 10 * {with_interface} or {rank}"
    return assemble(
        WAN,
        both("netwatch: Đường truyền WAN", "WAN links"),
        both(
            "Trạng thái, nhà mạng, hợp đồng, dung lượng, mức sử dụng và lỗi của từng đường truyền",
            "State, carrier, contract, capacity, utilisation and errors of each line",
        ),
        variables=[
            one_or_all(
                "carrier",
                both("Nhà mạng", "Carrier"),
                labelled("count by (carrier) (netwatch_link_info)", "carrier", "carrier"),
            ),
            single_choice(
                "link",
                both("Đường truyền", "Line"),
                f"query_result(sort_desc(max by (link) (({first}) and on (link) {LINES})))",
                '/link="(?<text>.*)"/',
                VariableSort.DISABLED,
            ),
        ],
        rows_of_panels=[_all(), _carriers(), details()],
        events=[incidents('netwatch_cause_info{kind="link"}'), ALERTS, MAINTENANCE],
    )


def _all() -> DashboardRow:
    state = f"({ranked('netwatch_link_state')})"
    overview = table(
        both("Đường truyền", "Lines"),
        both(
            "Mức sử dụng và lỗi chỉ có khi danh mục ghi cổng của đường truyền và thiết bị trả lời"
            " SNMP; đường bị đứt không có số liệu lúc này. p95: 95 % thời gian trong 30 ngày dùng"
            " ít hơn",
            "Utilisation and errors are known of lines whose interface stands in the inventory and"
            " whose device answers SNMP; a cut line has none now. p95: 95 % of the time in 30 days"
            " less was used",
        ),
        (24, 14),
        [
            rows("state", f"{state} * on (link) group_left (carrier, contract, a_site) ({LINES})"),
            rows("capacity", _of_lines(f"min by (link) ({CAPACITY})")),
            *(
                rows(way, _of_lines(f'max by (link) ({UTILISATION}{{direction="{way}"}})', True))
                for way, _ in _DIRECTIONS
            ),
            rows("percentile", _of_lines(f"max by (link) ({PERCENTILE.format(which='')})")),
            rows("errors", _of_lines(at_ends(ERRORS), True)),
        ],
        [
            Column("Value #state", STATE, words=words.LINES),
            _LINE,
            CARRIER,
            CONTRACT,
            Column("a_site", both("Đầu A", "End A")),
            Column(
                "Value #capacity",
                both("Dung lượng", "Capacity"),
                unit="bps",
                letters=10,
                optional=True,
            ),
            *(
                Column(
                    f"Value #{way}",
                    title,
                    unit=SHARE,
                    levels=FULL,
                    letters=16,
                    optional=True,
                    top=1,
                )
                for way, title in _DIRECTIONS
            ),
            Column(
                "Value #percentile",
                both("p95 30 ngày", "p95 of 30 days"),
                unit="bps",
                letters=10,
                optional=True,
            ),
            ERROR_RATE,
        ],
        sort=STATE,
        descending=True,
        empty=NO_LINES,
    )
    busiest = lines(
        both("Mười đường bận nhất", "The ten busiest lines"),
        both("Theo mức sử dụng lúc này, chiều bận hơn", "By utilisation now, the busier way"),
        (24, 9),
        [
            over_time(
                "A",
                top(10, f"max by (link) ({UTILISATION})", "link"),
                "{{link}}",
                POLLED,
            )
        ],
        unit=SHARE,
        top=1,
        empty=NO_INTERFACE,
    )
    return both("Tất cả đường truyền", "All lines"), [overview, busiest]


def _of_lines(expr: str, only_if_it_passes: bool = False) -> str:
    shown = f"({expr}) and on (link) ({_PASSES})" if only_if_it_passes else expr
    return chosen(shown, LINES, "link")


def _carriers() -> DashboardRow:
    """What each carrier came to in the time shown: time and outages added up, never averaged."""
    lost_time = f"sum_over_time((1 - {_AVAILABLE})[$__range:15s])"
    samples = f"count_over_time({_AVAILABLE}[$__range])"
    outages = f"sum by (carrier) (resets({_AVAILABLE}[$__range]))"
    shown = table(
        both("Theo nhà mạng", "By carrier"),
        both(
            "Trong khoảng xem. Thời gian bảo trì, chưa rõ, hoặc nằm sau sự cố khác không tính. Thời"
            " gian khắc phục: trung bình một lần đứt. Mất gói: tới thiết bị ở đầu A",
            "In the time shown. Maintenance, unknown time, and time behind another fault don't"
            " count. Time to repair: the mean of an outage. Loss: to the device at end A",
        ),
        (24, 8),
        [
            rows("lines", "count by (carrier) (netwatch_link_info)"),
            rows(
                "available",
                f"1 - sum by (carrier) ({lost_time}) / sum by (carrier) ({samples})",
            ),
            rows("this", month("carrier", "this") + _WITH_LINES),
            rows("last", month("carrier", "last") + _WITH_LINES),
            rows("outages", outages),
            rows("repair", f"15 * sum by (carrier) ({lost_time}) / ({outages} > 0)"),
            rows("loss", _loss_by_carrier()),
        ],
        [
            Column("carrier", both("Nhà mạng", "Carrier")),
            Column("Value #lines", both("Số đường", "Lines"), letters=6),
            Column(
                "Value #available",
                both("Mức sẵn sàng", "Availability"),
                unit=SHARE,
                levels=AVAILABLE,
                letters=9,
                optional=True,
            ),
            THIS_MONTH,
            LAST_MONTH,
            Column("Value #outages", both("Số lần đứt", "Outages"), letters=6, optional=True),
            Column(
                "Value #repair",
                both("Thời gian khắc phục", "Time to repair"),
                unit="dtdhms",
                letters=12,
                optional=True,
            ),
            Column(
                "Value #loss",
                both("Mất gói", "Loss"),
                unit=SHARE,
                levels=LOSS,
                letters=9,
                optional=True,
            ),
        ],
        sort=both("Mức sẵn sàng", "Availability"),
        empty=NO_LINES,
    )
    return both("Nhà mạng", "Carriers"), [shown]


def _loss_by_carrier() -> str:
    ends = (
        'max by (carrier, site, target) (label_replace(label_replace(netwatch_link_info, "site",'
        ' "$1", "a_site", "(.*)"), "target", "$1", "a_target", "(.*)"))'
    )

    def echoes(which: str) -> str:
        counted = f"sum by (site, target) (increase(netwatch_icmp_{which}_total[$__range]))"
        return f"sum by (carrier) ({ends} * on (site, target) group_left () {counted})"

    return f"{echoes('lost')} / ({echoes('lost')} + {echoes('received')} > 0)"
