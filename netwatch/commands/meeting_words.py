"""What commands call things of meetings: Vietnamese first, English second."""

from __future__ import annotations

from netwatch.meetings.readiness import Readiness, What
from netwatch.meetings.record import Verdict

READINESS = {
    Readiness.READY: "sẵn sàng / ready",
    Readiness.UNKNOWN: "chưa rõ / unknown",
    Readiness.AT_RISK: "có rủi ro / at risk",
    Readiness.NOT_READY: "CHƯA SẴN SÀNG / NOT READY",
}
FINDINGS = {
    What.UNREACHABLE: "không tới được / unreachable",
    What.FAILED: "không đạt / failed",
    What.NOT_READY: "không nhận cuộc gọi / takes no call",
    What.NOT_REGISTERED: "chưa đăng ký tổng đài / not registered",
    What.BUSY: "đang bận / busy",
    What.PERIPHERAL: "thiết bị kèm theo lỗi / a camera, microphone or screen has a fault",
    What.POOR_LINE: "đường truyền kém / poor line",
    What.OVERLOAD: "đường truyền không đủ dung lượng / line too small for the calls",
    What.WANTED_TWICE: "trùng lịch họp / wanted by two meetings",
    What.UNMEASURED: "không đo được / not measured",
}
VERDICTS = {
    Verdict.HELD: "họp trực tuyến / held online",
    Verdict.NOT_HELD: "KHÔNG họp trực tuyến / NOT held online",
    Verdict.UNKNOWN: "chưa rõ / unknown",
}
