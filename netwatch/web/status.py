"""The shape of ``/status.json``, which the status page reads. Times are Unix seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

from netwatch.state.cause import Cause
from netwatch.web.planned_sites import PlannedSite

StateName = Literal["up", "degraded", "unreachable", "down", "unknown", "maintenance"]
OutcomeName = Literal["success", "failure", "invalid", "none"]
DoubtName = Literal["not_measured", "control_silent", "off_schedule"]
PhaseName = Literal["planned", "preflight", "under-way", "over"]
ReadinessName = Literal["ready", "unknown", "at_risk", "not_ready"]
VerdictName = Literal["held", "not-held", "unknown"]
FlowStateName = Literal["as_expected", "broken", "violated", "unknown"]


class ProvinceStatus(TypedDict):
    """The province: its names, and the zone of its times, as the IANA names it."""

    name_vi: str
    name: str
    timezone: str


class TierStatus(TypedDict):
    """A level of administration; the page lists the lowest rank first."""

    id: str
    name_vi: str
    name: str
    rank: int


class NetworkStatus(TypedDict):
    """An administrative network."""

    id: str
    name_vi: str
    name: str


class ProbeStatus(TypedDict):
    """The last result of one check; ``none`` when there is none yet. ``duration``: seconds."""

    probe: str
    outcome: OutcomeName
    reason: str
    detail: str
    duration: float | None
    at: float | None


class Maintenance(TypedDict):
    """Planned work that is under way. ``ends``: when it is planned to be over."""

    reason: str
    ends: float


class TargetView(TypedDict):
    """One address at a site.

    ``rtt``: seconds; ``loss``: 0 to 1; ``cause``: why it isn't up, an object with the attributes of
    ``netwatch.state.cause``.
    """

    id: str
    role: str
    name_vi: str | None
    state: StateName
    since: float | None
    rtt: float | None
    loss: float | None
    cause: Cause | None
    probes: list[ProbeStatus]


class SiteView(TypedDict):
    """A place. ``parent`` is the id of another site; the rest as for a target.

    ``root``: what is at fault, as in a ``FaultStatus``; None when the graph says nothing about it.
    ``flapping``: it comes and goes too often. ``maintenance``: the work that is being done there.
    ``power``: there where the root is a power cut, at this site or at one before it.
    """

    id: str
    name_vi: str
    name: str
    tier: str
    parent: str | None
    network: str
    state: StateName
    since: float | None
    rtt: float | None
    loss: float | None
    root: str | None
    flapping: bool
    maintenance: Maintenance | None
    targets: list[TargetView]
    power: NotRequired[Literal[True]]


class PathEnd(TypedDict):
    """Where the way to a silent target ends.

    ``last_hop``: address of the last router that answered, None when none did; ``distance``: in
    hops, not there when only an ICMP error to an echo told; ``reached``: it is the target itself.
    """

    last_hop: str | None
    distance: NotRequired[int]
    reached: NotRequired[bool]


class NearEnd(TypedDict):
    """The interface at this end of the line. ``oper_status``: word of RFC 2863; ``read``: when."""

    target: str
    interface: str | None
    oper_status: str
    changed: float | None
    read: float


class PowerCut(TypedDict):
    """A UPS of the site that ran on battery when it was read last.

    ``target``: SITE/TARGET; ``read``: unix time.
    """

    target: str
    read: float


class Evidence(TypedDict, total=False):
    """What was found out when a target went down; a part that was not looked into is missing."""

    trace: PathEnd
    near_end: NearEnd
    power: PowerCut


class FaultStatus(TypedDict):
    """What is at fault.

    ``root``: ``link:LINK``, ``target:SITE/TARGET``, or ``path:SITE/TARGET`` where one of several
    lines there loses a part; ``site`` and ``target``: what it silences first, or where that path
    ends; ``behind``: how many other sites can't be reached because of it.
    """

    root: str
    kind: Literal["link", "target", "path"]
    id: str
    state: StateName
    since: float
    site: str
    target: str
    behind: int
    carrier: str | None
    contract: str | None
    evidence: Evidence | None


class SuspectedView(TypedDict):
    """What may be at fault, but is not certain yet; it changes no state.

    ``root``, ``kind``, ``id``, ``since``, ``site``, ``target``, ``carrier``: as in a
    ``FaultStatus``; ``sites``: how many are there and behind it.
    """

    root: str
    kind: Literal["link", "target", "path"]
    id: str
    since: float
    site: str
    target: str
    sites: int
    carrier: str | None


# The functional form, because "from" is a word of the language.
FlowView = TypedDict(
    "FlowView",
    {
        "id": str,
        "name_vi": str,
        "name": str,
        "from": str,
        "from_vi": str,
        "to": str,
        "probe": str,
        "expect": Literal["pass", "blocked"],
        "state": FlowStateName,
        "since": float | None,
        "doubt": DoubtName | None,
        "reason": str | None,
        "detail": str,
    },
)
"""One connection between Party and State network.

