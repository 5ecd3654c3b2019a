"""Results of probes as series: counters that miss nothing between two scrapes."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Report, Result, Stray, StrayKind
from netwatch.metrics import Registry

ROUND_TRIP_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds: a LAN's round trip to a satellite's."""

_PROBE = ("site", "target", "probe")
_TARGET = ("site", "target")


class ResultMetrics:
    """What the probes of targets say. Flows have their own series."""

    def __init__(self, registry: Registry) -> None:
        self._success = registry.gauge(
            "netwatch_probe_success", "1 if the last probe succeeded, else 0.", _PROBE
        )
        self._duration = registry.gauge(
            "netwatch_probe_duration_seconds", "Time the last successful probe took.", _PROBE
        )
        self._results = registry.counter(
            "netwatch_probe_results_total",
            "Results by outcome: success, failure, invalid (nothing was measured).",
            (*_PROBE, "outcome"),
        )
        self._failures = registry.counter(
            "netwatch_probe_failures_total", "Failed probes by reason.", (*_PROBE, "reason")
        )
        self._sent = registry.counter(
            "netwatch_icmp_sent_total", "Echoes sent whose fate is known.", _TARGET
        )
        self._received = registry.counter(
            "netwatch_icmp_received_total", "Echoes answered in time.", _TARGET
        )
        self._stray = {
            StrayKind.LATE: registry.counter(
                "netwatch_icmp_late_total", "Echoes answered after their timeout.", _TARGET
            ),
            StrayKind.DUPLICATE: registry.counter(
                "netwatch_icmp_duplicate_total", "Echoes answered once more.", _TARGET
            ),
        }
        self._round_trip = registry.histogram(
            "netwatch_icmp_rtt_seconds", "Round trip of echoes.", _TARGET, ROUND_TRIP_BUCKETS
        )
        self._checks: dict[str, Check] = {}

    def watch(self, checks: Iterable[Check]) -> None:
        """Show these checks, each counter from 0 on, and take off the series of all others."""
        before, self._checks = self._checks, {c.id: c for c in checks if c.flow is None}
        for check_id in before.keys() - self._checks.keys():
            self._remove(before[check_id])
        for check_id in self._checks.keys() - before.keys():
            self._create(self._checks[check_id])

    def report(self, report: Report) -> None:
        """Count one report."""
        check = report.check
        if check.id not in self._checks:
            return
        if isinstance(report, Stray):
            self._stray[report.kind].cell(check.site, check.target).inc()
            return
        key = check.site, check.target, check.probe
        self._results.cell(*key, report.outcome).inc()
        if report.outcome is Outcome.INVALID:
            return
        succeeded = report.outcome is Outcome.SUCCESS
        self._success.cell(*key).set(succeeded)
        if not succeeded:
            self._failures.cell(*key, report.reason).inc()
            self._duration.remove(*key)
        elif report.duration is not None:
            self._duration.cell(*key).set(report.duration)
        if check.kind == "icmp":
            self._count_echo(report)

    def forget_last(self, check: Check) -> None:
        """Take off what the last result said, because it is too old to be true."""
        key = check.site, check.target, check.probe
        self._success.remove(*key)
        self._duration.remove(*key)

    def _count_echo(self, result: Result) -> None:
        key = result.check.site, result.check.target
        self._sent.cell(*key).inc()
        if result.outcome is Outcome.SUCCESS and result.duration is not None:
            self._received.cell(*key).inc()
            self._round_trip.cell(*key).observe(result.duration)

    def _create(self, check: Check) -> None:
        """A counter that appears with its first event hides that event from rate()."""
        for outcome in Outcome:
            self._results.cell(check.site, check.target, check.probe, outcome)
        if check.kind == "icmp":
            for family in (self._sent, self._received, *self._stray.values()):
                family.cell(check.site, check.target)

    def _remove(self, check: Check) -> None:
        key = check.site, check.target, check.probe
        self.forget_last(check)
        for outcome in Outcome:
            self._results.remove(*key, outcome)
        for reason in Reason:
            self._failures.remove(*key, reason)
        if check.kind == "icmp":
            for family in (self._sent, self._received, *self._stray.values()):
                family.remove(*key[:2])
            self._round_trip.remove(*key[:2])
