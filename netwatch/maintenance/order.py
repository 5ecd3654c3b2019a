"""What people write to announce work, on the command line or on the page, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from netwatch.core.units import parse_duration
from netwatch.maintenance.announcements import parse_place
from netwatch.maintenance.refused import MaintenanceError
from netwatch.maintenance.request import MaintenanceRequest
from netwatch.maintenance.when import parse_when


@dataclass(frozen=True, slots=True)
class MaintenanceOrder:
    """Texts as they were written; what was left empty is not given.

    Attributes:
        place: ``SITE``, ``SITE/TARGET``, ``branch:SITE``, ``link:LINK`` or ``carrier:NAME``.
        reason: why.
        begins: a time; empty: now.
        ends: a time.
        lasts: a duration, as ``2h``.
        repeat: a rule of RFC 5545.
    """

    place: str
    reason: str
    begins: str = ""
    ends: str = ""
    lasts: str = ""
    repeat: str = ""

    def request(self, zone: ZoneInfo, now: float) -> MaintenanceRequest:
        """What is meant; whether it can be announced is not judged yet.

        Args:
            zone: of the province.
            now: unix time.

        Raises:
            MaintenanceError: a time or a duration can't be read.
        """
        kind, name = parse_place(self.place)
        return MaintenanceRequest(
            kind=kind,
            name=name,
            reason=self.reason,
            begins=_time("--from", self.begins, zone, now),
            ends=_time("--until", self.ends, zone, now),
            lasts=_duration(self.lasts),
            repeat=self.repeat or None,
        )


def _time(option: str, text: str, zone: ZoneInfo, now: float) -> float | None:
    try:
        return parse_when(text, zone, now) if text else None
    except ValueError as error:
        vi = f"{text[:64]!r} không phải thời điểm; hãy ghi ngày/tháng/năm giờ:phút"
        raise MaintenanceError(option, "invalid", vi, str(error)) from None


def _duration(text: str) -> float | None:
    try:
        return parse_duration(text) if text else None
    except ValueError as error:
        vi = f"{text[:64]!r} không phải thời lượng; hãy ghi ví dụ 30m, 2h"
        raise MaintenanceError("--for", "invalid", vi, str(error)) from None
