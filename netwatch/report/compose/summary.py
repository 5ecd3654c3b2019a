"""The first page: what a leader wants to know, in plain sentences."""

from __future__ import annotations

from netwatch.report.account.tally import total_of
from netwatch.report.compose.draft import Draft
from netwatch.report.compose.objectives import ObjectiveFigure, figures
from netwatch.report.content import Section, Sentences

MAX_WORST = 3
"""Sites that are named in the summary."""


def summary_section(draft: Draft) -> Section:
    """Linked or not, what failed, whether meetings were held, whether contracts were kept."""
    if not has_data(draft):
        nothing = draft.say(
            "Nhật ký không có số liệu đo nào của kỳ này, nên không có kết luận nào.",
            "The journal has no measurement of this period, so nothing can be said.",
        )
        return _section(draft, [nothing])
    lines = [_linked(draft), _compared(draft), _failed(draft), *_kept(draft), _missing(draft)]
    if draft.carrier is None:
        lines[2:2] = [_reached(draft, each) for each in figures(draft)]
    return _section(draft, [line for line in lines if line])


def has_data(draft: Draft) -> bool:
    """Whether anything was measured in the period."""
    return draft.account.total.total > draft.account.total.unknown


def _section(draft: Draft, lines: list[str]) -> Section:
    return Section("summary", draft.say("Tóm tắt", "Summary"), [Sentences(lines)])


def _linked(draft: Draft) -> str:
    words, account = draft.words, draft.account
    if draft.carrier is not None:
        tally = total_of(each.tally for each in account.lines)
        return draft.say(
            f"{draft.carrier} có {len(account.lines)} đường truyền, độ sẵn sàng chung"
            f" {words.share(tally.availability)}; tổng thời gian đứt {words.duration(tally.lost)}.",
            f"{draft.carrier} runs {len(account.lines)} lines, with an availability of"
            f" {words.share(tally.availability)} together; they were down"
            f" {words.duration(tally.lost)}.",
        )
    total = account.total
    whole = sum(not each.tally.lost for each in account.sites.values())
    return draft.say(
        f"Giám sát {len(account.sites)} điểm, độ sẵn sàng chung {words.share(total.availability)};"
        f" {whole} điểm không mất kết nối lần nào.",
        f"{len(account.sites)} sites were watched, with an availability of"
        f" {words.share(total.availability)} together; {whole} of them were never cut off.",
    )


def _compared(draft: Draft) -> str:
    """The period beside the one before; empty where one of them has no data."""
    now = draft.account.total.availability
    before = total_of(draft.account.before.values()).availability
    if draft.carrier is not None or now is None or before is None:
        return ""
    points = draft.words.number(abs(now - before) * 100, 3)
    return draft.say(
        f"So với kỳ trước ({draft.words.share(before)})"
        f" {'tăng' if now >= before else 'giảm'} {points} điểm phần trăm.",
        f"That is {points} percentage points {'more' if now >= before else 'less'} than in the"
        f" period before ({draft.words.share(before)}).",
    )


def _reached(draft: Draft, figure: ObjectiveFigure) -> str:
    words, objective = draft.words, figure.objective
    name = draft.say(objective.name_vi, objective.name)
    goal = words.share(objective.goal)
    if figure.period is None:
        return draft.say(
            f"{name}: chưa có số liệu (mục tiêu {goal}).", f"{name}: no data (goal {goal})."
        )
    short = len(figure.short)
    named = draft.say(f"; {short} điểm chưa đạt", f"; {short} sites short of it") if short else ""
    verdict = draft.say("đạt", "reached") if figure.is_reached else draft.say("chưa đạt", "missed")
    return draft.say(
        f"{name}: {words.share(figure.period)}, mục tiêu {goal}, {verdict}{named}.",
        f"{name}: {words.share(figure.period)}, goal {goal}, {verdict}{named}.",
    )


def _failed(draft: Draft) -> str:
    if draft.carrier is not None:
        faults = sum(len(each.faults) for each in draft.account.lines)
        return draft.say(f"Có {faults} lần đứt đường truyền.", f"Lines failed {faults} times.")
    worst = ", ".join(
        f"{draft.site(id_)} ({draft.words.duration(draft.account.sites[id_].tally.lost)})"
        for id_ in draft.worst(MAX_WORST)
    )
    if not worst:
        return draft.say("Không điểm nào mất kết nối.", "No site was cut off.")
    count = sum(each.outage_count for each in draft.account.sites.values())
    return draft.say(
        f"Có {count} lần mất kết nối; lâu nhất: {worst}.",
        f"Sites were cut off {count} times; the longest: {worst}.",
    )


def _kept(draft: Draft) -> list[str]:
    """How many contracts were kept; nothing where none is known."""
    found = draft.account.contracts
    if not found:
        return []
    missed = [each for each in found if each.missed or each.late]
    names = ", ".join(each.contract.number for each in missed)
    if not missed:
        return [
            draft.say(
                f"Cả {len(found)} hợp đồng đều đạt cam kết.",
                f"All {len(found)} contracts were kept.",
            )
        ]
    return [
        draft.say(
            f"{len(missed)} trong {len(found)} hợp đồng không đạt cam kết: {names}.",
            f"{len(missed)} of {len(found)} contracts were not kept: {names}.",
        )
    ]


def _missing(draft: Draft) -> str:
    """How much was not measured; empty when all was."""
    missing = sum(end - begin for begin, end in draft.account.gaps)
    if not missing:
        return ""
    duration = draft.words.duration(missing)
    return draft.say(
        f"Bộ giám sát không đo {duration}; thời gian đó không được tính.",
        f"The collector didn't measure for {duration}; that time doesn't count.",
    )
