"""What the journal's writer has written, and what it could not write."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.exporter import Exporter
from netwatch.journal.writer import JournalWriter
from netwatch.metrics import Registry


class JournalMetrics(Exporter):
    """Counters of the journal's writer; without a journal there is nothing to show."""

    def __init__(self, registry: Registry, journal: JournalWriter | None) -> None:
        self._journal = journal
        self._written = registry.counter(
            "netwatch_journal_records_total", "Records that were written to the journal."
        )
        self._errors = registry.counter(
            "netwatch_journal_write_errors_total",
            "Times that the journal could not be written, or a record was lost.",
        )

    def refresh(self) -> Iterator[None]:
        """Show the counters of this moment."""
        if self._journal is not None:
            self._written.cell().set(self._journal.written)
            self._errors.cell().set(self._journal.errors)
        yield
