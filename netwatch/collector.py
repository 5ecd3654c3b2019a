"""The sink of all probes: passes each result to states, flows and exporters."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.echo import Discard, EchoAccount, EchoResults
from netwatch.core.result import Report, Result, StrayKind
from netwatch.core.streams import Rows, Streams
from netwatch.flows.table import FlowTable
from netwatch.state.planned import PlannedSites
from netwatch.state.table import StateTable


class ResultConsumer(Protocol):
    """Takes in every single result, as each ``netwatch.export.exporter.ResultExporter`` does."""

    def report(self, result: Result) -> None:
        """Take in a result of a target's or a flow's check; return at once."""

    def forget(self, check: Check) -> None:
        """The last result of this check is too old to be true: show nothing of it any longer."""


class Collector:
    """The sink of all probes. It is an ``EchoSink`` as well.

    A result becomes states first, so that a consumer finds them as the result left them.

    Args:
        states: of targets and sites.
        flows: between networks.
        echoes: counts echo streams, whose results come as columns and not one by one.
        consumers: told of each single result, in this order.
        planned: sites whose results nobody else is told of; None: there are none.

    Attributes:
        consumers: the same.
        reports: how many results came in; a number that stands still is a collector that does.
        last_report: monotonic seconds at which the last one came, or at which all began.
    """

    def __init__(
        self,
        states: StateTable,
        flows: FlowTable,
        echoes: EchoAccount,
        consumers: Sequence[ResultConsumer],
        planned: PlannedSites | None = None,
    ) -> None:
        self.reports = 0
        self.last_report = time.monotonic()
        self._states = states
        self._was_blind = False
        self._flows = flows
        self._echoes = echoes
        self._planned = planned or PlannedSites(Streams(), states.echoes)
        self.consumers = tuple(consumers)

    def report(self, report: Report) -> None:
        """Take in a single result; a stray reply to a single echo says nothing and is dropped."""
        self._count(1)
        if not isinstance(report, Result) or self._planned.report(report):
            return
        self._states.report(report)
        self._note_blindness()
        if isinstance(report.check, InterfaceCheck):
            return  # evidence for the states, and no result of a slot
        self._flows.report(report, vantage_ok=not self._states.vantage.suspect)
        for consumer in self.consumers:
            consumer.report(report)

    def settled(self, results: EchoResults) -> None:
        """It is known what became of echoes."""
        self._count(len(results.rows))
        self._states.report_echoes(results)
        self._note_blindness()
        self._echoes.settled(results)

    def late(self, rows: Rows) -> None:
        """The echoes of these streams are late; they are counted when they are settled."""
        self._states.report_late(rows, time.monotonic())

    def sent(self, rows: Rows) -> None:
        """Each of these streams sent an echo."""
        self._echoes.sent(rows)

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late, or once more."""
        self._echoes.stray(rows, kind)

    def path_mtu(self, row: int, octets: int) -> None:
        """A router named the longest packet that the path takes."""
        self._echoes.path_mtu(row, octets)

    def discarded(self, kind: Discard, messages: int) -> None:
        """Messages, or their time stamps, were of no use."""
        self._echoes.discarded(kind, messages)

    def tick(self) -> None:
        """Let states expire that are too old to be true; call it about once a second."""
        now = time.monotonic()
        for check in [*self._states.tick(now), *self._flows.tick(now)]:
            for consumer in self.consumers:
                consumer.forget(check)
        self._note_blindness()
        self._flows.keep_schedules(time.time())

    def _note_blindness(self) -> None:
        """Let flows be unknown as soon as the sites are."""
        is_blind = self._states.vantage.blind
        if is_blind and not self._was_blind:
            self._flows.go_blind()
        self._was_blind = is_blind

    def _count(self, results: int) -> None:
        self.reports += results
        self.last_report = time.monotonic()
