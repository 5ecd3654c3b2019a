"""The shape of ``/incidents.json`` and ``/incidents/ID.json``. Times are Unix seconds."""

from __future__ import annotations

from typing import Literal, TypedDict

KindName = Literal[
    "line",
    "device",
    "power",
    "unstable",
    "violated",
    "broken",
    "meeting",
    "collector",
    "vantage",
    "certificate",
    "longer",
]
SeverityName = Literal["critical", "warning", "info"]
StageName = Literal["suspected", "open", "ended"]


class Words(TypedDict):
    """A sentence for people in both languages."""

    vi: str
    en: str


class AcknowledgementView(TypedDict):
    """Who took an incident on first."""

    by: str
    at: float
    note: str


class IncidentView(TypedDict):
    """One incident in a list.

    ``cause``: id of the subject, as ``/status.json`` writes it; ``named``: when it was first told
    to people, as a suspicion or for certain; ``confirmed``: when it was certain; ``seconds``: how
    long it has lasted without the time between two of its outages; ``sites``: behind it, now or at
    most; ``site``, ``carrier``, ``contract``, ``owner``: as they were then; ``flaps``: how often it
    came back; ``notes``: how many there are.
    """

    id: str
    kind: KindName
    cause: str
    title: Words
    severity: SeverityName
    state: StageName
    began: float
    named: float | None
    confirmed: float | None
    ended: float | None
    seconds: float
    sites: int
    site: str | None
    carrier: str | None
    contract: str | None
    owner: str | None
    flaps: int
    acknowledged: AcknowledgementView | None
    notes: int


class EntryView(TypedDict):
    """One line of a timeline. ``by``: who wrote it; None: the daemon."""

    at: float
    what: str
    text: Words
    by: str | None


# The functional form, because "from" is a word of the language.
BehindView = TypedDict(
    "BehindView",
    {"id": str, "name_vi": str, "name": str, "seconds": float, "from": float, "to": float | None},
)
"""A site that was cut off, with its names as they were then. ``to``: None while it still is."""


class StoryView(IncidentView):
    """All that is kept of one incident. ``left_out``: sites behind it that are not listed."""

    timeline: list[EntryView]
    behind: list[BehindView]
    evidence: list[Words]
    runbook: str | None
    left_out: int


class ListView(TypedDict):
    """Incidents, newest first.

    ``left_out``: how many more have ended in the time asked for; ``unreadable``: the journal can't
    be read, so what has ended isn't known.
    """

    time: float
    open: list[IncidentView]
    ended: list[IncidentView]
    left_out: int
    unreadable: bool
