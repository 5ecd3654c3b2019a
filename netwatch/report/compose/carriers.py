"""Lines, carriers and contracts: what was agreed, and what was missed by how much."""

from __future__ import annotations

from collections.abc import Sequence

from netwatch.report.account.lines import ContractAccount, LineAccount, LineFault
from netwatch.report.account.tally import total_of
from netwatch.report.compose.draft import Draft
from netwatch.report.content import Bars, Block, Cell, PaperColumn, PaperTable, Section, Sentences


def carriers_section(draft: Draft) -> Section:
    """The carriers beside each other, and the lines that were at fault."""
    say = draft.say
    names = sorted({each.line.carrier for each in draft.account.lines})
    by_carrier = {
        name: [each for each in draft.account.lines if each.line.carrier == name] for name in names
    }
    shares = [
        (name, total_of(each.tally for each in lines).availability)
        for name, lines in by_carrier.items()
    ]
    columns = [
        PaperColumn("carrier", say("Nhà mạng", "Carrier"), weight=1.5),
        PaperColumn("lines", say("Đường truyền", "Lines"), "count", is_summed=True),
        PaperColumn("availability", say("Độ sẵn sàng", "Availability"), "share"),
        PaperColumn("faults", say("Số lần đứt", "Faults"), "count", is_summed=True),
        PaperColumn("lost", say("Thời gian đứt", "Down"), "duration", is_summed=True),
        PaperColumn("unknown", say("Không rõ", "Not known"), "duration"),
    ]
    rows: list[list[Cell]] = []
    for name, lines in by_carrier.items():
        tally = total_of(each.tally for each in lines)
        faults = sum(len(each.faults) for each in lines)
        rows.append([name, len(lines), tally.availability, faults, tally.lost, tally.unknown])
    title = say("Nhà mạng", "Carriers")
    blocks: list[Block] = [
        PaperTable("carriers", title, columns, rows),
        Bars(say("Độ sẵn sàng theo nhà mạng", "Availability by carrier"), shares),
        faults_table(draft, draft.account.lines),
    ]
    return Section("carriers", say("Đường truyền và nhà mạng", "Lines and carriers"), blocks)


def faults_table(draft: Draft, lines: Sequence[LineAccount]) -> PaperTable:
    """Every fault of these lines."""
    say = draft.say
    columns = [
        PaperColumn("line", say("Đường truyền", "Line"), weight=2.6),
        PaperColumn("carrier", say("Nhà mạng khi đó", "Carrier then")),
        PaperColumn("begin", say("Bắt đầu", "Began"), "moment", 1.3),
        PaperColumn("end", say("Kết thúc", "Ended"), "moment", 1.3),
        PaperColumn("duration", say("Kéo dài", "Lasted"), "duration"),
        PaperColumn("lost", say("Tính theo cam kết", "Counts"), "duration", is_summed=True),
        PaperColumn("over", say("Quá hạn khắc phục", "Over the time to repair"), "duration"),
        PaperColumn("evidence", say("Bằng chứng", "Evidence"), weight=1.8),
        PaperColumn("incident", say("Sự cố", "Incident"), weight=0.9),
        PaperColumn("acknowledged", say("Tiếp nhận", "Acknowledged"), weight=1.1),
    ]
    faults = sorted((f for each in lines for f in each.faults), key=lambda f: (f.begin, f.line))
    rows: list[list[Cell]] = [
        [
            draft.lines[fault.line],
            fault.carrier,
            fault.begin,
            fault.end,
            fault.end - fault.begin,
            fault.lost,
            fault.over or None,
            draft.told(draft.account.line_evidence(fault)),
            *draft.taken_on(f"link:{fault.line}", fault.begin, fault.end),
        ]
        for fault in faults
    ]
    return PaperTable("faults", say("Các lần đứt đường truyền", "Faults of lines"), columns, rows)


