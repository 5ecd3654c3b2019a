"""Whether a device has been restarted between two polls: from sysUpTime and snmpEngineBoots.

sysUpTime counts hundredths of a second in 32 bits, so it begins anew after 497 days; that is no
restart. snmpEngineBoots (RFC 3411) would tell, but there are devices that never raise it, and some
that forget it. So a step up of it is believed, and otherwise the uptime decides.
"""

from __future__ import annotations

from dataclasses import dataclass

WRAP = 2**32
"""Hundredths of a second after which sysUpTime begins anew: 497.1 days."""

_SLACK = 3000.0
"""Hundredths of a second by which a device's clock and the time of an answer may be off."""

_DRIFT = 0.05
"""Share of the elapsed time by which a device's clock may be off."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a device says of its age.

    Attributes:
        at: when it said so, monotonic seconds of ours.
        uptime: sysUpTime, hundredths of a second.
        boots: snmpEngineBoots; None when the device has none.
    """

    at: float
    uptime: float
    boots: float | None = None


def restarted(before: Clock, now: Clock) -> bool:
    """Whether the device was started between the two."""
    if before.boots is not None and now.boots is not None and now.boots > before.boots:
        return True
    elapsed = max(now.at - before.at, 0.0) * 100
    tolerance = _SLACK + _DRIFT * elapsed
    off = (now.uptime - before.uptime - elapsed) % WRAP
    if min(off, WRAP - off) <= tolerance:
        return False  # it went on counting, perhaps past the wrap
    # Whatever was started since the last poll can't have been up for longer than that.
    return now.uptime <= elapsed + tolerance
