"""What an account is made of: the journal's records of a time, and who is meant by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from netwatch.core.state import State
from netwatch.core.timeline import Interval
from netwatch.report.account.tally import Tally

ALWAYS: Interval = (0, 1 << 62)
"""The time of service of what nobody has set one for."""


@dataclass(frozen=True, slots=True)
class StateEvent:
    """A state of a site other than up. Times are milliseconds since 1970.

    Attributes:
        end: when it was last known to go on, where ``is_open``.
        root: ``link:ID`` or ``target:SITE/TARGET`` at fault; may be empty.
        cause: why, in the journal's words; may be empty.
    """

    begin: int
    end: int
    state: State
    root: str = ""
    cause: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FoundEvidence:
    """What was found out when a target of a site went down, as the journal has it."""

    begin: int
    end: int
    root: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FlowSpan:
    """A flow that was broken, violated or unknown, from ``begin`` to ``end``."""

    flow: str
    state: str
    begin: int
    end: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """What is kept of an incident: whose it is, and who took it on.

    Attributes:
        cause: ``link:ID``, ``target:SITE/TARGET`` ...
        carrier: as it was then; None when it is no line's.
        acknowledged: by whom; empty when nobody did.
    """

    id: str
    cause: str
    begin: int
    end: int
    carrier: str | None = None
    acknowledged: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DaySum:
    """A site's sums of one old day, whose events are gone."""

    tally: Tally
    outages: int


@dataclass(frozen=True, slots=True)
class History:
    """What the journal holds of a time.

    Attributes:
        runs: when the daemon measured, sorted and without overlap.
        watched: when each site was measured, likewise.
        events: of each site as a whole, in the order in which they began.
        line_faults: of each line, when a target said that the line is at fault, in any order.
        line_work: of each line, when it was worked on.
        evidence: of each site.
        day_sums: of each site and number of the day, for days before ``summed_until``; a day
            without one was up as far as it was watched.
        summed_until: number of the first day whose events are there.
        known_until: when the daemon wrote last.
        province: whose journal it is; empty when it doesn't say.
        zone: of the days that are summed up.
    """

    runs: Sequence[Interval] = ()
    watched: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    events: Mapping[str, Sequence[StateEvent]] = field(default_factory=dict)
    line_faults: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    line_work: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[FoundEvidence]] = field(default_factory=dict)
    flows: Sequence[FlowSpan] = ()
    incidents: Sequence[IncidentNote] = ()
    day_sums: Mapping[str, Mapping[int, DaySum]] = field(default_factory=dict)
    summed_until: int = 0
    known_until: int = 0
    province: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site as the inventory has it; of one that left it only the id is known.

    Attributes:
        area: id of the nearest site at or above it that has sites of its own below.
        service: when it is, or was, in service, in milliseconds; outside it nothing is told of it.
    """

    id: str
    name_vi: str
    name: str
    tier: str = ""
    network: str = ""
    area: str = ""
    service: Interval = ALWAYS


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line: the ids of the sites at its ends, its carrier, and the number of its contract."""

    id: str
    near: str
    far: str
    carrier: str
    contract: str = ""
    capacity: float = 0.0


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What was agreed with a carrier.

    Attributes:
        availability: agreed share of the time, 0 to 1; None when none is.
        days: of the week on which it holds, Monday 0.
        opens: local time at which each of those days begins, seconds after midnight.
        closes: at which it ends.
        repair: seconds within which an outage must end; None when nothing is agreed.
        start: first day; None when it isn't said.
        end: last day; likewise.
    """

    number: str
    carrier: str
    availability: float | None = None
    days: frozenset[int] = frozenset(range(7))
    opens: int = 0
    closes: int = 86400
    repair: float | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Who is meant by the ids of a history."""

    sites: Mapping[str, SiteFacts]
    lines: Mapping[str, LineFacts] = field(default_factory=dict)
    contracts: Mapping[tuple[str, str], ContractFacts] = field(default_factory=dict)
    """By carrier and number."""
    required_flows: frozenset[str] = frozenset()
    """Those that must pass."""
    watched_flows: frozenset[str] = frozenset()
    """All that this collector measures."""
