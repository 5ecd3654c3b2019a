"""How the journal fares."""

from __future__ import annotations

from netwatch.journal.writer import JournalWriter
from netwatch.metrics import Registry


class JournalMetrics:
    """Counters of the journal's writer."""

    def __init__(self, registry: Registry) -> None:
        self._written = registry.counter(
            "netwatch_journal_records_total", "Records that were written to the journal."
        )
        self._errors = registry.counter(
            "netwatch_journal_write_errors_total",
            "Times that the journal could not be written, or a record was lost.",
        )

    def refresh(self, journal: JournalWriter) -> None:
        """Show the counters of this moment."""
        self._written.cell().set(journal.written)
        self._errors.cell().set(journal.errors)
