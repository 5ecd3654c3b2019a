"""The whole paper: of the province, of an area, or of a carrier."""

from __future__ import annotations

from netwatch.report.compose.availability import (
    availability_section,
    gaps_section,
    sites_section,
)
from netwatch.report.compose.carriers import (
    carriers_section,
    contracts_section,
    faults_table,
    lines_section,
)
from netwatch.report.compose.draft import Draft
from netwatch.report.compose.flows import flows_section
from netwatch.report.compose.meetings import meetings_section
from netwatch.report.compose.method import measures_section, method_section
from netwatch.report.compose.objectives import objectives_section
from netwatch.report.compose.outages import devices_section, outages_section
from netwatch.report.compose.summary import has_data, summary_section
from netwatch.report.content import Paper, Section


def compose(draft: Draft) -> Paper:
    """Write everything down."""
    words, period = draft.words, draft.account.period
    province = draft.inventory.province
    return Paper(
        language=words.language,
        title=draft.say("BÁO CÁO", "REPORT"),
        subject=_subject(draft),
        province=draft.say(province.name_vi, province.name),
        period=words.period(period),
        made=words.moment(period.now),
        warnings=_warnings(draft),
        sections=_of_carrier(draft) if draft.carrier else _of_sites(draft),
    )


def _subject(draft: Draft) -> str:
    period = draft.words.period(draft.account.period)
    if draft.carrier:
        return draft.say(
            f"Chất lượng đường truyền của {draft.carrier}, {period}",
            f"The lines of {draft.carrier} in {period}",
        )
    where = "" if draft.area is None else f" – {draft.site(draft.area)}"
    return draft.say(
        f"Tình hình mạng diện rộng và họp trực tuyến{where}, {period}",
        f"The wide area network and online meetings{where}, {period}",
    )


def _warnings(draft: Draft) -> list[str]:
    """What must be read on every page."""
    period, words = draft.account.period, draft.words
    said = []
    if not period.is_over:
        until = words.moment(period.interval[1])
        said.append(
            draft.say(
                f"Kỳ báo cáo chưa kết thúc: số liệu đến {until}",
                f"The period is not over: figures until {until}",
            )
        )
    if not has_data(draft):
        said.append(draft.say("Không có số liệu của kỳ này", "There is no data of this period"))
    return said


def _of_sites(draft: Draft) -> list[Section]:
    sections = [summary_section(draft)]
    if has_data(draft) or draft.meetings.records:
        sections += [objectives_section(draft), availability_section(draft)]
        sections += [outages_section(draft), carriers_section(draft), contracts_section(draft)]
        sections += [flows_section(draft)] if draft.area is None else []
        sections += [meetings_section(draft)] if draft.area is None else []
        sections += [devices_section(draft), measures_section(draft)]
    sections += [gaps_section(draft), method_section(draft)]
    if has_data(draft):
        sections += [sites_section(draft), lines_section(draft)]
    return sections


def _of_carrier(draft: Draft) -> list[Section]:
    title = draft.say("Các lần đứt đường truyền", "Faults of lines")
    faults = Section("faults", title, [faults_table(draft, draft.account.lines)])
    return [
        summary_section(draft),
        contracts_section(draft),
        faults,
        lines_section(draft),
        gaps_section(draft),
        method_section(draft),
    ]
