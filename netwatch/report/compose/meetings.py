"""Meetings: how many were planned and held online, by level, and how their rooms did."""

from __future__ import annotations

from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict
from netwatch.report.compose.draft import Draft
from netwatch.report.content import Block, Cell, PaperColumn, PaperTable, Section, Sentences


def meetings_section(draft: Draft) -> Section:
    """Levels beside their goals, and every meeting."""
    say, month = draft.say, draft.meetings
    title = say("Họp trực tuyến", "Online meetings")
    if not month.records and not month.missed:
        nothing = say(
            "Không có cuộc họp nào đã kết thúc trong kỳ được ghi lại.",
            "No meeting that is over is on record in the period.",
        )
        return Section("meetings", title, [Sentences([nothing])])
    note = say(
        "Các cuộc họp trong lịch mà không được theo dõi thì không còn dấu vết, nên không được tính"
        " là đã có kế hoạch.",
        "Meetings of calendars that were not watched leave no trace, so they don't count as"
        " planned.",
    )
    blocks: list[Block] = [_levels(draft), Sentences([note]), _records(draft)]
    return Section("meetings", title, blocks)


def _levels(draft: Draft) -> PaperTable:
    say, month = draft.say, draft.meetings
    counts = month.counts()
    levels = sorted({level for level, _ in counts})
    goals = {
        each.level: each.goal
        for each in draft.inventory.objectives.values()
        if each.kind == "meetings" and each.level is not None
    }
    columns = [
        PaperColumn("level", say("Cấp họp", "Level"), weight=2),
        PaperColumn("planned", say("Kế hoạch", "Planned"), "count", is_summed=True),
        PaperColumn("held", say("Trực tuyến", "Held online"), "count", is_summed=True),
        PaperColumn("not-held", say("Không trực tuyến", "Not online"), "count", is_summed=True),
        PaperColumn("unknown", say("Không rõ", "Not known"), "count", is_summed=True),
        PaperColumn("share", say("Tỷ lệ", "Share"), "share"),
        PaperColumn("goal", say("Mục tiêu", "Goal"), "share"),
        PaperColumn("before", say("Kỳ trước", "Before"), "share"),
        PaperColumn("ready", say("Phòng sẵn sàng", "Rooms ready"), "share"),
    ]
    rows: list[list[Cell]] = []
    for level in levels:
        verdicts = [counts.get((level, verdict), 0) for verdict in MeetingVerdict]
        rows.append(
            [
                _level(draft, level),
                sum(verdicts),
                *verdicts,
                month.held(level),
                goals.get(level),
                draft.meetings_before.held(level),
                month.ready(level),
            ]
        )
    return PaperTable("meeting-levels", say("Theo cấp họp", "By level"), columns, rows)


def _level(draft: Draft, level: str) -> str:
    """What a level is called: as the objective that counts it, else by its id."""
    for each in draft.inventory.objectives.values():
        if each.kind == "meetings" and each.level == level:
            return draft.say(each.name_vi, each.name)
    return level


def _records(draft: Draft) -> PaperTable:
    say = draft.say
    columns = [
        PaperColumn("title", say("Cuộc họp", "Meeting"), weight=3),
        PaperColumn("level", say("Cấp", "Level"), in_sheets_only=True),
        PaperColumn("start", say("Bắt đầu", "Began"), "moment", 1.4),
        PaperColumn("verdict", say("Kết quả", "Result"), weight=1.6),
        PaperColumn("rooms", say("Số phòng", "Rooms"), "count"),
        PaperColumn("ready", say("Sẵn sàng", "Ready"), "count"),
        PaperColumn("lost", say("Gián đoạn", "Interruptions"), "count", is_summed=True),
    ]
    rows: list[list[Cell]] = [
        [
            each.title,
            each.level,
            round(each.start * 1000),
            _verdict(draft, each),
            len(each.rooms),
            each.ready,
            sum(tally.interruptions for tally in each.rooms.values()),
        ]
        for each in draft.meetings.records
    ]
    return PaperTable("meetings", say("Từng cuộc họp", "Each meeting"), columns, rows)


def _verdict(draft: Draft, record: MeetingRecord) -> str:
    said = {
        MeetingVerdict.HELD: ("trực tuyến", "held online"),
        MeetingVerdict.NOT_HELD: ("không trực tuyến", "not online"),
        MeetingVerdict.UNKNOWN: ("không rõ", "not known"),
    }
    declared = draft.say(" (khai báo)", " (declared)") if record.declared else ""
    return draft.say(*said[record.verdict]) + declared
