"""How often each device restarted, as its uptime and its SNMP engine's boots tell."""

from __future__ import annotations

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Readings, Result
from netwatch.export.exporter import ResultExporter, Watched
from netwatch.metrics import Registry
from netwatch.snmp.restart import DeviceClock, restarted


class RestartMetrics(ResultExporter):
    """Counts restarts; sysUpTime also wraps after 497 days, which isn't counted."""

    def __init__(self, registry: Registry) -> None:
        self._family = registry.counter(
            "netwatch_device_restarts_total",
            "Restarts of the device that its uptime or its engine's boots told.",
            ("site", "target"),
        )
        self._clocks: dict[tuple[str, str], DeviceClock] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def watch(self, watched: Watched) -> None:
        """Forget all devices but those of these checks."""
        kept = {(check.site, check.target) for check in watched.checks if check.flow is None}
        for device in self._counts.keys() - kept:
            self._family.remove(*device)
            del self._counts[device]
            self._clocks.pop(device, None)

    def report(self, result: Result) -> None:
        """Compare the uptime in a poll with the one before."""
        if result.outcome is not Outcome.SUCCESS:
            return
        now = clock_of(result.samples, result.finished)
        if now is None:
            return
        device = result.check.site, result.check.target
        before = self._clocks.get(device)
        self._clocks[device] = now
        count = self._counts.get(device, 0)
        self._counts[device] = count + (before is not None and restarted(before, now))
        self._family.cell(*device).set(self._counts[device])

    def forget(self, check: Check) -> None:
        """Nothing: restarts that were counted stay true."""

    def count(self, check: Check) -> int:
        """How often the device of this check was seen to restart."""
        return self._counts.get((check.site, check.target), 0)


def clock_of(readings: Readings, at: float) -> DeviceClock | None:
    """Uptime and boots in a poll; None when it has no uptime."""
    found: dict[str, float] = {}
    for (name, labels), value in zip(readings.series, readings.values, strict=True):
        if labels:
            break  # single objects come first
        found[name] = value
    if "sysUpTime" not in found:
        return None
    return DeviceClock(at, found["sysUpTime"], found.get("snmpEngineBoots"))