``broken``: should pass and doesn't; ``violated``: the reverse.

``doubt`` says why it is unknown, None before the first result. ``reason`` and ``detail`` are those
of the last result that counted: what the state rests on.
"""


class ObjectiveStatus(TypedDict):
    """An official figure: the share that holds now, and the share that must. 0 to 1.

    Of kind ``exchange`` the page knows one way only: the one that is measured from here.
    """

    id: str
    name_vi: str
    name: str
    kind: Literal["sites", "exchange", "meetings", "rooms"]
    ratio: float | None
    goal: float


class RoomFinding(TypedDict):
    """One reason why a room isn't ready. ``probe``: the check that found it."""

    what: str
    probe: str
    detail: str


class RoomStatus(TypedDict):
    """A room of a meeting that is near. ``loss``: 0 to 1; ``in_call``: None is not known."""

    site: str
    target: str
    readiness: ReadinessName
    findings: list[RoomFinding]
    in_call: bool | None
    loss: float | None
    mos: float | None


class LineStatus(TypedDict):
    """A line that can't carry all calls over it. Bits a second; ``load``: None is not known."""

    link: str
    demand: float
    capacity: float
    load: float | None


class MeetingStatus(TypedDict):
    """A meeting that is followed, the next one or the last one.

    ``unsure``: its calendar can't be read now, so it stands as planned before;
    ``counts``: rooms by readiness; ``rooms``: those that are looked at, the worst first;
    ``unknown``: rooms that the calendar names and the inventory lacks; ``short``: lines that can't
    carry the calls; ``unmeasured``: how many lines nobody knows the load of; ``preflight``: when
    all rooms had been measured last, ``took``: seconds; ``verdict``: whether it was held online.
    """

    id: str
    key: str
    title: str
    level: str
    unsure: bool
    phase: PhaseName
    start: float
    end: float
    invited: int
    counts: dict[str, int]
    rooms: list[RoomStatus]
    unknown: list[str]
    short: list[LineStatus]
    unmeasured: int
    preflight: float | None
    took: float | None
    verdict: VerdictName | None


class PlannedWork(TypedDict):
    """Work that is under way, or begins within the next days.

    ``announced``: by hand, so that it can be ended by its id; ``author``: who announced it, None
    where that is not known; ``sites``, ``targets`` as SITE/TARGET, ``links``: ids of the first ones
    that it affects; ``count``: of all of them.
    """

    id: str
    state: Literal["coming", "under-way"]
    announced: bool
    reason: str
    author: str | None
    begins: float
    ends: float
    sites: list[str]
    targets: list[str]
    links: list[str]
    count: int


class RemovedFlow(TypedDict):
    """A forbidden flow that was taken out of the inventory; ``at``: when it was noticed."""

    flow: str
    at: float


class LongerPathView(TypedDict):
    """A target whose replies pass ``hops`` routers more than usual, without a known cause."""

    site: str
    target: str
    hops: int
    since: float


class Status(TypedDict):
    """Everything the page shows. What is long may be made one by one, while it is written.

    ``vantage_ok`` is False when the collector itself is cut off, None when that is not known;
    ``counts`` are sites by state; ``meeting_warnings``: what is wrong with their plan;
    ``longer_paths``: of targets that answer, as far as no known fault explains them;
    ``planned_sites``: in none of the other figures;
    ``planned_work``: under way first, then what begins next;
    ``removed_forbidden``: what had to stay blocked and is not watched any more, of the last days;
    ``inventory``: the revision of ``/places.json``; ``loads``: bits a second in the busier
    direction of each line whose load is known;
    ``web_lacks``: what should protect these pages from other machines, and doesn't.
    """

    province: ProvinceStatus
    vantage: str
    generated: float
    vantage_ok: bool | None
    counts: dict[StateName, int]
    tiers: list[TierStatus]
    networks: list[NetworkStatus]
    sites: Iterable[SiteView]
    faults: Iterable[FaultStatus]
    suspected: Iterable[SuspectedView]
    flows: Iterable[FlowView]
    objectives: list[ObjectiveStatus]
    meetings: list[MeetingStatus]
    meeting_warnings: list[str]
    longer_paths: NotRequired[Iterable[LongerPathView]]
    planned_sites: NotRequired[list[PlannedSite]]
    planned_work: NotRequired[list[PlannedWork]]
    removed_forbidden: NotRequired[list[RemovedFlow]]
    inventory: float
    loads: dict[str, float]
    web_lacks: NotRequired[list[Literal["tls", "login"]]]
