"""Why something could not be measured, or failed: Vietnamese first, then the metrics' word."""

from __future__ import annotations

from netwatch.core.result import Reason

REASONS: dict[Reason, str] = {
    Reason.OK: "thông",
    Reason.TIMEOUT: "không trả lời",
    Reason.REFUSED: "từ chối kết nối",
    Reason.RESET: "ngắt kết nối",
    Reason.HOST_UNREACHABLE: "không tới được máy",
    Reason.NETWORK_UNREACHABLE: "không tới được mạng",
    Reason.PROHIBITED: "bị tường lửa chặn",
    Reason.TTL_EXCEEDED: "đi vòng, hết TTL",
    Reason.SILENT: "nhận kết nối rồi im lặng",
    Reason.TARPIT: "giữ chân, trả lời nhỏ giọt",
    Reason.PROTOCOL_ERROR: "trả lời sai giao thức",
    Reason.UNEXPECTED_ANSWER: "trả lời khác mong đợi",
    Reason.CERTIFICATE_EXPIRED: "chứng thư số hết hạn",
    Reason.CERTIFICATE_INVALID: "chứng thư số không hợp lệ",
    Reason.AUTHENTICATION: "sai mật khẩu hoặc quyền",
    Reason.BAD_AGENT: "SNMP trả lời sai",
    Reason.NO_RESULT: "không có kết quả mới",
    Reason.LOCAL_ERROR: "máy này không đo được",
}


def why(reason: Reason, detail: str = "") -> str:
    """A reason in both languages, with what the probe or the device said, as it came."""
    words = f"{REASONS[reason]} / {reason}"
    return f"{words}: {detail}" if detail else words
