"""Words that operators see, with their colours: Vietnamese first, English second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from grafana_foundation_sdk.models.dashboard import (
    DashboardSpecialValueMapOptions,
    SpecialValueMap,
    SpecialValueMatch,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from dashboards.grafana.colours import AMBER, BLUE, CLEAR, GREY, PLAIN, PURPLE, RED, VIOLET
from netwatch.core.state import State


class Word(NamedTuple):
    """How a value is shown."""

    vi: str
    en: str
    colour: str

    @property
    def both(self) -> str:
        """Both languages, or what needs none."""
        return self.vi if self.vi == self.en else both(self.vi, self.en)


Words = Mapping[State, Word] | Mapping[int, Word] | Mapping[str, Word]
"""What each value is called."""


def both(vi: str, en: str) -> str:
    """One text in both languages."""
    return f"{vi} / {en}"


def perhaps(vi: str, en: str) -> str:
    """Why a panel may rightly be empty; it can't know whether it is for that reason."""
    return both(f"{vi}, hoặc không có số liệu", f"{en}, or no data")


NO_DATA = Word("không có số liệu", "no data", GREY)
"""Where something is missing that should be there."""

NONE = "–"
"""In a cell where there is nothing to show, and nothing is missing."""

NOTHING = Word(NONE, NONE, CLEAR)
"""The same as a word, of a value that stands for it."""

NOTHING_KNOWN = both("Prometheus chưa có số liệu của netwatch", "nothing of netwatch in Prometheus")
"""On a table that would have a row even when all is well."""

NO_RULES = both("Chưa nạp quy tắc", "rules not loaded")
"""On a panel that rests on the rules of ``config/prometheus``."""

STATES: dict[State, Word] = {
    State.DOWN: Word("mất kết nối", "down", RED),
    State.UNREACHABLE: Word("không tới được", "unreachable", VIOLET),
    State.DEGRADED: Word("suy giảm", "degraded", AMBER),
    State.UNKNOWN: Word("chưa rõ", "unknown", GREY),
    State.MAINTENANCE: Word("bảo trì", "maintenance", PURPLE),
    State.UP: Word("thông suốt", "up", BLUE),
}
"""The worst first: what isn't known stands above what is well."""

STATE_LABELS = {state.label: word for state, word in STATES.items()}
"""Values of the label ``state``."""

RANKED_STATES = dict(zip(range(5, -1, -1), STATES.values(), strict=True))
"""Values of ``queries.ranked``, of which the greatest is the worst."""

_OF_LINES = {
    State.DOWN: Word("đường bị đứt", "line is cut", RED),
    State.UNREACHABLE: Word("một đầu không tới được", "an end unreachable", VIOLET),
    State.DEGRADED: Word("thiết bị ở một đầu suy giảm", "device degraded", AMBER),
}
LINES = dict(zip(range(5, -1, -1), (STATES | _OF_LINES).values(), strict=True))
"""Values of ``queries.ranked`` of lines: only the worst one is the line's own fault."""

FLOWS = {
    3: Word("bị vi phạm", "violated", RED),
    2: Word("bị đứt", "broken", AMBER),
    1: Word("chưa rõ", "unknown", GREY),
    0: Word("đúng như mong đợi", "as expected", BLUE),
}
"""Values of ``queries.FLOW_RANK``."""

EXPECTED = {
    "pass": Word("phải thông", "pass", PLAIN),
    "blocked": Word("phải chặn", "blocked", PLAIN),
}
"""The label ``expect`` of a flow."""

BLOCKS = {
    "drop": Word("im lặng", "dropped", PLAIN),
    "reject": Word("từ chối", "rejected", PLAIN),
    "reset": Word("ngắt ngay", "reset", PLAIN),
    "silent": Word("nhận rồi im", "silent", PLAIN),
    "tarpit": Word("giữ lại", "held up", PLAIN),
}
"""The label ``block`` of a flow."""

INCIDENTS = {
    "line": Word("đứt đường truyền", "line cut", PLAIN),
    "device": Word("thiết bị ngừng", "device down", PLAIN),
    "power": Word("mất điện", "power cut", PLAIN),
    "unstable": Word("đường đi không ổn định", "path unstable", PLAIN),
    "violated": Word("vi phạm liên thông", "flow violated", PLAIN),
    "broken": Word("đứt liên thông", "flow broken", PLAIN),
    "meeting": Word("họp trực tuyến", "meeting", PLAIN),
    "collector": Word("bộ giám sát", "collector", PLAIN),
    "vantage": Word("điểm đo im lặng", "vantage silent", PLAIN),
    "certificate": Word("chứng thư số", "certificate", PLAIN),
    "longer": Word("đường đi dài hơn", "longer path", PLAIN),
    "none": Word("không có", "none", PLAIN),
}
"""The label ``kind`` of an incident."""

SEVERITIES = {
    "critical": Word("khẩn cấp", "critical", RED),
    "warning": Word("cảnh báo", "warning", AMBER),
    "info": Word("thông tin", "info", GREY),
    "none": Word("bình thường", "all well", BLUE),
}
"""The label ``severity`` of an incident or an alert."""

ACKNOWLEDGED = {
    0: Word("chưa ai nhận", "nobody", AMBER),
    1: Word("đã nhận", "yes", BLUE),
}
"""Values of ``netwatch_incident_acknowledged``."""

