"""Keeps the journal: every change of state, with what is found out about it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict

from netwatch.core.state import State
from netwatch.evidence import Tracer, near_end
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowChange
from netwatch.inventory.former_ids import FormerIds
from netwatch.inventory.model import Province
from netwatch.journal.coverage import ProvinceNamed
from netwatch.journal.flows import FlowChanged, FlowRemoved
from netwatch.journal.present_ids import IdsChanged
from netwatch.journal.reader import PreviousRun
from netwatch.journal.records import EvidenceFound, PlaceRemoved, StateChanged
from netwatch.journal.writer import JournalWriter
from netwatch.state.attachment import Key
from netwatch.state.power import Batteries
from netwatch.state.resume import resume
from netwatch.state.root import Root, RootKind
from netwatch.state.table import StateTable
from netwatch.state.transition import StateChange


class JournalRecorder:
    """Writes down what changes. It is a ``StateListener`` and a ``FlowListener``.

    Args:
        writer: a journal that was started.
        past: what it held at the start; None when nothing.

    Attributes:
        evidence: what was found out about each target that went down, until its state changes.
        batteries: takes in results, to know which sites were last seen on battery.
    """

    def __init__(self, writer: JournalWriter, past: PreviousRun | None) -> None:
        self.writer = writer
        self.evidence: dict[Key, Mapping[str, object]] = {}
        self.batteries = Batteries()
        self._past = past
        self._outages: dict[Key, StateChange] = {}  # those whose evidence is still wanted
        self._tracer = Tracer(self._found)
        self._places: set[Key] = set(past.states.places) if past else set()
        self._flows: set[str] = set(past.flows.flows) if past else set()

    def name_province(self, province: Province) -> None:
        """Write down whose journal it is."""
        self.writer.put(ProvinceNamed(province.name_vi, province.timezone))

    def rename(self, former: FormerIds) -> None:
        """Go on under present ids; call it before ``resume`` or ``watch``."""
        self.writer.put(IdsChanged(former))
        self._places = set(map(former.key, self._places))
        self._flows = set(map(former.flow, self._flows))
        found = {former.key(key): each for key, each in self.evidence.items()}
        self.evidence.clear()  # and not another one, because others hold on to it
        self.evidence.update(found)

    def resume(self, states: StateTable, flows: FlowTable) -> None:
        """Restore the states of the former run in tables to which nothing was reported yet."""
        self.watch(states, flows)
        if self._past is not None:
            now, unix = time.monotonic(), time.time()
            resume(states, self._past.states, now, unix)
            flows.resume(self._past.flows, now, unix)
            for key, evidence in self._past.evidence.items():
                target = states.targets.get(key)
                if target is not None and target.state is State.DOWN:
                    self.evidence[key] = evidence
            self._past = None

    def watch(self, states: StateTable, flows: FlowTable) -> None:
        """Go by another inventory: the open events of what is no longer in it end now."""
        places = {*states.targets, *((site_id, "") for site_id in states.sites)}
        now = time.time()
        for site_id, target_id in self._places - places:
            self.writer.put(PlaceRemoved(site_id, target_id, now))
        for flow_id in self._flows - flows.flows.keys():
            self.writer.put(FlowRemoved(flow_id, now))
        self._places, self._flows = places, set(flows.flows)
        self.batteries.watch(states.targets)

    def state_changed(self, change: StateChange, states: StateTable) -> None:
        """Write it down; of a target that just went down, find out where the fault may be."""
        self.writer.put(StateChanged(change))
        if change.state is not change.before:
            self.evidence.pop((change.site, change.target), None)
            self._outages.pop((change.site, change.target), None)
        # At the start nothing has just happened: it is only found as it was.
        is_news = change.before not in {State.DOWN, State.UNKNOWN}
        if change.target and change.state is State.DOWN and is_news:
            self._look_into(change, states)

    def flow_changed(self, change: FlowChange) -> None:
        """Write it down."""
        self.writer.put(FlowChanged(change))

    def _look_into(self, change: StateChange, states: StateTable) -> None:
        key = change.site, change.target
        root = Root.parse(change.root)
        link = states.links.get(root.id) if root.kind is RootKind.LINK else None
        near = near_end(states.lines, root.id, link, key) if link else None
        if near is not None:
            self._found(key, {"near_end": near})
        ups = self.batteries.at(change.site, change.at)
        if ups is not None:
            self._found(key, {"power": asdict(ups)})
        primary = states.targets[key].primary
        if primary is not None:
            self._outages[key] = change
            self._tracer.add(
                key,
                primary.check.address,
                is_wanted=lambda: self._outages.get(key) is change,
                refused_by=lambda: primary.refusal.removeprefix("from "),
            )

    def _found(self, key: Key, evidence: dict[str, object]) -> None:
        self.writer.put(EvidenceFound(*key, evidence))
        self.evidence[key] = {**self.evidence.get(key, {}), **evidence}