def lines_section(draft: Draft) -> Section:
    """Every line by itself."""
    say = draft.say
    columns = [
        PaperColumn("line", say("Đường truyền", "Line"), weight=3.2),
        PaperColumn("availability", say("Độ sẵn sàng", "Availability"), "share"),
        PaperColumn("agreed", say("Trong giờ cam kết", "In agreed hours"), "share"),
        PaperColumn("strict", say("Tính chặt", "Strict"), "share"),
        PaperColumn("faults", say("Số lần đứt", "Faults"), "count", 0.8, is_summed=True),
        PaperColumn("lost", say("Thời gian đứt", "Down"), "duration", is_summed=True),
        PaperColumn("busy", say("Tải 95 %", "95th pct"), "share"),
        PaperColumn("unknown", say("Không rõ", "Not known"), "duration"),
    ]
    rows: list[list[Cell]] = [
        [
            draft.lines[each.line.id],
            each.tally.availability,
            each.agreed.availability,
            each.agreed.strict,
            len(each.faults),
            each.agreed.lost,
            draft.measures.busy.get(each.line.id),
            each.tally.unknown,
        ]
        for each in draft.account.lines
    ]
    title = say("Từng đường truyền", "Each line")
    return Section("lines", title, [PaperTable("lines", title, columns, rows)])


def contracts_section(draft: Draft) -> Section:
    """Every contract: what was agreed, and what was missed by how much."""
    say, found = draft.say, draft.account.contracts
    if not found:
        nothing = say(
            "Kho dữ liệu chưa có thỏa thuận nào với nhà mạng (mục contracts).",
            "The inventory has nothing that was agreed with carriers (section contracts).",
        )
        return Section("contracts", say("Hợp đồng", "Contracts"), [Sentences([nothing])])
    columns = [
        PaperColumn("contract", say("Hợp đồng", "Contract"), weight=1.6),
        PaperColumn("carrier", say("Nhà mạng", "Carrier")),
        PaperColumn("lines", say("Đường truyền", "Lines"), "count", 0.8),
        PaperColumn("agreed", say("Cam kết", "Agreed"), "share"),
        PaperColumn("reached", say("Đạt được", "Reached"), "share"),
        PaperColumn("lost", say("Thời gian đứt", "Down"), "duration"),
        PaperColumn("allowed", say("Được phép", "Allowed"), "duration"),
        PaperColumn("missed", say("Vượt mức", "Beyond it"), "duration"),
        PaperColumn("late", say("Lần quá hạn", "Late repairs"), "count", 0.8),
        PaperColumn("ends", say("Hết hạn", "Ends")),
    ]
    title = say("Hợp đồng", "Contracts")
    table = PaperTable("contracts", title, columns, [_contract_row(each) for each in found])
    lines = [line for each in found for line in _missed(draft, each)]
    return Section("contracts", title, [table, Sentences(lines)])


def _contract_row(account: ContractAccount) -> list[Cell]:
    contract = account.contract
    return [
        contract.number,
        contract.carrier,
        len(account.lines),
        contract.availability,
        account.tally.availability,
        account.tally.lost,
        account.allowed,
        account.missed,
        len(account.late),
        f"{contract.end:%d/%m/%Y}" if contract.end else None,
    ]


def _missed(draft: Draft, account: ContractAccount) -> list[str]:
    """What was missed of a contract, line by line, in words."""
    say, words, contract = draft.say, draft.words, account.contract
    said = []
    for each in account.lines:
        share, agreed = each.agreed.availability, contract.availability
        if agreed is not None and share is not None and share < agreed:
            points = words.number((agreed - share) * 100, 3)
            over = words.duration(_over(each, agreed))
            said.append(
                say(
                    f"{contract.number}: {draft.lines[each.line.id]} đạt {words.share(share)},"
                    f" thiếu {points} điểm phần trăm so với {words.share(agreed)} đã cam kết,"
                    f" tức là đứt quá mức cho phép {over}.",
                    f"{contract.number}: {draft.lines[each.line.id]} reached {words.share(share)},"
                    f" {points} percentage points short of the agreed {words.share(agreed)}:"
                    f" it was down {over} longer than allowed.",
                )
            )
    return [*said, *(_late(draft, contract.number, fault) for fault in account.late)]


def _late(draft: Draft, number: str, fault: LineFault) -> str:
    words, line = draft.words, draft.lines[fault.line]
    began, over = words.moment(fault.begin), words.duration(fault.over)
    return draft.say(
        f"{number}: {line} đứt từ {began}, khắc phục chậm {over}.",
        f"{number}: {line}, down from {began}, was mended {over} late.",
    )


def _over(account: LineAccount, agreed: float) -> float:
    tally = account.agreed
    return tally.lost - (tally.reached + tally.lost) * (1 - agreed)
