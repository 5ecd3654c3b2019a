"""How the figures came about, and what Prometheus adds to them."""

from __future__ import annotations

from netwatch.report.compose.draft import Draft
from netwatch.report.content import Block, Cell, PaperColumn, PaperTable, Section, Sentences


def measures_section(draft: Draft) -> Section:
    """Loss and round trips of sites, or why there are none."""
    say, measures = draft.say, draft.measures
    title = say("Chất lượng (theo Prometheus)", "Quality (by Prometheus)")
    if measures.missing is not None:
        why = draft.say(*measures.missing)
        said = say(
            f"Không có số liệu về mất gói, độ trễ và tải đường truyền: {why}.",
            f"There is nothing on loss, round trips and the load of lines: {why}.",
        )
        return Section("quality", title, [Sentences([said])])
    columns = [
        PaperColumn("site", say("Điểm", "Site"), weight=3),
        PaperColumn("loss", say("Mất gói", "Loss"), "share"),
        PaperColumn("round-trip", say("Độ trễ trung bình", "Mean round trip"), "milliseconds"),
    ]
    rows: list[list[Cell]] = [
        [draft.site(id_), measures.loss.get(id_), _milliseconds(measures.round_trip.get(id_))]
        for id_ in draft.account.sites
        if id_ in measures.loss or id_ in measures.round_trip
    ]
    return Section("quality", title, [PaperTable("quality", title, columns, rows)])


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def method_section(draft: Draft) -> Section:
    """What counts, what doesn't, and where the figures come from."""
    say = draft.say
    lines = [
        say(
            "Tính là sẵn sàng: thông suốt và suy giảm. Tính là không sẵn sàng: mất kết nối và không"
            " tới được. Không tính vào đâu: chưa rõ (không đo được), bảo trì đã báo trước, và thời"
            " gian ngoài giờ cam kết của hợp đồng. Độ sẵn sàng là phần thời gian sẵn sàng trong"
            " thời gian được tính.",
            "For availability count: up and degraded. Against it count: down and unreachable."
            " Neither way count: unknown (not measured), planned work, and time outside the agreed"
            " hours of a contract. Availability is the share of the counted time.",
        ),
        say(
            "Cột “Tính chặt” coi suy giảm và bảo trì cũng là không sẵn sàng, như một số hợp đồng"
            " quy định.",
            "The column “Strict” counts degraded time and planned work against availability, as"
            " some contracts say.",
        ),
        say(
            "Một đường truyền chỉ bị tính là đứt khi lỗi được xác định là của chính nó; chỉ được"
            " tính là tốt khi cả hai đầu đều tới được. Ngoài ra là không rõ.",
            "A line is down only while the fault is known to be its own, and up only while both its"
            " ends can be reached. Everything else is not known.",
        ),
        say(
            "Số liệu lấy từ nhật ký của bộ giám sát, chính xác đến phần nghìn giây; tổng thời gian"
            " các trạng thái của mỗi điểm bằng đúng độ dài của kỳ. Tỷ lệ được làm tròn xuống.",
            "All figures come from the collector's journal, to the millisecond; the states of each"
            " site sum up to the period exactly. Shares are rounded down.",
        ),
    ]
    blocks: list[Block] = [Sentences(lines)]
    return Section("method", say("Cách tính", "Method"), blocks)
