"""The outages of a period, one by one, and what devices said of power."""

from __future__ import annotations

from netwatch.report.account.sites import Outage, reliability
from netwatch.report.compose.draft import Draft
from netwatch.report.content import Block, Cell, PaperColumn, PaperTable, Section, Sentences


def outages_section(draft: Draft) -> Section:
    """Every outage with begin, end, duration, cause, incident, evidence, and who took it on."""
    say, words, account = draft.say, draft.words, draft.account
    found = account.outages
    figures = reliability(found, account.total, account.period)
    lines = [
        say(
            f"Có {figures.count} lần mất kết nối bắt đầu trong kỳ. Thời gian khôi phục trung bình"
            f" (MTTR): {words.duration(figures.to_repair)}; thời gian trung bình giữa hai lần của"
            f" một điểm (MTBF): {words.duration(figures.between)}; lâu nhất:"
            f" {words.duration(figures.longest or None)}.",
            f"{figures.count} outages began in the period. Mean time to repair (MTTR):"
            f" {words.duration(figures.to_repair)}; mean time between failures of a site (MTBF):"
            f" {words.duration(figures.between)}; the longest:"
            f" {words.duration(figures.longest or None)}.",
        )
    ]
    blocks: list[Block] = [Sentences(lines)]
    if found:
        blocks.append(_table(draft, found))
    return Section("outages", say("Các lần mất kết nối", "Outages"), blocks)


def _table(draft: Draft, found: list[Outage]) -> PaperTable:
    say = draft.say
    columns = [
        PaperColumn("site", say("Điểm", "Site"), weight=1.4),
        PaperColumn("begin", say("Bắt đầu", "Began"), "moment", 1.1),
        PaperColumn("end", say("Kết thúc", "Ended"), "moment", 1.2),
        PaperColumn("duration", say("Kéo dài", "Lasted"), "duration"),
        PaperColumn("lost", say("Tính trong kỳ", "Counts"), "duration", is_summed=True),
        PaperColumn("kind", say("Loại", "Kind"), in_sheets_only=True),
        PaperColumn("cause", say("Nguyên nhân", "Cause"), weight=2.8),
        PaperColumn("evidence", say("Bằng chứng", "Evidence"), weight=2),
        PaperColumn("incident", say("Sự cố", "Incident"), weight=0.8),
        PaperColumn("acknowledged", say("Tiếp nhận", "Acknowledged"), weight=1.1),
    ]
    return PaperTable(
        "outages", say("Mất kết nối", "Outages"), columns, [_row(draft, e) for e in found]
    )


def _row(draft: Draft, outage: Outage) -> list[Cell]:
    say = draft.say
    own = say("tại điểm hoặc đường truyền của nó", "at the site or on its line")
    behind = say("do nơi khác", "elsewhere")
    return [
        draft.site(outage.site),
        outage.begin,
        say("chưa kết thúc", "goes on") if outage.is_open else outage.end,
        outage.duration,
        outage.lost,
        own if outage.is_own else behind,
        draft.cause(outage),
        draft.told(draft.account.evidence(outage)),
        *draft.taken_on(outage.root, outage.begin, outage.end),
    ]


def devices_section(draft: Draft) -> Section:
    """Power cuts that UPSs told of; the journal has nothing of reboots, which is said."""
    say = draft.say
    cuts = [
        outage
        for outage in draft.account.outages
        if (found := draft.account.evidence(outage)) and "power" in found.details
    ]
    lines = [
        say(
            f"Mất điện: {len(cuts)} lần mất kết nối bắt đầu khi UPS của điểm chạy bằng ắc quy."
            " Điểm không có UPS được giám sát thì không phân biệt được.",
            f"Power cuts: {len(cuts)} outages began while the site's UPS ran on battery. Where no"
            " UPS is watched they can't be told apart.",
        ),
        say(
            "Khởi động lại: nhật ký không lưu số lần khởi động lại của thiết bị; xem số liệu"
            " netwatch_device_restarts_total trong Prometheus.",
            "Reboots: the journal doesn't keep how often devices restarted; see"
            " netwatch_device_restarts_total in Prometheus.",
        ),
    ]
    blocks: list[Block] = [Sentences(lines)]
    if cuts:
        columns = [
            PaperColumn("site", say("Điểm", "Site"), weight=2),
            PaperColumn("begin", say("Bắt đầu", "Began"), "moment"),
            PaperColumn("duration", say("Kéo dài", "Lasted"), "duration", is_summed=True),
            PaperColumn("evidence", say("Bằng chứng", "Evidence"), weight=3),
        ]
        rows: list[list[Cell]] = [
            [draft.site(e.site), e.begin, e.duration, draft.told(draft.account.evidence(e))]
            for e in cuts
        ]
        blocks.append(PaperTable("power", say("Mất điện", "Power cuts"), columns, rows))
    return Section("devices", say("Thiết bị và nguồn điện", "Devices and power"), blocks)
