"""Where people read on: an incident on the status page, and its runbook."""

from __future__ import annotations

from dataclasses import dataclass

from netwatch.incidents.incident import Kind
from netwatch.incidents.words import RUNBOOKS


@dataclass(frozen=True, slots=True)
class IncidentLinks:
    """Web addresses.

    Attributes:
        page: of the status page, as people reach it; None: not known.
        runbooks: of the folder with the runbooks; None: not known.
    """

    page: str | None = None
    runbooks: str | None = None

    def story(self, incident_id: str) -> str | None:
        """Where an incident's story is read; None when that isn't known."""
        return f"{self.page}/#/incident/{incident_id}" if self.page else None

    def runbook(self, kind: Kind) -> str | None:
        """Where it is read what to do; None when that isn't known."""
        return f"{self.runbooks}/{RUNBOOKS[kind]}.md" if self.runbooks else None
