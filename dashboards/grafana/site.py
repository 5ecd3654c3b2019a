"""Site detail: its state and its devices, the path to it, and its interfaces."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.columns import (
    CARRIER,
    CONTRACT,
    DEVICE,
    ERROR_RATE,
    FAILURE,
    LINE,
    PROBE,
    QUALITY,
    STATE,
    STATE_OF_SITE,
)
from dashboards.grafana.events import MAINTENANCE, causes
from dashboards.grafana.frame import DashboardRow, assemble, multiple_choice, single_choice
from dashboards.grafana.links import SITE, page_of
from dashboards.grafana.panels import (
    AVAILABLE,
    POLLED,
    SHARE,
    figure,
    lines,
    over_time,
    rows,
    timeline,
)
from dashboards.grafana.queries import (
    THESE_TARGETS,
    THIS_SITE,
    availability,
    interface,
    interface_rate,
    loss,
    quantile,
    reasons,
)
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both

_TARGETS = f"{{{THESE_TARGETS}}}"


def site() -> model.Dashboard:
    """The dashboard."""
    return assemble(
        SITE,
        both("netwatch: Một điểm", "Site detail"),
        both(
            "Thiết bị, chất lượng đường tới điểm, cổng và lưu lượng",
            "Devices, quality of the path, interfaces and traffic",
        ),
        variables=[
            single_choice(
                "site",
                both("Điểm", "Site"),
                "query_result(netwatch_site_info)",
                # Grafana writes labels in the order of the alphabet.
                '/name_vi="(?<text>[^"]*)".*site="(?<value>[^"]*)"/',
            ),
            multiple_choice(
                "target", DEVICE.title, f"label_values(netwatch_target_info{{{THIS_SITE}}}, target)"
            ),
        ],
        rows_of_panels=[_now(), _path(), _interfaces()],
        events=[causes(f"netwatch_site_cause{{{THIS_SITE}}}"), MAINTENANCE],
        page=page_of("$site"),
    )


def _now() -> DashboardRow:
    state = figure(
        STATE,
        both("Trạng thái của điểm", "State of the site"),
        (8, 4),
        f"netwatch_site_state{{{THIS_SITE}}}",
        words=words.STATES,
    )
    since = figure(
        both("Từ lúc", "Since"),
        both("Trạng thái hiện tại bắt đầu lúc nào", "When the present state began"),
        (8, 4),
        f"netwatch_site_state_change_timestamp_seconds{{{THIS_SITE}}} * 1000",
        unit="dateTimeAsIso",
    )
    available = figure(
        both("Mức sẵn sàng trong khoảng xem", "Availability in the time shown"),
        both(
            "Phần thời gian đã đo mà điểm kết nối được",
            "Share of the measured time in which it was reachable",
        ),
        (8, 4),
        availability(THIS_SITE, "$__range"),
        unit=SHARE,
        levels=AVAILABLE,
    )
    targets = table(
        both("Thiết bị và lý do", "Devices and causes"),
        both(
            "Lý do: phép đo đang lỗi và cách nó lỗi trong 5 phút qua; ô trống: không phép đo nào"
            " lỗi",
            "Cause: the probe that fails and how it failed in the last 5 minutes; empty: no probe"
            " fails",
        ),
        (24, 7),
        [
            rows(
                "state",
                f"netwatch_target_state{_TARGETS} * on (site, target) group_left (role)"
                " netwatch_target_info",
            ),
            rows("why", reasons(THESE_TARGETS, by="target")),
            rows("loss", _each("netwatch_icmp_loss_ratio")),
            rows("rtt", _each("target:netwatch_icmp_rtt_seconds:p95_5m")),
            rows("jitter", _each("netwatch_icmp_jitter_seconds")),
        ],
        [
            DEVICE,
            Column("role", both("Vai trò", "Role")),
            STATE_OF_SITE,
            *FAILURE,
            *QUALITY,
        ],
        sort=DEVICE.title,
    )
    probes = table(
        both("Phép đo", "Probes"),
        both("Kết quả mới nhất của từng phép đo", "The last result of each probe"),
        (10, 9),
        [
            rows("last", _each("netwatch_probe_success", "target, probe")),
            rows("duration", _each("netwatch_probe_duration_seconds", "target, probe")),
        ],
        [
            DEVICE,
            PROBE,
            Column("Value #last", both("Kết quả", "Result"), words=words.SUCCESS),
            Column("Value #duration", both("Mất bao lâu", "Duration"), unit="s", optional=True),
        ],
        sort=DEVICE.title,
    )
    history = timeline(
        both("Trạng thái các thiết bị", "States of the devices"),
        both("Chỗ trống: không có số liệu", "Gaps: no data"),
        (14, 9),
        over_time("A", f"netwatch_target_state{_TARGETS}", "{{target}}"),
        words.STATES,
    )
    lines_of_it = table(
        both("Đường truyền", "Lines"),
        both("Đường truyền WAN có một đầu ở điểm này", "WAN lines that end at this site"),
        (24, 4),
        [
            rows(
                "A",
                "netwatch_link_state * on (link) group_left (carrier, contract)"
                ' (netwatch_link_info{a_site="$site"} or netwatch_link_info{b_site="$site"})',
            )
        ],
        [
            Column("Value", STATE, words=words.STATES),
            LINE,
            CARRIER,
            CONTRACT,
        ],
        sort=STATE,
        descending=True,
    )
    panels = [state, since, available, targets, lines_of_it, probes, history]
    return both("Hiện tại", "Now"), panels


def _each(metric: str, by: str = "target") -> str:
    return f"max by ({by}) ({metric}{_TARGETS})"


def _path() -> DashboardRow:
    round_trips = [
        lines(
            both(f"Độ trễ p{percent}", f"Round trip p{percent}"),
            both(f"{percent} % số gói nhanh hơn", f"{percent} % of the echoes were faster"),
            (12, 8),
            [over_time("A", quantile(percent / 100, THESE_TARGETS), "{{target}}")],
            unit="s",
        )
        for percent in (50, 95)
    ]
    lost = lines(
        both("Mất gói", "Loss"),
        both("Phần số gói không có trả lời", "Share of the echoes without an answer"),
        (8, 8),
        [over_time("A", loss(THESE_TARGETS), "{{target}}")],
        unit=SHARE,
        top=0.05,
    )
    jitter = lines(
        both("Biến động trễ", "Jitter"),
        both("Theo RFC 3550", "As in RFC 3550"),
        (8, 8),
        [over_time("A", f"netwatch_icmp_jitter_seconds{_TARGETS}", "{{target}}")],
        unit="s",
    )
    failures = lines(
        both("Phép đo lỗi theo lý do", "Failed probes by reason"),
        both("Số lần trong mỗi giây", "How many a second"),
        (8, 8),
        [
            over_time(
                "A",
                "sum by (target, probe, reason)"
                f" (rate(netwatch_probe_failures_total{_TARGETS}[$__rate_interval]))",
                "{{target}} {{probe}} {{reason}}",
            )
        ],
        unit="ops",
    )
    return both("Đường tới điểm", "Path to the site"), [*round_trips, lost, jitter, failures]


def _interfaces() -> DashboardRow:
    name = both("Cổng", "Interface")
    ports = table(
        both("Cổng", "Interfaces"),
        both(
            "Đọc qua SNMP; lưu lượng trung bình 5 phút",
            "Read over SNMP; traffic is a mean of 5 min",
        ),
        (24, 10),
        [
            rows("speed", interface("ifHighSpeed") + " * 1e6"),
            rows("alias", f"max by (target, ifIndex, ifName, ifAlias) (ifOperStatus{_TARGETS})"),
            rows("admin", interface("ifAdminStatus")),
            rows("in", f"8 * {interface_rate('ifHCInOctets', '5m')}"),
            rows("out", f"8 * {interface_rate('ifHCOutOctets', '5m')}"),
            rows(
                "errors",
                f"{interface_rate('ifInErrors', '5m')} + {interface_rate('ifOutErrors', '5m')}",
            ),
        ],
        [
            DEVICE,
            Column("ifName", name),
            Column("ifAlias", both("Mô tả", "Description"), optional=True),
            Column("Value #alias", both("Hoạt động", "Operation"), words=words.INTERFACE),
            Column("Value #admin", both("Cấu hình", "Configured"), words=words.INTERFACE),
            Column("Value #speed", both("Tốc độ", "Speed"), unit="bps"),
            Column("Value #in", both("Vào", "In"), unit="bps"),
            Column("Value #out", both("Ra", "Out"), unit="bps"),
            ERROR_RATE,
        ],
        sort=DEVICE.title,
    )
    legend = "{{target}} {{ifName}}"
    traffic = [
        lines(
            title,
            description,
            (12, 9),
            [over_time("A", f"8 * {interface_rate(metric)}", legend, POLLED)],
            unit="bps",
        )
        for title, description, metric in (
            (
                both("Lưu lượng vào", "Traffic in"),
                both("Nhận vào từng cổng", "Received by each interface"),
                "ifHCInOctets",
            ),
            (
                both("Lưu lượng ra", "Traffic out"),
                both("Gửi ra từng cổng", "Sent by each interface"),
                "ifHCOutOctets",
            ),
        )
    ]
    return both("Cổng và lưu lượng", "Interfaces and traffic"), [ports, *traffic]
