"""The plan's figures: each with its goal, its month, its year so far, and who falls short of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netwatch.inventory.model import Objective
from netwatch.meetings.records.month import MeetingMonth
from netwatch.report.account.tally import Tally, total_of
from netwatch.report.compose.draft import Draft
from netwatch.report.content import Block, Cell, PaperColumn, PaperTable, Section, Sentences

MAX_NAMED = 20
"""Sites that are named where they fall short of an objective; the sheets have all."""


@dataclass(frozen=True, slots=True)
class ObjectiveFigure:
    """How much of an objective was reached, 0 to 1; None where nothing of it was measured.

    Attributes:
        short: ids of the sites below the goal, the worst first.
    """

    objective: Objective
    period: float | None
    before: float | None
    year: float | None
    short: tuple[str, ...] = ()

    @property
    def is_reached(self) -> bool | None:
        """Whether the goal was reached; None when that is not known."""
        return None if self.period is None else self.period >= self.objective.goal


def figures(draft: Draft) -> list[ObjectiveFigure]:
    """Every objective of the inventory."""
    return [_figure(draft, each) for each in draft.inventory.objectives.values()]


def _figure(draft: Draft, objective: Objective) -> ObjectiveFigure:
    match objective.kind:
        case "sites":
            return _of_sites(draft, objective)
        case "exchange":
            return ObjectiveFigure(objective, draft.account.flows.share, None, None)
        case "meetings":
            return _of_meetings(draft, objective, lambda month: month.held(objective.level))
        case "rooms":
            return _of_meetings(draft, objective, lambda month: month.ready(objective.level))


def _of_meetings(
    draft: Draft, objective: Objective, share: Callable[[MeetingMonth], float | None]
) -> ObjectiveFigure:
    return ObjectiveFigure(
        objective,
        share(draft.meetings),
        share(draft.meetings_before),
        share(draft.meetings_year),
    )


def _of_sites(draft: Draft, objective: Objective) -> ObjectiveFigure:
    account = draft.account
    counted = [id_ for id_ in account.sites if account.site(id_).tier in objective.tiers]
    tallies = {id_: account.sites[id_].tally for id_ in counted}
    short = [id_ for id_ in counted if _falls_short(tallies[id_], objective.goal)]
    short.sort(key=lambda id_: (tallies[id_].availability or 0.0, id_))
    return ObjectiveFigure(
        objective,
        total_of(tallies.values()).availability,
        _together(account.before, counted),
        _together(account.year, counted),
        tuple(short),
    )


def _together(tallies: Mapping[str, Tally], counted: list[str]) -> float | None:
    return total_of(tallies[id_] for id_ in counted).availability


def _falls_short(tally: Tally, goal: float) -> bool:
    return tally.availability is not None and tally.availability < goal


def objectives_section(draft: Draft) -> Section:
    """The section of the plan's figures."""
    say = draft.say
    found = figures(draft)
    columns = [
        PaperColumn("objective", say("Chỉ tiêu", "Objective"), weight=3),
        PaperColumn("goal", say("Mục tiêu", "Goal"), "share"),
        PaperColumn("period", say("Kỳ này", "This period"), "share"),
        PaperColumn("before", say("Kỳ trước", "Before"), "share"),
        PaperColumn("year", say("Từ đầu năm", "Year so far"), "share"),
        PaperColumn("verdict", say("Đánh giá", "Verdict"), weight=1.2),
        PaperColumn("short", say("Điểm chưa đạt", "Sites short"), "count"),
    ]
    rows = [
        (
            say(each.objective.name_vi, each.objective.name),
            each.objective.goal,
            each.period,
            each.before,
            each.year,
            verdict(draft, each),
            len(each.short) if each.objective.kind == "sites" else None,
        )
        for each in found
    ]
    blocks: list[Block] = [PaperTable("objectives", say("Chỉ tiêu", "Objectives"), columns, rows)]
    blocks.append(Sentences([line for each in found if (line := _named(draft, each))]))
    blocks.append(_short(draft, found))
    return Section("objectives", say("Các chỉ tiêu của kế hoạch", "Figures of the plan"), blocks)


def _short(draft: Draft, found: list[ObjectiveFigure]) -> PaperTable:
    """Every site that falls short of an objective."""
    say, sites = draft.say, draft.account.sites
    columns = [
        PaperColumn("objective", say("Chỉ tiêu", "Objective"), weight=2),
        PaperColumn("site", say("Điểm", "Site"), weight=2),
        PaperColumn("availability", say("Độ sẵn sàng", "Availability"), "share"),
        PaperColumn("lost", say("Mất kết nối", "Cut off"), "duration"),
    ]
    rows: list[list[Cell]] = [
        [
            say(each.objective.name_vi, each.objective.name),
            draft.site(id_),
            sites[id_].tally.availability,
            sites[id_].tally.lost,
        ]
        for each in found
        for id_ in each.short
    ]
    title = say("Điểm chưa đạt", "Sites short")
    return PaperTable("short", title, columns, rows, in_sheets_only=True)


def verdict(draft: Draft, figure: ObjectiveFigure) -> str:
    """Whether an objective was reached, in words."""
    if figure.is_reached is None:
        return draft.say("chưa có số liệu", "no data")
    return draft.say("đạt", "reached") if figure.is_reached else draft.say("CHƯA ĐẠT", "MISSED")


def _named(draft: Draft, figure: ObjectiveFigure) -> str:
    """The sites that fall short, by name; empty when none does."""
    if not figure.short:
        return ""
    words, account = draft.words, draft.account
    named = ", ".join(
        f"{draft.site(id_)} ({words.share(account.sites[id_].tally.availability)})"
        for id_ in figure.short[:MAX_NAMED]
    )
    rest = len(figure.short) - MAX_NAMED
    more = draft.say(f", và {rest} điểm khác", f", and {rest} more") if rest > 0 else ""
    name = draft.say(figure.objective.name_vi, figure.objective.name)
    return draft.say(f"{name}, chưa đạt: ", f"{name}, short of it: ") + named + more + "."
