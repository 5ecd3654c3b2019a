"""WAN links: every line at a glance, and one of them in detail."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.columns import (
    CARRIER,
    CONTRACT,
    DEVICE,
    ERROR_RATE,
    LINE,
    STATE,
    STATE_OF_SITE,
)
from dashboards.grafana.events import MAINTENANCE, causes
from dashboards.grafana.frame import DashboardRow, assemble, multiple_choice, single_choice
from dashboards.grafana.links import TO_SITE, WAN
from dashboards.grafana.panels import FULL, POLLED, SHARE, figure, lines, over_time, rows, timeline
from dashboards.grafana.queries import LINES, THIS_LINE, at_ends, chosen
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both

_DIRECTIONS = (
    ("a_to_b", both("Sử dụng A→B", "Used A→B")),
    ("b_to_a", both("Sử dụng B→A", "Used B→A")),
)
_INFO = f"netwatch_link_info{{{THIS_LINE}}}"
_UTILISATION = "link:netwatch_utilisation:ratio5m"
_TRAFFIC = "link:netwatch_traffic_bits_per_second:rate5m"
_CAPACITY = "netwatch_link_capacity_bits_per_second"
_ERRORS = "rate(ifInErrors[5m]) + rate(ifOutErrors[5m])"
_DISCARDS = "rate(ifInDiscards[5m]) + rate(ifOutDiscards[5m])"


def wan() -> model.Dashboard:
    """The dashboard."""
    return assemble(
        WAN,
        both("netwatch: Đường truyền WAN", "WAN links"),
        both(
            "Trạng thái, nhà mạng, hợp đồng, dung lượng, mức sử dụng và lỗi của từng đường truyền",
            "State, carrier, contract, capacity, utilisation and errors of each line",
        ),
        variables=[
            multiple_choice(
                "carrier",
                both("Nhà mạng", "Carrier"),
                "label_values(netwatch_link_info, carrier)",
            ),
            single_choice("link", both("Đường truyền", "Line"), f"label_values({LINES}, link)"),
        ],
        rows_of_panels=[_all(), _details()],
        events=[causes('netwatch_cause_info{kind="link"}'), MAINTENANCE],
    )


def _all() -> DashboardRow:
    overview = table(
        both("Đường truyền", "Lines"),
        both(
            "Mức sử dụng và lỗi chỉ có khi danh mục ghi cổng của đường truyền và thiết bị trả lời"
            " SNMP",
            "Utilisation and errors are known of lines whose interface stands in the inventory and"
            " whose device answers SNMP",
        ),
        (24, 14),
        [
            rows(
                "state", f"netwatch_link_state * on (link) group_left (carrier, contract) ({LINES})"
            ),
            rows("ends", f"max by (link, a_site, b_site) ({LINES})"),
            rows("capacity", _of_lines(f"min by (link) ({_CAPACITY})")),
            *(
                rows(way, _of_lines(f'max by (link) ({_UTILISATION}{{direction="{way}"}})'))
                for way, _ in _DIRECTIONS
            ),
            rows("errors", _of_lines(at_ends(_ERRORS))),
        ],
        [
            STATE_OF_SITE,
            LINE,
            CARRIER,
            CONTRACT,
            Column("a_site", both("Đầu A", "End A")),
            Column("b_site", both("Đầu B", "End B")),
            Column("Value #capacity", both("Dung lượng", "Capacity"), unit="bps"),
            *(
                Column(f"Value #{way}", title, unit=SHARE, levels=FULL)
                for way, title in _DIRECTIONS
            ),
            ERROR_RATE,
        ],
        sort=STATE,
        descending=True,
    )
    return both("Tất cả đường truyền", "All lines"), [overview]


def _of_lines(expr: str) -> str:
    return chosen(expr, LINES, "link")


def _details() -> DashboardRow:
    state = figure(
        STATE,
        both("Trạng thái kém hơn trong hai đầu", "The worse state of the two ends"),
        (6, 4),
        f"netwatch_link_state{{{THIS_LINE}}}",
        words=words.STATES,
    )
    capacity = figure(
        both("Dung lượng", "Capacity"),
        both("Theo hợp đồng", "As the contract says"),
        (6, 4),
        f"min({_CAPACITY}{{{THIS_LINE}}})",
        unit="bps",
    )
    used = [
        figure(
            title,
            both("Trung bình 5 phút", "Mean of 5 minutes"),
            (6, 4),
            f'{_UTILISATION}{{{THIS_LINE},direction="{way}"}}',
            unit=SHARE,
            levels=FULL,
        )
        for way, title in _DIRECTIONS
    ]
    contract = table(
        both("Hai đầu", "Both ends"),
        both("Như danh mục ghi", "As the inventory says"),
        (24, 4),
        [rows("A", f"max by (site, target, carrier, contract, end) ({_end('a')} or {_end('b')})")],
        [
            Column("end", both("Đầu", "End")),
            Column("site", both("Điểm", "Site"), links=[TO_SITE]),
            DEVICE,
            CARRIER,
            CONTRACT,
        ],
        sort=both("Đầu", "End"),
    )
    traffic = lines(
        both("Lưu lượng và dung lượng", "Traffic and capacity"),
        both("Trung bình 5 phút", "Mean of 5 minutes"),
        (24, 9),
        [
            over_time("traffic", f"{_TRAFFIC}{{{THIS_LINE}}}", "{{direction}}", POLLED),
            over_time(
                "capacity",
                f"min({_CAPACITY}{{{THIS_LINE}}})",
                both("dung lượng", "capacity"),
                POLLED,
            ),
        ],
        unit="bps",
    )
    loss = lines(
        both("Mất gói tới hai đầu", "Loss to both ends"),
        both("Trung bình 5 phút", "Mean of 5 minutes"),
        (12, 8),
        [over_time("A", _to_ends("target:netwatch_icmp_loss:ratio5m"), "{{site}}/{{target}}")],
        unit=SHARE,
        top=0.05,
    )
    round_trip = lines(
        both("Độ trễ p95 tới hai đầu", "Round trip p95 to both ends"),
        both("Trong 5 phút", "Of 5 minutes"),
        (12, 8),
        [
            over_time(
                "A", _to_ends("target:netwatch_icmp_rtt_seconds:p95_5m"), "{{site}}/{{target}}"
            )
        ],
        unit="s",
    )
    errors = lines(
        both("Gói lỗi và gói bỏ", "Errors and discards"),
        both(
            "Số gói mỗi giây ở các cổng của đường truyền",
            "Packets a second at the line's interfaces",
        ),
        (12, 8),
        [
            over_time("errors", _of_line(at_ends(_ERRORS)), both("lỗi", "errors"), POLLED),
            over_time("discards", _of_line(at_ends(_DISCARDS)), both("bỏ", "discards"), POLLED),
        ],
        unit="pps",
    )
    interfaces = timeline(
        both("Cổng ở hai đầu", "Interfaces at both ends"),
        both("ifOperStatus; chỗ trống: không có số liệu", "ifOperStatus; gaps: no data"),
        (12, 8),
        over_time(
            "A",
            f"link:netwatch_interface:info{{{THIS_LINE}}} * on (site, target, ifName)"
            " group_left () max by (site, target, ifName) (ifOperStatus)",
            "{{site}}/{{target}} {{ifName}}",
            POLLED,
        ),
        words.INTERFACE,
    )
    panels = [state, capacity, *used, contract, traffic, loss, round_trip, errors, interfaces]
    return both("Chi tiết", "Details") + ": $link", panels


def _of_line(expr: str) -> str:
    return chosen(expr, _INFO, "link")


def _end(letter: str) -> str:
    """The line's description as seen from one end, in the labels that targets have."""
    return (
        f'label_replace(label_replace(label_replace({_INFO}, "site", "$1", "{letter}_site",'
        f' "(.*)"), "target", "$1", "{letter}_target", "(.*)"), "end", "{letter.upper()}", "", "")'
    )


def _to_ends(series: str) -> str:
    return f"{series} and on (site, target) ({_end('a')} or {_end('b')})"
