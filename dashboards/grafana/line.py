"""One WAN line in detail: its contract, traffic, and the quality of the way to both ends."""

from __future__ import annotations

from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.columns import (
    CARRIER,
    CONTRACT,
    DEVICE,
    STATE,
)
from dashboards.grafana.frame import (
    DashboardRow,
)
from dashboards.grafana.line_series import (
    CAPACITY,
    DISCARDS,
    ERRORS,
    NO_INTERFACE,
    NO_LINES,
    PERCENTILE,
    TRAFFIC,
)
from dashboards.grafana.links import TO_SITE
from dashboards.grafana.months import months
from dashboards.grafana.panels import (
    POLLED,
    SHARE,
    heatmap,
    lines,
    mirrored,
    over_time,
    rows,
    timeline,
)
from dashboards.grafana.queries import THIS_LINE, at_ends, chosen, ranked, round_trips
from dashboards.grafana.tables import Column, table
from dashboards.grafana.tiles import figure
from dashboards.grafana.words import both

_INFO = f"netwatch_link_info{{{THIS_LINE}}}"


def details() -> DashboardRow:
    """The row of the line that the variable names."""
    state = figure(
        STATE,
        both("Của đường, và của thiết bị ở hai đầu", "Of the line, and of both ends' devices"),
        (6, 4),
        f"{ranked(f'netwatch_link_state{{{THIS_LINE}}}')}",
        words=words.LINES,
        empty=NO_LINES,
    )
    capacity = figure(
        both("Dung lượng", "Capacity"),
        both("Theo hợp đồng", "As the contract says"),
        (6, 4),
        f"min({CAPACITY}{{{THIS_LINE}}})",
        unit="bps",
        empty=NO_LINES,
    )
    percentile = [
        figure(
            title,
            both("95 % thời gian trong 30 ngày dùng ít hơn", "95 % of 30 days, less was used"),
            (6, 4),
            f"""max({PERCENTILE.format(which=f'{{{THIS_LINE},direction="{way}"}}')})""",
            unit="bps",
            empty=NO_INTERFACE,
        )
        for way, title in (
            ("a_to_b", both("p95 30 ngày A→B", "p95 of 30 days A→B")),
            ("b_to_a", both("p95 30 ngày B→A", "p95 of 30 days B→A")),
        )
    ]
    contract = table(
        both("Hai đầu", "Both ends"),
        both("Như danh mục ghi", "As the inventory says"),
        (24, 5),
        [rows("A", f"max by (site, target, carrier, contract, end) ({_end('a')} or {_end('b')})")],
        [
            Column("end", both("Đầu", "End"), letters=3),
            Column("site", both("Điểm", "Site"), links=[TO_SITE]),
            DEVICE,
            CARRIER,
            CONTRACT,
        ],
        sort=both("Đầu", "End"),
        empty=NO_LINES,
    )
    by_month = months("link", THIS_LINE, (24, 6))
    panels = [state, capacity, *percentile, contract, by_month, _traffic(), *_quality()]
    return both("Chi tiết", "Details") + ": $link", panels


def _traffic() -> TimeSeries:
    capacity = f"min({CAPACITY}{{{THIS_LINE}}})"
    promised = both("dung lượng", "capacity")
    return mirrored(
        both("Lưu lượng và dung lượng", "Traffic and capacity"),
        both("Trung bình 5 phút; B→A vẽ xuống dưới", "Mean of 5 minutes; B→A is drawn downwards"),
        (24, 9),
        [
            over_time("up", f'{TRAFFIC}{{{THIS_LINE},direction="a_to_b"}}', "A→B", POLLED),
            over_time("limit", f"{capacity} and on () {TRAFFIC}{{{THIS_LINE}}}", promised, POLLED),
        ],
        [over_time("down", f'{TRAFFIC}{{{THIS_LINE},direction="b_to_a"}}', "B→A", POLLED)],
        unit="bps",
        empty=NO_INTERFACE,
    )


def _quality() -> list[Builder[model.Panel]]:
    loss = lines(
        both("Mất gói tới hai đầu", "Loss to both ends"),
        both("Trung bình 5 phút", "Mean of 5 minutes"),
        (12, 8),
        [over_time("A", _to_ends("target:netwatch_icmp_loss:ratio5m"), "{{site}}/{{target}}")],
        unit=SHARE,
        top=0.05,
        empty=words.NO_RULES,
    )
    ends = f" and on (site, target) ({_end('a')} or {_end('b')})"
    spread = heatmap(
        both("Độ trễ tới hai đầu", "Round trips to both ends"),
        both("Số gói theo độ trễ; càng sáng càng nhiều", "Echoes by round trip; bright: many"),
        (12, 8),
        over_time("A", round_trips("", ends), "{{le}}"),
    )
    errors = lines(
        both("Gói lỗi và gói bỏ mỗi phút", "Errors and discards a minute"),
        both("Ở các cổng của đường truyền", "At the line's interfaces"),
        (12, 8),
        [
            over_time("errors", _of_line(at_ends(ERRORS)), both("lỗi", "errors"), POLLED),
            over_time("discards", _of_line(at_ends(DISCARDS)), both("bỏ", "discards"), POLLED),
        ],
        unit="short",
        empty=NO_INTERFACE,
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
        NO_INTERFACE,
    )
    return [loss, spread, errors, interfaces]


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
