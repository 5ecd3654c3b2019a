"""Site detail: its state and its devices, the path to it, and its interfaces."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import VariableSort

from dashboards.grafana import words
from dashboards.grafana.columns import (
    CARRIER,
    CONTRACT,
    DATE,
    DEVICE,
    FAILURE,
    LINE,
    PROBE,
    QUALITY,
    STATE,
    STATE_OF_SITE,
)
from dashboards.grafana.events import ALERTS, MAINTENANCE, incidents
from dashboards.grafana.frame import (
    DashboardRow,
    assemble,
    labelled,
    one_or_all,
    single_choice,
)
from dashboards.grafana.interfaces import interfaces
from dashboards.grafana.links import SITE, page_of
from dashboards.grafana.months import data_since, months
from dashboards.grafana.panels import (
    AVAILABLE,
    SHARE,
    heatmap,
    lines,
    over_time,
    rows,
    timeline,
)
from dashboards.grafana.queries import (
    THESE_TARGETS,
    THIS_SITE,
    availability,
    loss,
    quantile,
    ranked,
    reasons,
    round_trips,
    spoken,
)
from dashboards.grafana.tables import Column, table
from dashboards.grafana.tiles import figure
from dashboards.grafana.words import both, perhaps
from netwatch.core.state import State

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
                # The worst one first, so that the dashboard opens where something is wrong.
                f"query_result(sort_desc(max by (name_vi, site) (({ranked('netwatch_site_state')})"
                " * on (site) group_left (name_vi) netwatch_site_info)))",
                # Grafana writes labels in the order of the alphabet; a name may hold quotes.
                '/name_vi="(?<text>.*)",site="(?<value>[^"]*)"/',
                VariableSort.DISABLED,
            ),
            one_or_all(
                "target",
                DEVICE.title,
                labelled(f"netwatch_target_info{{{THIS_SITE}}}", "target", "target"),
            ),
        ],
        rows_of_panels=[_now(), _path(), interfaces()],
        events=[incidents(f"netwatch_site_cause{{{THIS_SITE}}}"), ALERTS, MAINTENANCE],
        page=page_of("$site"),
    )


def _now() -> DashboardRow:
    state = figure(
        STATE,
        both("Trạng thái của điểm", "State of the site"),
        (8, 4),
        ranked(f"netwatch_site_state{{{THIS_SITE}}}"),
        words=words.RANKED_STATES,
    )
    since = figure(
        both("Từ lúc", "Since"),
        both("Trạng thái hiện tại bắt đầu lúc nào", "When the present state began"),
        (8, 4),
        f"netwatch_site_state_change_timestamp_seconds{{{THIS_SITE}}} * 1000",
        unit=DATE,
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
        empty=perhaps("Không có thời gian nào được tính", "no time that counts"),
    )
    targets = table(
        both("Thiết bị và lý do", "Devices and causes"),
        both(
            "Lý do: phép đo đang lỗi và cách nó lỗi trong 5 phút qua; ô trống: không phép đo nào"
            " lỗi",
            "Cause: the probe that fails and how it failed in the last 5 minutes; empty: no probe"
            " fails",
        ),
        (24, 8),
        [
            rows(
                "state",
                f"({ranked(f'netwatch_target_state{_TARGETS}')})"
                " * on (site, target) group_left (role) netwatch_target_info",
            ),
            rows("why", reasons(THESE_TARGETS, by="target")),
            rows("loss", _answering("netwatch_icmp_loss_ratio")),
            rows("rtt", _answering("target:netwatch_icmp_rtt_seconds:p95_5m")),
            rows("jitter", _answering("netwatch_icmp_jitter_seconds")),
        ],
        [
            DEVICE,
            Column("role", both("Vai trò", "Role"), words=words.ROLES),
            STATE_OF_SITE,
            *FAILURE,
            *QUALITY,
        ],
        sort=STATE,
        descending=True,
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
            Column(
                "Value #duration",
                both("Mất bao lâu", "Duration"),
                unit="s",
                letters=9,
                optional=True,
            ),
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
        (24, 8),
        [rows("A", spoken(_lines(), {"link": both("Không có", "none")}, "-1"))],
        [
            Column("Value", STATE, words=words.LINES | {-1: words.NOTHING}),
            LINE,
            CARRIER,
            CONTRACT,
        ],
        sort=STATE,
        descending=True,
    )
    by_month = [months("site", THIS_SITE, (16, 6)), data_since((8, 6))]
    panels = [state, since, available, targets, lines_of_it, probes, history, *by_month]
    return both("Hiện tại", "Now"), panels


def _lines() -> str:
    ends = 'netwatch_link_info{a_site="$site"} or netwatch_link_info{b_site="$site"}'
    state = f"({ranked('netwatch_link_state')})"
    return f"{state} * on (link) group_left (carrier, contract) ({ends})"


def _answering(metric: str) -> str:
    """Of each target that answers now; what was measured before it fell silent is no news."""
    answers = f"netwatch_target_state{_TARGETS} != {State.DOWN:d} != {State.UNREACHABLE:d}"
    return f"max by (target) ({metric}{_TARGETS} and on (site, target) ({answers}))"


def _each(metric: str, by: str = "target") -> str:
    return f"max by ({by}) ({metric}{_TARGETS})"


def _path() -> DashboardRow:
    spread = heatmap(
        both("Độ trễ", "Round trips"),
        both(
            "Số gói theo độ trễ; càng sáng càng nhiều", "Echoes by their round trip; bright: many"
        ),
        (12, 8),
        over_time("A", round_trips(THESE_TARGETS), "{{le}}"),
    )
    slowest = lines(
        both("Độ trễ p95", "Round trip p95"),
        both("95 % số gói nhanh hơn", "95 % of the echoes were faster"),
        (12, 8),
        [over_time("A", quantile(0.95, THESE_TARGETS), "{{target}}")],
        unit="s",
    )
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
        both("Phép đo lỗi mỗi phút", "Failed probes a minute"),
        both("Theo lý do", "By reason"),
        (8, 8),
        [
            over_time(
                "A",
                _in_words(
                    "sum by (target, probe, reason)"
                    f" (60 * rate(netwatch_probe_failures_total{_TARGETS}[$__rate_interval])) > 0"
                ),
                "{{target}} {{probe}} {{reason}}",
            )
        ],
        unit="short",
        empty=perhaps("Không phép đo nào lỗi", "no probe fails"),
    )
    return both("Đường tới điểm", "Path to the site"), [spread, slowest, lost, jitter, failures]


def _in_words(expr: str) -> str:
    """Series with the label ``reason``, which tells it in words."""
    for reason, word in words.REASONS.items():
        expr = f'label_replace({expr}, "reason", "{word.both}", "reason", "{reason}")'
    return expr
