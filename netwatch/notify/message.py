"""What people are told of an alert: in Vietnamese, when it began, when it was over, how long."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from netwatch.notify.alerts import Alert

MAX_LENGTH = 1500
"""Characters of a message: Zalo takes 2000."""


def message(alert: Alert, zone: ZoneInfo) -> str:
    """The text that is sent of an alert: once as it begins, once when it is over."""
    is_over = alert.status == "resolved"
    summary = vietnamese(alert.annotations.get("summary", ""))
    lines = [
        f"{'ĐÃ HẾT' if is_over else 'SỰ CỐ'}: {summary or alert.labels.get('alertname', '?')}",
        vietnamese(alert.annotations.get("description", "")),
        f"Báo lúc {_time(alert.begun, zone)}",
    ]
    if is_over:
        lasted = (alert.ended - alert.begun).total_seconds()
        lines.append(f"Hết lúc {_time(alert.ended, zone)}, kéo dài {span(lasted)}")
    return _cut("\n".join(_on_one_line(line) for line in lines if line))


def vietnamese(text: str) -> str:
    """The first half of a text in two languages, as the rules write them: ``vi / en``."""
    return text.partition(" / ")[0].strip()


def span(seconds: float) -> str:
    """A duration in words, as ``1 giờ 05 phút``."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} ngày {hours} giờ"
    if hours:
        return f"{hours} giờ {minutes:02} phút"
    return f"{minutes} phút {rest:02} giây" if minutes else f"{rest} giây"


def without_marks(text: str) -> str:
    """A text in ASCII letters: a short message holds more than twice as many of them."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return plain.encode("ascii", "ignore").decode()


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M %d/%m/%Y")


def _on_one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _cut(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else f"{text[: MAX_LENGTH - 1]}…"
