"""The exchange between the Party's and the State's network."""

from __future__ import annotations

from collections.abc import Sequence

from netwatch.report.account.history import FlowSpan
from netwatch.report.compose.draft import Draft
from netwatch.report.content import Block, PaperColumn, PaperTable, Section, Sentences


def flows_section(draft: Draft) -> Section:
    """The share in which required flows passed, and every violation."""
    say, words, flows = draft.say, draft.words, draft.account.flows
    lines = [
        say(
            f"Có {flows.required} kết nối phải thông do bộ giám sát này đo; chúng thông"
            f" {words.share(flows.share)} thời gian đo được. Số lần vi phạm (kết nối phải chặn mà"
            f" lại thông): {len(flows.violations)}. Những gì điểm đo khác đo được có trong"
            " Prometheus, không có trong nhật ký này.",
            f"{flows.required} flows that must pass are measured here; they passed"
            f" {words.share(flows.share)} of the measured time. Violations (a flow passed that must"
            f" be blocked): {len(flows.violations)}. What other vantages measure is in Prometheus,"
            " and not in this journal.",
        )
    ]
    blocks: list[Block] = [Sentences(lines)]
    if flows.violations:
        title = say("Vi phạm", "Violations")
        blocks.append(_table(draft, "violations", title, flows.violations))
    if flows.breaks:
        title = say("Kết nối bị đứt", "Broken flows")
        blocks.append(_table(draft, "breaks", title, flows.breaks))
    title = say("Liên thông Đảng – Nhà nước", "Exchange of Party and State")
    return Section("flows", title, blocks)


def _table(draft: Draft, id_: str, title: str, found: Sequence[FlowSpan]) -> PaperTable:
    say = draft.say
    columns = [
        PaperColumn("flow", say("Kết nối", "Flow"), weight=3),
        PaperColumn("begin", say("Bắt đầu", "Began"), "moment"),
        PaperColumn("end", say("Kết thúc", "Ended"), "moment"),
        PaperColumn("duration", say("Kéo dài", "Lasted"), "duration", is_summed=True),
    ]
    rows = [
        (
            _name(draft, each.flow),
            each.begin,
            say("chưa kết thúc", "goes on") if each.is_open else each.end,
            each.end - each.begin,
        )
        for each in found
    ]
    return PaperTable(id_, title, columns, rows)


def _name(draft: Draft, flow_id: str) -> str:
    flow = draft.inventory.flows.get(flow_id)
    if flow is None:
        return flow_id
    return draft.say(flow.name_vi or flow_id, flow.name or flow_id)
