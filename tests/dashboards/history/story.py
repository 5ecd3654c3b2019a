"""What happens in the province, minute by minute, and the states that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from netwatch.core.state import State
from netwatch.inventory.links import all_links, router_of, uplink_id
from netwatch.inventory.model import Inventory, Link
from tests.dashboards.history.tape import STEP, Values

PER_MINUTE = 60 // STEP
"""Samples."""


@dataclass(frozen=True)
class Span:
    """From one minute of the story to another."""

    begin: float
    end: float

    @property
    def samples(self) -> slice:
        return slice(round(self.begin * PER_MINUTE), round(self.end * PER_MINUTE))


@dataclass(frozen=True)
class Fault:
    """A root cause, from the moment that it is certain.

    Attributes:
        subject: the line, or ``site/target``.
        sites: that are not reachable because of it.
        state: of the cause: 4, 2 or 5.
    """

    span: Span
    kind: str
    subject: str
    site: str
    target: str
    sites: tuple[str, ...]
    state: State
    carrier: str = ""
    contract: str = ""
    acknowledged: bool = False

    @property
    def cause(self) -> str:
        return f"{self.kind}:{self.subject}"


@dataclass
class Story:
    """The states of everything, sample by sample.

    Attributes:
        lossy: sites whose line loses packets, and the share.
        flows: value of ``netwatch_flow_as_expected`` of those that don't do what is expected.
        passed: flows that passed and must not, with the spans.
    """

    inventory: Inventory
    length: int
    sites: dict[str, Values] = field(default_factory=dict)
    targets: dict[tuple[str, str], Values] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lossy: dict[str, tuple[Span, float]] = field(default_factory=dict)
    broken: dict[str, Span] = field(default_factory=dict)
    passed: dict[str, Span] = field(default_factory=dict)
    blind: list[Span] = field(default_factory=list)
    works: dict[str, Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for site_id, site in self.inventory.sites.items():
            self.sites[site_id] = np.full(self.length, float(State.UP))
            for target_id in site.targets:
                self.targets[site_id, target_id] = np.full(self.length, float(State.UP))

    def links(self) -> Mapping[str, Link]:
        return all_links(self.inventory)

    def below(self, site_id: str) -> list[str]:
        """All sites that hang on this one, at any depth."""
        children = [id_ for id_, site in self.inventory.sites.items() if site.parent == site_id]
        return [*children, *chain.from_iterable(map(self.below, children))]

    def cut(self, site_id: str, span: Span, *, acknowledged: bool = False) -> None:
        """Cut the uplink of a site: it is down, and what hangs on it can't be reached."""
        behind = self.below(site_id)
        link = self.links()[uplink_id(site_id)]
        self._set([site_id], State.DOWN, span)
        self._set(behind, State.UNREACHABLE, span)
        router = router_of(self.inventory.sites[site_id]) or ""
        self.faults.append(
            Fault(
                span,
                "link",
                uplink_id(site_id),
                site_id,
                router,
                (site_id, *behind),
                State.DOWN,
                link.carrier,
                link.contract or "",
                acknowledged,
            )
        )

    def silence(self, site_id: str, target_id: str, span: Span) -> None:
        """Stop a device whose site is reached all the same."""
        self.targets[site_id, target_id][span.samples] = State.DOWN
        self.sites[site_id][span.samples] = State.DEGRADED
        subject = f"{site_id}/{target_id}"
        fault = Fault(span, "target", subject, site_id, target_id, (), State.DOWN)
        self.faults.append(fault)

    def lose(self, site_id: str, span: Span, share: float) -> None:
        """Have the line of a site lose packets."""
        self.lossy[site_id] = span, share
        self._set([site_id], State.DEGRADED, span)

    def work(self, site_id: str, span: Span) -> None:
        """Planned work."""
        self.works[site_id] = span
        self._set([site_id], State.MAINTENANCE, span)

    def be_blind(self, span: Span) -> None:
        """No canary answers: nothing is known."""
        self.blind.append(span)
        for states in (*self.sites.values(), *self.targets.values()):
            states[span.samples] = State.UNKNOWN

    def sees(self) -> Values:
        """1 while the collector sees, 0 while it is blind."""
        seen = np.ones(self.length)
        for span in self.blind:
            seen[span.samples] = 0
        return seen

    def _set(self, sites: Iterable[str], state: State, span: Span) -> None:
        for site_id in sites:
            self.sites[site_id][span.samples] = state
            for target_id in self.inventory.sites[site_id].targets:
                self.targets[site_id, target_id][span.samples] = state
