"""Results of probes as series; they are counted, so that none is lost between two scrapes."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result
from netwatch.core.streams import Streams, is_stream
from netwatch.export.echo_series import (
    PROBE_DURATION,
    PROBE_FAILURES,
    PROBE_RESULTS,
    PROBE_SUCCESS,
    Show,
)
from netwatch.export.echoes import EchoMetrics
from netwatch.export.exporter import ResultExporter, Watched
from netwatch.metrics import Cell, Family, Kind, Registry, plain
from netwatch.state.quality import Qualities

_PROBE = ("site", "target", "probe")


class ResultMetrics(ResultExporter):
    """What every result of a target's check says. Flows have series of their own.

    Attributes:
        echoes: the same, for echo streams; it is told of their results itself.
    """

    def __init__(self, registry: Registry, streams: Streams, qualities: Qualities) -> None:
        self._streams = streams
        self.echoes = EchoMetrics(registry, streams, qualities)
        self._success = self._family(
            "gauge",
            "netwatch_probe_success",
            "1 if the last probe succeeded, else 0.",
            _PROBE,
            PROBE_SUCCESS,
        )
        self._duration = self._family(
            "gauge",
            "netwatch_probe_duration_seconds",
            "Time the last successful probe took.",
            _PROBE,
            PROBE_DURATION,
        )
        self._results = self._family(
            "counter",
            "netwatch_probe_results_total",
            "Results by outcome: success, failure, invalid (nothing was measured).",
            (*_PROBE, "outcome"),
            PROBE_RESULTS,
        )
        self._failures = self._family(
            "counter",
            "netwatch_probe_failures_total",
            "Failed probes by reason.",
            (*_PROBE, "reason"),
            PROBE_FAILURES,
        )
        self._checks: dict[str, Check] = {}

    def watch(self, watched: Watched) -> None:
        """Show these checks, each counter from 0 on, and take off the series of all others."""
        self.echoes.watch(watched.labels)
        before = self._checks
        self._checks = {c.id: c for c in watched.checks if c.flow is None and not is_stream(c)}
        for check_id in before.keys() - self._checks.keys():
            self._remove(before[check_id])
        for check_id in self._checks.keys() - before.keys():
            self._create(self._checks[check_id])

    def report(self, result: Result) -> None:
        """Count a result."""
        check = result.check
        if check.id not in self._checks:
            return
        key = check.site, check.target, check.probe
        self._results.cell(*key, result.outcome).inc()
        if result.outcome is Outcome.INVALID:
            return
        succeeded = result.outcome is Outcome.SUCCESS
        self._success.cell(*key).set(succeeded)
        if not succeeded:
            self._failures.cell(*key, result.reason).inc()
            self._duration.remove(*key)
        elif result.duration is not None:
            self._duration.cell(*key).set(result.duration)

    def forget(self, check: Check) -> None:
        """Take off what the last result said, because it is too old to be true."""
        if check.flow is not None:
            return  # its target may have a check of the same probe
        row = self._streams.row(check)
        if row is not None:
            self.echoes.forget_last(row)
        key = check.site, check.target, check.probe
        self._success.remove(*key)
        self._duration.remove(*key)

    def refresh(self) -> Iterator[None]:
        """Show of the echo streams what is counted at this moment."""
        self.echoes.refresh()
        yield

    def release(self) -> None:
        """Free the echo streams' figures of that moment."""
        self.echoes.release()

    def _family(
        self, kind: Kind, name: str, help_text: str, labels: tuple[str, ...], rows: dict[str, Show]
    ) -> Family[Cell]:
        """A family with a cell for each check, but a row for each echo stream."""
        cells = Family(kind, name, help_text, labels, plain(name))
        self.echoes.add(kind, name, help_text, rows, cells)
        return cells

    def _create(self, check: Check) -> None:
        """A counter that appears with its first event hides that event from rate()."""
        for outcome in Outcome:
            self._results.cell(check.site, check.target, check.probe, outcome)

    def _remove(self, check: Check) -> None:
        key = check.site, check.target, check.probe
        self.forget(check)
        for outcome in Outcome:
            self._results.remove(*key, outcome)
        for reason in Reason:
            self._failures.remove(*key, reason)