REASONS = {
    "timeout": Word("hết giờ chờ", "timeout", PLAIN),
    "refused": Word("bị từ chối", "refused", PLAIN),
    "reset": Word("bị ngắt", "reset", PLAIN),
    "host_unreachable": Word("không tới được máy", "host unreachable", PLAIN),
    "network_unreachable": Word("không tới được mạng", "network unreachable", PLAIN),
    "prohibited": Word("bị cấm", "prohibited", PLAIN),
    "ttl_exceeded": Word("đi vòng", "TTL exceeded", PLAIN),
    "silent": Word("im lặng", "silent", PLAIN),
    "tarpit": Word("bị giữ lại", "held up", PLAIN),
    "protocol_error": Word("sai giao thức", "protocol error", PLAIN),
    "unexpected_answer": Word("trả lời khác", "unexpected answer", PLAIN),
    "certificate_expired": Word("chứng thư hết hạn", "certificate expired", PLAIN),
    "certificate_invalid": Word("chứng thư sai", "certificate invalid", PLAIN),
    "authentication": Word("sai đăng nhập", "authentication", PLAIN),
    "bad_agent": Word("SNMP hỏng", "bad agent", PLAIN),
    "local_error": Word("lỗi tại bộ giám sát", "local error", PLAIN),
    "no_result": Word("không đo được", "no result", PLAIN),
}
"""The label ``reason`` of a failure."""

ROOM_REASONS = {
    "unreachable": Word("không tới được", "unreachable", PLAIN),
    "failed": Word("không trả lời", "failed", PLAIN),
    "not-ready": Word("chưa nhận cuộc gọi", "takes no call", PLAIN),
    "not-registered": Word("chưa đăng ký", "not registered", PLAIN),
    "busy": Word("đang bận", "busy", PLAIN),
    "peripheral": Word("thiết bị ngoại vi lỗi", "peripheral", PLAIN),
    "poor-line": Word("đường truyền kém", "poor line", PLAIN),
    "overload": Word("đường truyền quá tải", "overload", PLAIN),
    "wanted-twice": Word("bị đặt hai lần", "wanted twice", PLAIN),
    "unmeasured": Word("chưa đo được", "unmeasured", PLAIN),
}
"""The label ``reason`` of a room of a meeting."""

ROLES = {
    "router": Word("bộ định tuyến", "router", PLAIN),
    "switch": Word("bộ chuyển mạch", "switch", PLAIN),
    "firewall": Word("tường lửa", "firewall", PLAIN),
    "codec": Word("thiết bị họp", "codec", PLAIN),
    "mcu": Word("máy chủ họp", "MCU", PLAIN),
    "server": Word("máy chủ", "server", PLAIN),
    "exchange": Word("trục liên thông", "exchange", PLAIN),
    "portal": Word("cổng thông tin", "portal", PLAIN),
    "mail": Word("thư điện tử", "mail", PLAIN),
    "gatekeeper": Word("điều khiển cuộc gọi", "gatekeeper", PLAIN),
    "turn": Word("chuyển tiếp cuộc gọi", "TURN", PLAIN),
}
"""The label ``role`` of a target; a province may have others, which stay as they are."""

LEVELS = {
    "province-district": Word("tỉnh – huyện", "province–district", PLAIN),
    "district-commune": Word("huyện – xã", "district–commune", PLAIN),
    "centre-province": Word("trung ương – tỉnh", "centre–province", PLAIN),
    "province": Word("trong tỉnh", "province", PLAIN),
}
"""The label ``level`` of a meeting; a province may have others, which stay as they are."""

SIGHT = {
    -1: Word("không trả lời", "no answer", RED),
    0: Word("bị mù", "blind", RED),
    1: Word("nhìn thấy", "sees", BLUE),
}

BLIND = {-1: Word("bị mù", "blind", GREY)}
"""In the place of a count that nobody can know."""

NO_MEETING = {-1: Word("không họp", "no meeting", CLEAR)}
"""In the place of the rooms of a meeting, while none is near."""

READINESS = {
    3: Word("chưa sẵn sàng", "not ready", RED),
    2: Word("có rủi ro", "at risk", AMBER),
    1: Word("chưa rõ", "unknown", GREY),
    0: Word("sẵn sàng", "ready", BLUE),
}
"""Values of ``netwatch_meeting_room_readiness``."""

READINESS_LABELS = dict(
    zip(("not_ready", "at_risk", "unknown", "ready"), READINESS.values(), strict=True)
)
"""The label ``readiness``."""

PHASES = {
    0: Word("chưa đến", "planned", CLEAR),
    1: Word("sắp họp", "near", PURPLE),
    2: Word("đang họp", "under way", BLUE),
    3: Word("đã xong", "over", CLEAR),
}
"""Values of ``netwatch_meeting_phase``."""

SUCCESS = {
    0: Word("không đạt", "failed", RED),
    1: Word("đạt", "passed", BLUE),
}

INTERFACE = {
    1: Word("hoạt động", "up", BLUE),
    2: Word("ngừng", "down", RED),
    3: Word("thử nghiệm", "testing", PURPLE),
    4: Word("chưa rõ", "unknown", GREY),
    5: Word("chờ", "dormant", AMBER),
    6: Word("không có", "not present", RED),
    7: Word("tầng dưới ngừng", "lower layer down", RED),
}
"""ifOperStatus and ifAdminStatus of RFC 2863."""


def mappings(words: Words, absent: Word = NO_DATA) -> list[ValueMapping]:
    """Value mappings of Grafana; the absence of a value is told too, also without words."""
    shown = {
        str(value): ValueMappingResult(text=word.both, color=word.colour, index=index)
        for index, (value, word) in enumerate(words.items())
    }
    nothing = ValueMappingResult(text=absent.both, color=absent.colour, index=len(shown))
    options = DashboardSpecialValueMapOptions(match=SpecialValueMatch.NULL_AND_NAN, result=nothing)
    missing = SpecialValueMap(options=options)
    return [ValueMap(options=shown), missing] if shown else [missing]
