"""Words and colours that operators see: Vietnamese first, English second."""

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

from netwatch.core.state import State

GREY = "#8e8e8e"
"""What isn't known. Never green: not measured is no good news."""


class Word(NamedTuple):
    """How a value is shown."""

    vi: str
    en: str
    colour: str

    @property
    def both(self) -> str:
        """Both languages."""
        return both(self.vi, self.en)


Words = Mapping[State, Word] | Mapping[int, Word] | Mapping[str, Word]
"""What each value is called."""


def both(vi: str, en: str) -> str:
    """One text in both languages."""
    return f"{vi} / {en}"


NO_DATA = Word("không có số liệu", "no data", GREY)
NONE = "–"
"""In a cell where there is nothing to show."""

STATES: dict[State, Word] = {
    State.DOWN: Word("mất kết nối", "down", "red"),
    State.UNREACHABLE: Word("không tới được", "unreachable", "purple"),
    State.DEGRADED: Word("suy giảm", "degraded", "orange"),
    State.UNKNOWN: Word("chưa rõ", "unknown", GREY),
    State.MAINTENANCE: Word("bảo trì", "maintenance", "blue"),
    State.UP: Word("thông suốt", "up", "green"),
}
"""The worst first."""

FLOWS = {
    3: Word("bị vi phạm", "violated", "red"),
    2: Word("bị đứt", "broken", "orange"),
    1: Word("đúng như mong đợi", "as expected", "green"),
    0: Word("chưa rõ", "unknown", GREY),
}
"""Values of ``queries.FLOW_STATE``."""

EXPECTED = {
    "pass": Word("phải thông", "pass", "text"),
    "blocked": Word("phải chặn", "blocked", "text"),
}
"""The label ``expect`` of a flow."""

CAUSE_KINDS = {
    "link": Word("đường truyền", "line", "text"),
    "target": Word("thiết bị", "device", "text"),
}
"""The label ``kind`` of a root cause."""

SIGHT = {
    0: Word("bị mù", "blind", "red"),
    1: Word("nhìn thấy", "sees", "green"),
}

GOAL = {
    0: Word("chưa đạt", "missed", "red"),
    1: Word("đạt", "met", "green"),
}

READINESS = {
    3: Word("chưa sẵn sàng", "not ready", "red"),
    2: Word("có rủi ro", "at risk", "orange"),
    1: Word("chưa rõ", "unknown", GREY),
    0: Word("sẵn sàng", "ready", "green"),
}
"""Values of ``netwatch_meeting_room_readiness``."""

PHASES = {
    0: Word("chưa đến", "planned", "text"),
    1: Word("sắp họp", "near", "blue"),
    2: Word("đang họp", "under way", "green"),
    3: Word("đã xong", "over", "text"),
}
"""Values of ``netwatch_meeting_phase``."""

SUCCESS = {
    0: Word("không đạt", "failed", "red"),
    1: Word("đạt", "passed", "green"),
}

INTERFACE = {
    1: Word("hoạt động", "up", "green"),
    2: Word("ngừng", "down", "red"),
    3: Word("thử nghiệm", "testing", "blue"),
    4: Word("chưa rõ", "unknown", GREY),
    5: Word("chờ", "dormant", "orange"),
    6: Word("không có", "not present", "red"),
    7: Word("tầng dưới ngừng", "lower layer down", "red"),
}
"""ifOperStatus and ifAdminStatus of RFC 2863."""


def mappings(words: Words) -> list[ValueMapping]:
    """Value mappings of Grafana; the absence of a value is grey, also when there are no words."""
    shown = {
        str(value): ValueMappingResult(text=word.both, color=word.colour, index=index)
        for index, (value, word) in enumerate(words.items())
    }
    nothing = ValueMappingResult(text=NO_DATA.both, color=NO_DATA.colour, index=len(shown))
    options = DashboardSpecialValueMapOptions(match=SpecialValueMatch.NULL_AND_NAN, result=nothing)
    absent = SpecialValueMap(options=options)
    return [ValueMap(options=shown), absent] if shown else [absent]
