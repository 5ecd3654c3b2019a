"""The program's metrics about itself, by ``prometheus_client`` with a registry of its own."""

from __future__ import annotations

from collections.abc import Iterable

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from netwatch.metrics.web import WebMetrics

# The moments at which counters were created double the page and answer no question.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # not typed there

_DELAY_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Upper bounds of buckets, seconds; a late loop or slot is a matter of milliseconds."""


class OwnMetrics:
    """The program's own metrics.

    Attributes:
        registry: hand it to ``netwatch.metrics.page``.
        names: every name of it, to be reserved in the bulk ``Registry``.
        reload_successful: 1 when the configuration that was read last is in force, else 0.
        reload_timestamp: when the configuration in force was read, Unix seconds.
        slots: slots of checks by probe and outcome: ``run``, ``late`` (run, but late by a
            tenth of the interval) or ``skipped``.
        loop_lag: how much later than asked the event loop woke up, seconds.
        schedule_slip: how much later than due the first slot of a tick was begun, seconds.
        scrape_duration: time to make the page, and to pack it, seconds.
        log_lines_dropped: lines of the log that were dropped, because nobody read those before.
        web: those of the web server.
    """

    def __init__(self, version: str) -> None:
        registry = self.registry = CollectorRegistry()
        Gauge(
            "netwatch_build_info",
            "Version of the program, always 1.",
            ["version"],
            registry=registry,
        ).labels(version).set(1)
        self.reload_successful = Gauge(
            "netwatch_config_last_reload_successful",
            "1 if the last reading of the configuration was taken over, else 0.",
            registry=registry,
        )
        self.reload_timestamp = Gauge(
            "netwatch_config_last_reload_timestamp_seconds",
            "When the configuration in force was read.",
            registry=registry,
        )
        self.slots = Counter(
            "netwatch_slots_total",
            "Slots of checks: run, late (run, but late by a tenth of the interval) or skipped.",
            ["probe", "outcome"],
            registry=registry,
        )
        self.loop_lag = Histogram(
            "netwatch_loop_lag_seconds",
            "How much later than asked the event loop woke up.",
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )
        self.schedule_slip = Histogram(
            "netwatch_schedule_slip_seconds",
            "How much later than due the first slot of a tick was begun.",
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )
        self.scrape_duration = Histogram(
            "netwatch_scrape_duration_seconds",
            "Time to make the metrics page, and to pack it when it is asked for so.",
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )
        self.log_lines_dropped = Counter(
            "netwatch_log_lines_dropped_total",
            "Lines of the log that were dropped, because nobody read those before.",
            registry=registry,
        )
        self.web = WebMetrics(registry)
        prometheus_client.ProcessCollector(registry=registry)
        prometheus_client.PlatformCollector(registry=registry)
        prometheus_client.GCCollector(registry=registry)
        self.names = _names(registry)

    def count_slots_of(self, probes: Iterable[str]) -> None:
        """Show the slots of these kinds of probe from 0 on.

        A counter that appears with its first event hides that event from ``rate()``.
        """
        for probe in probes:
            for outcome in ("run", "late", "skipped"):
                self.slots.labels(probe, outcome)


def _names(registry: CollectorRegistry) -> frozenset[str]:
    """Every name that the registry may put on the page, used today or not."""
    suffixes = ("", "_total", "_bucket", "_count", "_sum", "_info")
    return frozenset(metric.name + suffix for metric in registry.collect() for suffix in suffixes)
