"""Numbers, times and names as people read them, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Literal
from zoneinfo import ZoneInfo

from netwatch.core.state import State
from netwatch.report.account.period import Period
from netwatch.report.content import Cell, CellKind, one_line

LanguageName = Literal["vi", "en"]

NOTHING = "–"
"""Where nothing is known."""

_STATES = {
    State.UNKNOWN: ("chưa rõ", "unknown"),
    State.UP: ("thông suốt", "up"),
    State.DEGRADED: ("suy giảm", "degraded"),
    State.UNREACHABLE: ("không tới được", "unreachable"),
    State.DOWN: ("mất kết nối", "down"),
    State.MAINTENANCE: ("bảo trì", "maintenance"),
}


@dataclass(frozen=True, slots=True)
class PaperWords:
    """Says everything in one language, with times of one zone."""

    language: LanguageName
    zone: ZoneInfo

    def say(self, vi: str, en: str) -> str:
        """The text in this language."""
        return vi if self.language == "vi" else en

    def state(self, state: State) -> str:
        """A state in words."""
        return self.say(*_STATES[state])

    def number(self, value: float, digits: int = 0) -> str:
        """``1.234,5`` in Vietnamese, ``1,234.5`` in English."""
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def share(self, share: float | None) -> str:
        """A percentage, rounded down, so that 100 % is only what is whole."""
        if share is None:
            return NOTHING
        digits, _, rest = f"{floor(share * 1e5 + 1e-6) / 1e3:.3f}".partition(".")
        rest = rest.rstrip("0")
        return f"{digits}{self.say(',', '.') if rest else ''}{rest}\u00a0%"

    def duration(self, milliseconds: float | None) -> str:
        """Days, hours, minutes and seconds."""
        if milliseconds is None:
            return NOTHING
        seconds = round(milliseconds / 1000)
        days, rest = divmod(seconds, 86400)
        clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
        if not days:
            return clock
        return f"{days} {self.say('ngày', 'day' if days == 1 else 'days')} {clock}"

    def moment(self, milliseconds: float | None) -> str:
        """Day and time of day."""
        if milliseconds is None:
            return NOTHING
        return f"{datetime.fromtimestamp(milliseconds / 1000, self.zone):%d/%m/%Y %H:%M:%S}"

    def cell(self, value: Cell, kind: CellKind) -> str:
        """The text of a cell."""
        if isinstance(value, str):
            return value
        if kind == "milliseconds":
            return NOTHING if value is None else f"{self.number(value, 1)} ms"
        said = {"share": self.share, "duration": self.duration, "moment": self.moment}
        return said.get(kind, self._count)(value)

    def _count(self, value: float | None) -> str:
        return NOTHING if value is None else self.number(value)

    def period(self, period: Period) -> str:
        """A period in words."""
        first = period.first
        if period.is_year:
            return self.say(f"năm {first:%Y}", f"the year {first:%Y}")
        return self.say(f"tháng {first:%m} năm {first:%Y}", f"{_MONTHS[first.month]} {first:%Y}")

    def root(self, root: str, lines: Mapping[str, str]) -> str:
        """What was at fault, in words.

        Args:
            root: as the journal has it.
            lines: what each line is called, by id.
        """
        kind, _, id_ = root.partition(":")
        if kind == "link":
            return self.say("đường truyền ", "line ") + lines.get(id_, id_)
        if kind == "path":
            return self.say("đường không ổn định đến ", "unstable path to ") + id_
        return self.say("thiết bị ", "device ") + id_ if id_ else NOTHING

    def evidence(self, details: Mapping[str, object]) -> str:
        """What was found out as something failed, in words; empty when nothing is known."""
        said = []
        near, power, trace = (details.get(each) for each in ("near_end", "power", "trace"))
        if isinstance(power, Mapping):
            target = power.get("target", "")
            said.append(self.say(f"mất điện, UPS {target} dùng ắc quy", f"power cut, UPS {target}"))
        if isinstance(near, Mapping):
            where = f"{near.get('target')} {near.get('interface')}: {near.get('oper_status')}"
            said.append(self.say(f"cổng {where}", f"interface {where}"))
        if isinstance(trace, Mapping) and not trace.get("reached"):
            hop = trace.get("last_hop") or self.say("không nút nào", "no hop")
            said.append(self.say(f"đường đi dừng ở {hop}", f"path ends at {hop}"))
        return one_line("; ".join(said))


_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
