"""Whether a device was restarted between two polls: from sysUpTime and snmpEngineBoots.

sysUpTime counts hundredths of a second in 32 bits, so it wraps after 497 days; that is no restart.
snmpEngineBoots (RFC 3411) should count restarts, but some devices never raise it, and some forget
it. So when it grew, that is believed; otherwise the uptime decides.
"""

from __future__ import annotations

from dataclasses import dataclass

UPTIME_WRAP = 2**32
"""Hundredths of a second after which sysUpTime wraps to 0: 497.1 days."""

_MAX_CLOCK_ERROR = 3000.0
"""Hundredths of a second by which a device's clock and the time of an answer may be off."""

_MAX_CLOCK_DRIFT = 0.05
"""Share of the elapsed time by which a device's clock may be off."""


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """A device's uptime and boots at one poll.

    Attributes:
        at: when it answered, monotonic seconds of this machine.
        uptime: sysUpTime, hundredths of a second.
        boots: snmpEngineBoots; None when the device has none.
    """

    at: float
    uptime: float
    boots: float | None = None


def restarted(before: DeviceClock, now: DeviceClock) -> bool:
    """Whether the device was restarted between two polls."""
    if before.boots is not None and now.boots is not None and now.boots > before.boots:
        return True
    elapsed = max(now.at - before.at, 0.0) * 100
    tolerance = _MAX_CLOCK_ERROR + _MAX_CLOCK_DRIFT * elapsed
    off = (now.uptime - before.uptime - elapsed) % UPTIME_WRAP
    if min(off, UPTIME_WRAP - off) <= tolerance:
        return False  # it went on counting, perhaps past the wrap
    # Whatever was started since the last poll can't have been up for longer than that.
    return now.uptime <= elapsed + tolerance
