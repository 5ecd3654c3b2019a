"""Meetings: which one is held now and which comes next, which rooms are not ready, and why."""

from __future__ import annotations

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import words
from dashboards.grafana.colours import AMBER, BLUE, PURPLE, RED
from dashboards.grafana.columns import (
    DATE,
    DEVICE,
    LOSS_RATIO,
    NAME,
    OBJECTIVE,
    SITE_ID,
    SITE_NAME,
)
from dashboards.grafana.events import ALERTS, MAINTENANCE, incidents
from dashboards.grafana.frame import DashboardRow, assemble, labelled, one_or_all
from dashboards.grafana.links import MEETINGS
from dashboards.grafana.panels import SHARE, Levels, lines, over_time, rows
from dashboards.grafana.queries import OBJECTIVE_NAMES, spoken
from dashboards.grafana.tables import Column, table
from dashboards.grafana.tiles import announcement, tally
from dashboards.grafana.words import both, perhaps

_CHOSEN = 'meeting=~"$meeting"'
_INFO = f"netwatch_meeting_info{{{_CHOSEN}}}"
_ROOMS = f"netwatch_meeting_room_readiness{{{_CHOSEN}}}"
_LOSS = 'max by (site) (netwatch_media_loss_ratio{direction="round-trip"})'
_MOS_OF_SITE = "min by (site) (netwatch_media_mos)"
_OBJECTIVES = 'objective=~"meeting.*"'
_READINESS = both("Mức sẵn sàng", "Readiness")
_BEGINS = both("Bắt đầu", "Begins")
_ALL_READY: Levels = ((None, RED), (0.9, AMBER), (1, BLUE))
_MOS: Levels = ((None, RED), (3.1, AMBER), (3.6, BLUE))
_NOT_FOLLOWED = perhaps("Chưa có cuộc họp nào sắp diễn ra", "no meeting is near")
_NO_MEETINGS = both("Không có cuộc họp", "no meeting")


def meetings() -> model.Dashboard:
    """The dashboard."""
    return assemble(
        MEETINGS,
        both("netwatch: Họp trực tuyến", "Meetings"),
        both(
            "Đang họp gì, còn bao lâu đến cuộc tới, phòng nào chưa sẵn sàng và vì sao",
            "What is held now, how long until the next, which rooms are not ready and why",
        ),
        variables=[
            one_or_all(
                "meeting",
                both("Cuộc họp", "Meeting"),
                labelled("netwatch_meeting_info", "title", "meeting"),
            )
        ],
        events=[incidents(), ALERTS, MAINTENANCE],
        rows_of_panels=[_now_and_next(), _rooms(), _course(), _month()],
    )


def _now_and_next() -> DashboardRow:
    phase = f"netwatch_meeting_phase{{{_CHOSEN}}}"
    ends = f"netwatch_meeting_end_timestamp_seconds{{{_CHOSEN}}} - time()"
    begins = f"netwatch_meeting_start_timestamp_seconds{{{_CHOSEN}}} - time()"
    held = announcement(
        both("Đang họp, còn lại", "Held now, time left"),
        both("Cuộc họp sẽ kết thúc sớm nhất", "The meeting that ends first"),
        (12, 6),
        f"bottomk(1, {_titled(f'({ends}) and on (meeting) ({phase} == 2)')})",
        both("Không có cuộc họp nào", "no meeting now"),
        BLUE,
    )
    following = announcement(
        both("Tiếp theo, bắt đầu sau", "Next, begins in"),
        both("Cuộc họp sẽ bắt đầu sớm nhất", "The meeting that begins first"),
        (12, 6),
        f"bottomk(1, {_titled(f'({begins}) > 0')})",
        both("Chưa có cuộc họp nào", "no meeting is planned"),
        PURPLE,
    )
    counts = tally(
        both("Số phòng theo mức sẵn sàng", "Rooms by readiness"),
        both(
            "Của các cuộc họp sắp hoặc đang diễn ra; phòng chưa đo được là chưa rõ, không phải sẵn"
            " sàng",
            "Of meetings that are near or under way; a room that is not measured is unknown, not"
            " ready",
        ),
        (24, 4),
        f"label_replace(sum by (readiness) (netwatch_meeting_participants{{{_CHOSEN}}}),"
        ' "state", "$1", "readiness", "(.*)")',
        words.READINESS_LABELS,
        _NOT_FOLLOWED,
    )
    overview = table(
        both("Các cuộc họp", "Meetings"),
        both(
            "Đang theo dõi, cuộc tới và cuộc vừa xong",
            "Those that are followed, the next one and the last one",
        ),
        (24, 6),
        [
            rows("phase", spoken(_of_meetings("netwatch_meeting_phase"), {"title": _NO_MEETINGS})),
            rows("start", _of_meetings("1000 * netwatch_meeting_start_timestamp_seconds")),
            rows("ready", _of_meetings("netwatch_meeting_ready_ratio")),
            rows("lost", _of_meetings("netwatch_meeting_unknown_rooms")),
        ],
        [
            Column("title", both("Cuộc họp", "Meeting")),
            Column("Value #phase", both("Giai đoạn", "Phase"), words=words.PHASES),
            Column("Value #start", _BEGINS, unit=DATE, letters=22, optional=True),
            Column(
                "Value #ready",
                both("Sẵn sàng", "Ready"),
                unit=SHARE,
                levels=_ALL_READY,
                letters=9,
                optional=True,
            ),
            Column(
                "Value #lost",
                both("Phòng lạ", "Rooms nobody knows"),
                letters=6,
                optional=True,
            ),
            Column("level", both("Cấp", "Level"), words=words.LEVELS, optional=True),
        ],
        sort=_BEGINS,
    )
    return both("Bây giờ và tiếp theo", "Now and next"), [held, following, counts, overview]


