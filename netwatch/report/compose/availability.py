"""How long sites could be reached: by level, by area, by day, and each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netwatch.core.state import State
from netwatch.report.account.sites import SiteAccount
from netwatch.report.account.tally import Tally
from netwatch.report.account.whole import Group
from netwatch.report.compose.draft import Draft
from netwatch.report.content import (
    Bars,
    Block,
    Cell,
    DayCalendar,
    PaperColumn,
    PaperTable,
    Section,
    Sentences,
    ShareOf,
    Strip,
    Strips,
    SumOf,
)

WORST = 10
"""Sites whose states are drawn."""

_STATES = (
    *(State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE, State.MAINTENANCE, State.UNKNOWN),
)


def availability_section(draft: Draft) -> Section:
    """Levels, areas, the days, and the worst sites."""
    say, account = draft.say, draft.account
    tiers, areas = account.by_tier(), account.by_area()
    blocks: list[Block] = [
        _groups(draft, "levels", say("Theo cấp", "By level"), tiers, draft.tier),
        _calendar(draft),
        Bars(
            say("Độ sẵn sàng theo địa bàn", "Availability by area"),
            [(draft.place(each.id), each.tally.availability) for each in areas],
        ),
        _groups(draft, "areas", say("Theo địa bàn", "By area"), areas, draft.place),
    ]
    if worst := draft.worst(WORST):
        title = say("Mười điểm mất kết nối lâu nhất", "The ten sites that were cut off longest")
        blocks.append(Strips(title, [_strip(draft, id_) for id_ in worst]))
    return Section("availability", say("Độ sẵn sàng", "Availability"), blocks)


def _groups(
    draft: Draft, id_: str, title: str, groups: Sequence[Group], name: Callable[[str], str]
) -> PaperTable:
    say = draft.say
    columns = [
        PaperColumn("group", title, weight=2.4),
        PaperColumn("sites", say("Số điểm", "Sites"), "count", is_summed=True),
        *_tally_columns(draft, in_sheets_only=True),
        PaperColumn("before", say("Kỳ trước", "Before"), "share"),
        PaperColumn("goal", say("Cam kết", "Goal"), "share"),
        PaperColumn("outages", say("Số lần mất", "Outages"), "count", is_summed=True),
        PaperColumn("mttr", say("Khôi phục TB (MTTR)", "MTTR"), "duration", 1.4),
        PaperColumn("mtbf", say("Giữa hai lần (MTBF)", "MTBF"), "duration", 1.6),
        PaperColumn("longest", say("Lâu nhất", "Longest"), "duration", 1.4),
    ]
    rows: list[list[Cell]] = [
        [
            name(each.id),
            len(each.sites),
            *_tally_cells(each.tally),
            each.before.availability,
            draft.goals.get(each.id),
            sum(site.outage_count for site in each.sites),
            each.reliability.to_repair,
            each.reliability.between,
            each.reliability.longest or None,
        ]
        for each in groups
    ]
    return PaperTable(id_, title, columns, rows)


def sites_section(draft: Draft) -> Section:
    """Every site: its time in each state, which sums up to the period."""
    say, account = draft.say, draft.account
    columns = [
        PaperColumn("site", say("Điểm", "Site"), weight=2.2),
        PaperColumn("id", say("Mã", "Id"), in_sheets_only=True),
        PaperColumn("level", say("Cấp", "Level"), weight=1.3),
        PaperColumn("area", say("Địa bàn", "Area"), weight=1.8),
        *_tally_columns(draft, in_sheets_only=True),
        PaperColumn("lost", say("Mất kết nối", "Cut off"), "duration", formula=SumOf(_LOST)),
        PaperColumn("before", say("Kỳ trước", "Before"), "share"),
        PaperColumn("year", say("Từ đầu năm", "Year so far"), "share"),
        PaperColumn("outages", say("Số lần", "Outages"), "count", 0.7, is_summed=True),
    ]
    rows = [_site_row(draft, each) for each in account.sites.values()]
    title = say("Từng điểm", "Each site")
    return Section("sites", title, [PaperTable("sites", title, columns, rows)])


def _site_row(draft: Draft, account: SiteAccount) -> list[Cell]:
    facts = draft.account.site(account.site)
    return [
        draft.site(account.site),
        account.site,
        draft.tier(facts.tier),
        draft.place(facts.area),
        *_tally_cells(account.tally),
        account.tally.lost,
        draft.account.before[account.site].availability,
        draft.account.year[account.site].availability,
        account.outage_count,
    ]


_GOOD, _LOST = ("up", "degraded"), ("down", "unreachable")


def _tally_columns(draft: Draft, *, in_sheets_only: bool) -> list[PaperColumn]:
    """The time in each state, their sum, and the availability that follows by either method."""
    say = draft.say
    states = [
        PaperColumn(
            state.label,
            draft.words.state(state).capitalize(),
            "duration",
            in_sheets_only=in_sheets_only,
            is_summed=True,
        )
        for state in _STATES
    ]
    all_states = tuple(state.label for state in _STATES)
    return [
        *states,
        PaperColumn(
            "total",
            say("Cộng", "Total"),
            "duration",
            in_sheets_only=in_sheets_only,
            formula=SumOf(all_states),
            is_summed=True,
        ),
        PaperColumn(
            "availability",
            say("Độ sẵn sàng", "Availability"),
            "share",
            formula=ShareOf(_GOOD, _LOST),
        ),
        PaperColumn(
            "strict",
            say("Tính chặt", "Strict"),
            "share",
            formula=ShareOf(("up",), (*_LOST, "degraded", "maintenance")),
        ),
    ]


def _tally_cells(tally: Tally) -> list[Cell]:
    return [
        *(tally.up, tally.degraded, tally.down, tally.unreachable),
        *(tally.maintenance, tally.unknown, tally.total),
        *(tally.availability, tally.strict),
    ]


def _calendar(draft: Draft) -> DayCalendar:
    period = draft.account.period
    days = [
        (period.first.fromordinal(period.first.toordinal() + n).isoformat(), tally.availability)
        for n, tally in enumerate(draft.account.days)
    ]
    return DayCalendar(draft.say("Từng ngày", "Day by day"), days)


def _strip(draft: Draft, site_id: str) -> Strip:
    begin, end = draft.account.period.interval
    account = draft.account.sites[site_id]
    spans = [
        ((span.begin - begin) / (end - begin), (span.end - begin) / (end - begin), span.state.label)
        for span in account.spans
    ]
    return Strip(f"{draft.site(site_id)} ({draft.words.duration(account.tally.lost)})", spans)


def gaps_section(draft: Draft) -> Section:
    """When the collector itself didn't measure."""
    say, account, words = draft.say, draft.account, draft.words
    begin, end = account.period.interval
    missing = sum(b - a for a, b in account.gaps)
    lines = [
        say(
            f"Trong {words.duration(end - begin)} của kỳ, bộ giám sát không đo"
            f" {words.duration(missing)}, gồm {len(account.gaps)} lần. Thời gian đó không tính là"
            " thông suốt, cũng không tính là mất kết nối.",
            f"Of the {words.duration(end - begin)} of the period the collector didn't measure"
            f" {words.duration(missing)}, in {len(account.gaps)} times. That time counts neither"
            " for availability nor against it.",
        )
    ]
    if account.without_events > begin:
        lines.append(
            say(
                f"Trước {words.moment(account.without_events)} chỉ còn tổng của từng ngày: các lần"
                " mất kết nối không liệt kê được, và không có số liệu về đường truyền.",
                f"Before {words.moment(account.without_events)} only sums of days are kept: outages"
                " can't be listed, and nothing is known of lines.",
            )
        )
    columns = [
        PaperColumn("begin", say("Từ", "From"), "moment"),
        PaperColumn("end", say("Đến", "To"), "moment"),
        PaperColumn("duration", say("Kéo dài", "Lasted"), "duration", is_summed=True),
    ]
    table = PaperTable(
        "gaps",
        say("Không đo", "Not measured"),
        columns,
        [(a, b, b - a) for a, b in account.gaps],
    )
    blocks: list[Block] = [Sentences(lines), *([table] if account.gaps else [])]
    return Section("gaps", say("Những gì không đo được", "What was not measured"), blocks)
