"""Meetings: how long until the next one, which rooms are not ready and why, and how it goes."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.columns import (
    DEVICE,
    LOSS_RATIO,
    NAME_EN,
    NAME_VI,
    OBJECTIVE,
    REASON,
    SITE_ID,
    SITE_NAME,
)
from dashboards.grafana.events import MAINTENANCE, causes
from dashboards.grafana.frame import DashboardRow, assemble, multiple_choice
from dashboards.grafana.links import MEETINGS
from dashboards.grafana.panels import SHARE, Levels, figure, lines, now, over_time, rows, stat
from dashboards.grafana.queries import OBJECTIVE_NAMES
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both

_CHOSEN = 'meeting=~"$meeting"'
_INFO = f"netwatch_meeting_info{{{_CHOSEN}}}"
_ROOMS = f"netwatch_meeting_room_readiness{{{_CHOSEN}}}"
_LOSS = 'max by (site) (netwatch_media_loss_ratio{direction="round-trip"})'
_OBJECTIVES = 'objective=~"meeting.*"'
_READINESS = both("Mức sẵn sàng", "Readiness")
_ALL_READY: Levels = ((None, "red"), (0.9, "orange"), (1, "green"))
_MOS: Levels = ((None, "red"), (3.1, "orange"), (3.6, "green"))


def meetings() -> model.Dashboard:
    """The dashboard."""
    return assemble(
        MEETINGS,
        both("netwatch: Họp trực tuyến", "Meetings"),
        both(
            "Còn bao lâu đến cuộc họp, phòng nào chưa sẵn sàng và vì sao, chất lượng khi đang họp",
            "How long until the meeting, which rooms are not ready and why, quality during it",
        ),
        variables=[
            multiple_choice(
                "meeting",
                both("Cuộc họp", "Meeting"),
                "label_values(netwatch_meeting_info, meeting)",
            )
        ],
        events=[causes(), MAINTENANCE],
        rows_of_panels=[_coming(), _rooms(), _course(), _month()],
    )


def _coming() -> DashboardRow:
    countdown = figure(
        both("Cuộc họp tới bắt đầu sau", "The next meeting begins in"),
        both("Trong các cuộc họp đã chọn", "Of the chosen meetings"),
        (5, 6),
        f"min((netwatch_meeting_start_timestamp_seconds{{{_CHOSEN}}} - time()) > 0)",
        unit="dtdurations",
    )
    counts = stat(
        both("Số phòng theo mức sẵn sàng", "Rooms by readiness"),
        both(
            "Của các cuộc họp sắp hoặc đang diễn ra; phòng chưa đo được là chưa rõ, không phải sẵn"
            " sàng",
            "Of meetings that are near or under way; a room that is not measured is unknown, not"
            " ready",
        ),
        (7, 6),
        [
            now(
                label,
                f'sum(netwatch_meeting_participants{{{_CHOSEN},readiness="{label}"}})',
                words.READINESS[value].both,
            )
            for value, label in ((3, "not_ready"), (2, "at_risk"), (1, "unknown"), (0, "ready"))
        ],
    )
    overview = table(
        both("Các cuộc họp", "Meetings"),
        both(
            "Đang theo dõi, cuộc tới và cuộc vừa xong",
            "Those that are followed, the next one and the last one",
        ),
        (12, 6),
        [
            rows("phase", _of_meetings("netwatch_meeting_phase")),
            rows("start", _of_meetings("1000 * netwatch_meeting_start_timestamp_seconds")),
            rows("ready", _of_meetings("netwatch_meeting_ready_ratio")),
            rows("lost", _of_meetings("netwatch_meeting_unknown_rooms")),
        ],
        [
            Column("title", both("Cuộc họp", "Meeting")),
            Column("Value #phase", both("Giai đoạn", "Phase"), words=words.PHASES),
            Column("Value #start", both("Bắt đầu", "Begins"), unit="dateTimeAsIso"),
            Column("Value #ready", both("Sẵn sàng", "Ready"), unit=SHARE, levels=_ALL_READY),
            Column("Value #lost", both("Phòng lạ", "Rooms nobody knows")),
            Column("level", both("Cấp", "Level")),
        ],
        sort=both("Bắt đầu", "Begins"),
    )
    return both("Sắp họp", "Coming"), [countdown, counts, overview]


def _of_meetings(expr: str) -> str:
    return (
        f"max by (meeting, title, level) ({expr} * on (meeting) group_left (title, level) {_INFO})"
    )


def _rooms() -> DashboardRow:
    place = "meeting, site, target"
    worst = table(
        both("Phòng họp, chưa sẵn sàng trước", "Rooms, those not ready first"),
        both(
            "Lý do nặng nhất của mỗi phòng; mất gói và MOS là của luồng đo tới điểm đó",
            "The worst reason of each room; loss and MOS are those of the test stream to the site",
        ),
        (24, 14),
        [
            rows(
                "readiness",
                f"max by ({place}, name_vi)"
                f" ({_ROOMS} * on (site) group_left (name_vi) netwatch_site_info)",
            ),
            rows("why", f"max by ({place}, reason) (netwatch_meeting_room_reason{{{_CHOSEN}}})"),
            rows("loss", _of_rooms(_LOSS)),
            rows("mos", _of_rooms("min by (site) (netwatch_media_mos)")),
        ],
        [
            Column("Value #readiness", _READINESS, words=words.READINESS),
            SITE_NAME,
            DEVICE,
            REASON,
            LOSS_RATIO,
            Column("Value #mos", "MOS", levels=_MOS),
            Column("meeting", both("Cuộc họp", "Meeting")),
            SITE_ID,
        ],
        sort=_READINESS,
        descending=True,
    )
    return both("Phòng họp", "Rooms"), [worst]


def _of_rooms(of_sites: str) -> str:
    """What is known of a site, for each of its rooms."""
    return f"0 * {_ROOMS} + on (site) group_left () {of_sites}"


def _course() -> DashboardRow:
    ready = lines(
        both("Tỷ lệ phòng sẵn sàng", "Share of rooms that are ready"),
        both("Từ lần đo đầu tiên đến khi họp xong", "From the first preflight to the end"),
        (12, 8),
        [over_time("A", f"netwatch_meeting_ready_ratio{{{_CHOSEN}}}", "{{meeting}}")],
        unit=SHARE,
        top=1,
    )
    faulty = lines(
        both("Phòng có vấn đề", "Rooms with a problem"),
        both("Theo mức sẵn sàng", "By readiness"),
        (12, 8),
        [
            over_time(
                "A",
                f'netwatch_meeting_participants{{{_CHOSEN},readiness!="ready"}}',
                "{{meeting}} {{readiness}}",
            )
        ],
        unit="short",
    )
    chosen = f"and on (site) max by (site) ({_ROOMS})"
    loss = lines(
        both("Mất gói tới các điểm họp", "Loss to the sites that meet"),
        both("10 điểm kém nhất", "The worst 10"),
        (12, 8),
        [
            over_time(
                "A",
                f"topk(10, {_LOSS} {chosen})",
                "{{site}}",
            )
        ],
        unit=SHARE,
        top=0.05,
    )
    score = lines(
        both("MOS tới các điểm họp", "MOS to the sites that meet"),
        both(
            "10 điểm kém nhất; dưới 3,6 nhiều người không hài lòng",
            "The worst 10; below 3.6 many are dissatisfied",
        ),
        (12, 8),
        [over_time("A", f"bottomk(10, min by (site) (netwatch_media_mos) {chosen})", "{{site}}")],
        unit="short",
        top=4.5,
    )
    return both("Diễn biến", "Course"), [ready, faulty, loss, score]


def _month() -> DashboardRow:
    verdicts = (
        ("held", both("Trực tuyến", "Online")),
        ("not-held", both("Không trực tuyến", "Not online")),
        ("unknown", both("Chưa rõ là có hay không", "Not known")),
    )
    held = table(
        both("Các cuộc họp trong tháng", "Meetings of this month"),
        both(
            "Đã họp xong, theo cấp; cuộc họp chưa rõ không tính vào chỉ tiêu",
            "Those that are over, by level; what is not known does not count for the objective",
        ),
        (12, 7),
        [
            rows(
                ref.replace("-", ""),
                f'max by (level) (netwatch_meeting_month_meetings{{verdict="{ref}"}})',
            )
            for ref, _ in verdicts
        ],
        [
            Column("level", both("Cấp", "Level")),
            *(Column(f"Value #{ref.replace('-', '')}", title) for ref, title in verdicts),
        ],
        sort=both("Cấp", "Level"),
    )
    goals = table(
        both("Chỉ tiêu", "Objectives"),
        both("So với kế hoạch, trong tháng này", "Against the plan, in this month"),
        (12, 7),
        [
            rows(
                "goal",
                f"netwatch_objective_goal_ratio{{{_OBJECTIVES}}} * {OBJECTIVE_NAMES}",
            ),
            rows("reached", f"max by (objective) (netwatch_objective_ratio{{{_OBJECTIVES}}})"),
        ],
        [
            NAME_VI,
            NAME_EN,
            *OBJECTIVE,
        ],
        sort="Tên",
    )
    return both("Trong tháng", "This month"), [held, goals]