def _titled(expr: str) -> str:
    """Series of meetings with their titles."""
    return f"max by (title) (({expr}) * on (meeting) group_left (title) {_INFO})"


def _of_meetings(expr: str) -> str:
    return (
        f"max by (meeting, title, level) ({expr} * on (meeting) group_left (title, level) {_INFO})"
    )


def _rooms() -> DashboardRow:
    place = "meeting, site, target"
    readiness = (
        f"max by ({place}, name_vi, title) ({_ROOMS} * on (site) group_left (name_vi)"
        f" netwatch_site_info * on (meeting) group_left (title) {_INFO})"
    )
    worst = table(
        both("Phòng họp, chưa sẵn sàng trước", "Rooms, those not ready first"),
        both(
            "Lý do nặng nhất của mỗi phòng; mất gói và MOS là của luồng đo tới điểm đó",
            "The worst reason of each room; loss and MOS are those of the test stream to the site",
        ),
        (24, 14),
        [
            rows("readiness", readiness),
            rows("why", f"max by ({place}, reason) (netwatch_meeting_room_reason{{{_CHOSEN}}})"),
            rows("loss", _of_rooms(_LOSS)),
            rows("mos", _of_rooms(_MOS_OF_SITE)),
        ],
        [
            Column("Value #readiness", _READINESS, words=words.READINESS),
            SITE_NAME,
            DEVICE,
            Column("reason", both("Lý do", "Reason"), words=words.ROOM_REASONS, optional=True),
            LOSS_RATIO,
            Column(
                "Value #mos",
                both("Điểm MOS", "MOS"),
                levels=_MOS,
                letters=6,
                optional=True,
            ),
            Column("title", both("Cuộc họp", "Meeting")),
            SITE_ID,
        ],
        sort=_READINESS,
        descending=True,
        empty=_NOT_FOLLOWED,
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
        [over_time("A", _titled(f"netwatch_meeting_ready_ratio{{{_CHOSEN}}}"), "{{title}}")],
        unit=SHARE,
        top=1,
        empty=_NOT_FOLLOWED,
    )
    faulty = lines(
        both("Phòng có vấn đề", "Rooms with a problem"),
        both("Theo mức sẵn sàng", "By readiness"),
        (12, 8),
        [
            over_time(
                readiness,
                f'sum(netwatch_meeting_participants{{{_CHOSEN},readiness="{readiness}"}})',
                word.both,
            )
            for readiness, word in words.READINESS_LABELS.items()
            if readiness != "ready"
        ],
        unit="none",
        empty=_NOT_FOLLOWED,
    )
    loss = lines(
        both("Mất gói tới các điểm họp", "Loss to the sites that meet"),
        both("10 điểm kém nhất lúc này", "The worst 10 of now"),
        (12, 8),
        [over_time("A", _worst("topk", _LOSS), "{{name_vi}}")],
        unit=SHARE,
        top=0.05,
        empty=_NOT_FOLLOWED,
    )
    score = lines(
        both("MOS tới các điểm họp", "MOS to the sites that meet"),
        both(
            "10 điểm kém nhất lúc này; dưới 3,6 nhiều người không hài lòng",
            "The worst 10 of now; below 3.6 many are dissatisfied",
        ),
        (12, 8),
        [over_time("A", _worst("bottomk", _MOS_OF_SITE), "{{name_vi}}")],
        unit="none",
        top=4.5,
        empty=_NOT_FOLLOWED,
    )
    return both("Diễn biến", "Course"), [ready, faulty, loss, score]


def _worst(function: str, expr: str) -> str:
    """The ten sites of rooms that are worst as the time shown ends, over all of it."""
    now = f"last_over_time(({expr})[5m:1m] @ end())"
    rooms = f"max by (site) (last_over_time({_ROOMS}[5m] @ end()))"
    named = f"({expr}) * on (site) group_left (name_vi) netwatch_site_info"
    return f"{named} and on (site) {function}(10, {now} and on (site) {rooms})"


def _month() -> DashboardRow:
    verdicts = (
        ("held", both("Trực tuyến", "Online")),
        ("not-held", both("Không trực tuyến", "Not online")),
        ("unknown", both("Chưa rõ", "Not known")),
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
            Column("level", both("Cấp", "Level"), words=words.LEVELS),
            *(
                Column(f"Value #{ref.replace('-', '')}", title, letters=8, optional=True)
                for ref, title in verdicts
            ),
        ],
        sort=both("Cấp", "Level"),
        empty=perhaps("Chưa có cuộc họp nào trong tháng", "no meeting this month"),
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
        [NAME, *OBJECTIVE],
        sort=NAME.title,
        empty=perhaps("Không có chỉ tiêu về họp", "no objective of meetings"),
    )
    return both("Trong tháng", "This month"), [held, goals]
