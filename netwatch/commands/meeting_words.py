"""What commands call things of meetings: Vietnamese first, English second."""

from __future__ import annotations

from netwatch.meetings.readiness import FindingKind, Readiness
from netwatch.meetings.records.record import MeetingVerdict

READINESS = {
    Readiness.READY: "sẵn sàng / ready",
    Readiness.UNKNOWN: "chưa rõ / unknown",
    Readiness.AT_RISK: "có rủi ro / at risk",
    Readiness.NOT_READY: "CHƯA SẴN SÀNG / NOT READY",
}
FINDINGS = {
    FindingKind.UNREACHABLE: "không tới được / unreachable",
    FindingKind.FAILED: "không đạt / failed",
    FindingKind.NOT_READY: "không nhận cuộc gọi / takes no call",
    FindingKind.NOT_REGISTERED: "chưa đăng ký tổng đài / not registered",
    FindingKind.BUSY: "đang bận / busy",
    FindingKind.PERIPHERAL: "thiết bị kèm theo lỗi / a camera, microphone or screen has a fault",
    FindingKind.POOR_LINE: "đường truyền kém / poor line",
    FindingKind.OVERLOAD: "đường truyền không đủ dung lượng / line too small for the calls",
    FindingKind.WANTED_TWICE: "trùng lịch họp / wanted by two meetings",
    FindingKind.UNMEASURED: "không đo được / not measured",
}
LEVELS = {
    "province-district": "tỉnh – huyện / province and districts",
    "district-commune": "huyện – xã / district and communes",
    "province-commune": "tỉnh – xã / province and communes",
    "province": "cấp tỉnh / of the province",
    "district": "cấp huyện / of a district",
    "commune": "cấp xã / of a commune",
    "central": "trung ương / of the country",
}
"""Between whom meetings are held, as the status page has it."""


def level_words(level: str) -> str:
    """What a level is called; one of the inventory's own stands as it is written there."""
    return LEVELS.get(level, level)


VERDICTS = {
    MeetingVerdict.HELD: "họp trực tuyến / held online",
    MeetingVerdict.NOT_HELD: "KHÔNG họp trực tuyến / NOT held online",
    MeetingVerdict.UNKNOWN: "chưa rõ / unknown",
}
