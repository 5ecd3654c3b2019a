"""Which sites were last seen on the battery of a UPS: what fell silent there then has no power.

A UPS is believed in what it says its output runs on, never by its charge: one that is empty and on
line is no power cut.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Readings, Result

MAX_AGE = 900.0
"""Seconds for which the last word of a UPS explains that its site went silent."""

_BATTERY = {
    "upsBasicOutputStatus": 3.0,
    "cpsBaseOutputStatus": 3.0,
    "xppcBaseOutputStatus": 3.0,
    "upsmgOutputOnBattery": 1.0,
    "socomecBatteryStatus": 5.0,
    "xupsOutputSource": 5.0,
    "upsOutputSource": 5.0,
}
"""What says that the output runs on battery, by metric: of PowerNet-MIB, CPS-MIB, XPPC-MIB,
MG-SNMP-UPS-MIB, SOCOMECUPS-MIB, XUPS-MIB, RFC 1628. The maker's own goes first, because it tells a
test of the battery from a power cut."""


def on_battery(readings: Readings) -> bool | None:
    """Whether a UPS runs on battery; None when the device is none, or does not say."""
    said: dict[str, float] = {}
    for (name, labels), value in zip(readings.series, readings.values, strict=True):
        if labels:
            break  # single objects come first
        if name in _BATTERY:
            said[name] = value
    return next((said[name] == value for name, value in _BATTERY.items() if name in said), None)


@dataclass(frozen=True, slots=True)
class OnBattery:
    """A UPS that ran on battery when it was read last.

    Attributes:
        target: ``site/target``.
        read: unix time of that reading.
    """

    target: str
    read: float


class Batteries:
    """The UPSs that ran on battery when they were read last. It is a ``ResultConsumer``."""

    def __init__(self) -> None:
        self._read: dict[str, dict[str, float]] = {}  # unix times by site and target

    def report(self, result: Result) -> None:
        """Note what a poll says of a UPS; a poll that fails changes nothing."""
        if result.outcome is not Outcome.SUCCESS or not result.samples:
            return
        check = result.check
        if (is_on := on_battery(result.samples)) is None:
            return
        site = self._read.setdefault(check.site, {})
        if is_on:
            site[check.target] = time.time()
        else:
            site.pop(check.target, None)

    def forget(self, check: Check) -> None:
        """Nothing: that a UPS is silent now is what its last word explains."""

    def watch(self, places: Iterable[tuple[str, str]]) -> None:
        """Forget all UPSs but those at these targets."""
        kept = set(places)
        self._read = {
            site: {target: at for target, at in found.items() if (site, target) in kept}
            for site, found in self._read.items()
        }

    def at(self, site: str, now: float) -> OnBattery | None:
        """The UPS of a site that ran on battery last; None when none did so lately.

        Args:
            site: its id.
            now: unix time.
        """
        found = self._read.get(site, {})
        target = max(found, key=found.__getitem__, default=None)
        if target is None or now - found[target] > MAX_AGE:
            return None
        return OnBattery(f"{site}/{target}", found[target])
