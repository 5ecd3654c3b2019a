"""One incident, as it is kept in memory while it goes on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netwatch.incidents.shape import Words
from netwatch.inventory.former_ids import FormerIds
from netwatch.state.attachment import Key

MAX_ENTRIES = 400
"""Lines of the timeline of one incident that the daemon writes; later ones are left out, the end
excepted."""

MAX_NOTES = 100
"""Notes of people on one incident."""


class Kind(StrEnum):
    """What happened."""

    LINE = "line"
    DEVICE = "device"
    POWER = "power"
    UNSTABLE = "unstable"
    VIOLATED = "violated"
    BROKEN = "broken"
    MEETING = "meeting"
    COLLECTOR = "collector"
    VANTAGE = "vantage"
    CERTIFICATE = "certificate"
    LONGER = "longer"


FAULTS = frozenset({Kind.LINE, Kind.DEVICE, Kind.POWER, Kind.UNSTABLE})
"""Kinds of which one may turn out to be another one with the same cause."""


def key_of(kind: Kind, cause: str) -> str:
    """What makes two sightings one incident."""
    return cause if kind in FAULTS else f"{kind} {cause}"


class Severity(StrEnum):
    """How urgent it is, in the words of the alerts."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The greater, the more urgent."""
        return (Severity.INFO, Severity.WARNING, Severity.CRITICAL).index(self)


class What(StrEnum):
    """What a line of the timeline tells."""

    LOSS = "loss"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    PAGED = "paged"
    RENAMED = "renamed"
    SITE_DOWN = "site-down"
    SITE_BACK = "site-back"
    MAINTENANCE = "maintenance"
    ACKNOWLEDGED = "acknowledged"
    NOTE = "note"
    AGAIN = "again"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A line of the timeline. ``at``: unix time; ``by``: who wrote it, None for the daemon."""

    at: float
    what: What
    text: Words
    by: str | None = None


@dataclass(slots=True)
class SiteOutage:
    """A site that was cut off by an incident, by the names that it had then.

    Attributes:
        began: unix time at which it was cut off first.
        ended: unix time at which it was back last; None while it is cut off.
        since: unix time at which the present outage, or the last one, began.
        earlier: seconds of the outages before that.
    """

    site: str
    name_vi: str
    name: str
    began: float
    ended: float | None
    since: float
    earlier: float = 0.0

    def seconds(self, now: float) -> float:
        """How long it was cut off until ``now``, all times together."""
        return self.earlier + max(0.0, (self.ended or now) - self.since)

    def end(self, at: float) -> None:
        """It is back since ``at``."""
        self.ended = max(at, self.since)

    def begin_again(self, at: float) -> None:
        """It is cut off again since ``at``."""
        self.earlier = self.seconds(at)
        self.since, self.ended = max(at, self.ended or at), None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who took an incident on first. ``at``: unix time."""

    by: str
    at: float
    note: str


@dataclass(slots=True)
class Incident:
    """One cause, from the first suspicion to the end. All times are unix times.

    Attributes:
        id: stable over restarts.
        cause: id of what is at fault, as ``/status.json`` writes it.
        title: what happened, in a line.
        began: of the first loss.
        named: when it was first told to people, as a suspicion or for certain.
        confirmed: when it was certain; None while it is only suspected.
        ended: None while it goes on.
        site: where it is; as the carrier, contract and owner, what it was then.
        first: the first target behind it; None where no target is.
        flaps: how often it came back within the time that makes it the same one.
        since: when its present stretch began.
        earlier: seconds of the stretches before that.
        behind: sites that are cut off, or were.
        most: how many were cut off at once at most.
        is_excused: whether planned work is under way there.
        found: what the evidence was made of.
        unsaved: lines of the timeline that are not in the journal yet.
        entries: how many lines of the timeline the daemon has written.
        is_changed: whether what it is has changed since it was written down.
    """

    kind: Kind
    cause: str
    title: Words
    severity: Severity
    began: float
    named: float
    confirmed: float | None = None
    ended: float | None = None
    site: str | None = None
    carrier: str | None = None
    contract: str | None = None
    owner: str | None = None
    first: Key | None = None
    flaps: int = 0
    since: float = 0.0
    earlier: float = 0.0
    most: int = 0
    is_excused: bool = False
    behind: dict[str, SiteOutage] = field(default_factory=dict)
    timeline: list[TimelineEntry] = field(default_factory=list)
    evidence: list[Words] = field(default_factory=list)
    found: Mapping[str, object] = field(default_factory=dict)
    unsaved: list[TimelineEntry] = field(default_factory=list)
    acknowledged: Acknowledgement | None = None
    notes: int = 0
    entries: int = 0
    is_changed: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def key(self) -> str:
        """What makes a sighting belong to it."""
        return key_of(self.kind, self.cause)

    @property
    def is_suspected(self) -> bool:
        """Whether it isn't certain yet."""
        return self.confirmed is None

    @property
    def cut_off(self) -> list[SiteOutage]:
        """Of the sites that are cut off now."""
        return [outage for outage in self.behind.values() if outage.ended is None]

    def seconds(self, now: float) -> float:
        """How long it has lasted until ``now``, without the time between two stretches."""
        return self.earlier + max(0.0, (self.ended or now) - self.since)

    def rename(self, former: FormerIds) -> None:
        """Know places by their present ids; what they are called stays as it was then."""
        self.cause = former.cause(self.cause)
        self.site = self.site and former.site(self.site)
        self.first = self.first and former.key(self.first)
        for outage in self.behind.values():
            outage.site = former.site(outage.site)
        self.behind = {outage.site: outage for outage in self.behind.values()}

    def end(self, at: float) -> None:
        """It is over since ``at``, and so is every outage behind it."""
        self.ended = max(at, self.since)
        for outage in self.cut_off:
            outage.end(at)

    def begin_again(self, at: float) -> None:
        """It goes on since ``at``; whoever had taken it on has not taken on this."""
        self.earlier = self.seconds(at)
        self.since, self.ended = max(at, self.ended or at), None
        self.flaps += 1
        self.acknowledged = None

    def tell(self, at: float, what: What, text: Words) -> None:
        """Add a line to the timeline, unless there are too many already."""
        if self.entries >= MAX_ENTRIES and what is not What.BACK:
            return
        self.entries += 1
        entry = TimelineEntry(at, what, text)
        self.timeline.append(entry)
        self.unsaved.append(entry)
