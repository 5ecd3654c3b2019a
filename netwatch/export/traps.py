"""How many SNMP traps came in, and what became of them."""

from __future__ import annotations

from netwatch.export.exporter import Exporter
from netwatch.metrics import Registry
from netwatch.traps import TrapKind, TrapVerdict


class TrapMetrics(Exporter):
    """Counts datagrams by verdict, and what the accepted ones said."""

    def __init__(self, registry: Registry) -> None:
        self._datagrams = registry.counter(
            "netwatch_trap_datagrams_total",
            "Datagrams to the trap port: accepted, or why not.",
            ("verdict",),
        )
        self._traps = registry.counter(
            "netwatch_traps_total", "Traps and informs that were accepted, by kind.", ("trap",)
        )
        self._probed = registry.counter(
            "netwatch_traps_probed_total", "Traps that made their sender be probed at once."
        )

    def begin(self) -> None:
        """Show every counter from 0 on; without a receiver there is nothing to show."""
        for verdict in TrapVerdict:
            self._datagrams.cell(verdict)
        for kind in TrapKind:
            self._traps.cell(kind)
        self._probed.cell()

    def count(self, verdict: TrapVerdict, kind: TrapKind, probed: bool) -> None:
        """Count one datagram."""
        self._datagrams.cell(verdict).inc()
        if verdict is TrapVerdict.ACCEPTED:
            self._traps.cell(kind).inc()
        if probed:
            self._probed.cell().inc()
