"""The present state of every target and site, kept by the results as they come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.echo import LATE_AFTER, LOCAL_ERROR, OK, EchoResults
from netwatch.core.measure_now import MeasureNow
from netwatch.core.result import Outcome, Result
from netwatch.core.streams import Rows, Streams
from netwatch.inventory.classes import check_class
from netwatch.inventory.former_ids import FormerIds
from netwatch.inventory.model import Inventory, Link
from netwatch.state.attachment import Key, target_key
from netwatch.state.canaries import Canaries
from netwatch.state.check_status import CheckStatus
from netwatch.state.doubts import Doubts
from netwatch.state.echoes import EchoStates, StreamStatus
from netwatch.state.forgetting import Forgetting
from netwatch.state.graph import Graph
from netwatch.state.judge import Judge
from netwatch.state.lines import Lines
from netwatch.state.maintenance import MaintenancePlan, Work
from netwatch.state.root import Root, RootVerdict
from netwatch.state.rootcause import RootCauses
from netwatch.state.site import SiteStatus
from netwatch.state.suspicions import Suspected
from netwatch.state.target import Sighting, TargetStatus
from netwatch.state.transition import StateChange

PROVE_GAP = 0.1
"""Seconds between two looks at what is in doubt, at the least, when many echoes are late."""

LATE_ROUND_TRIPS = 4
"""Usual round trips that an echo may take before it is late."""


class StateListener(Protocol):
    """Is called with every change of state, e.g. to record it."""

    def state_changed(self, change: StateChange, states: StateTable) -> None:
        """A target or a site is in another state, or has another root cause.

        Args:
            change: what changed.
            states: the table that it changed in, for what else is known of it.
        """


class StateTable:
    """Turns results into states.

    While the vantage is suspect no failure counts, and once it is blind everything is unknown.

    Args:
        inventory: what is watched.
        checks: how.
        now: monotonic seconds.
        graph: how the targets are reached; None: from the top of the inventory.
        streams: the echo streams among the checks; None: there are none.
        measure_now: asked for a measurement outside its slot, when it isn't clear what is at fault.
        listener: called with every change of state; may be None.

    Attributes:
        targets: states of targets, by site and target, in the order of the inventory.
        sites: states of sites, likewise.
        vantage: whether the collector sees anything at all.
        graph: how the targets are reached.
        lines: what the ends of WAN lines report.
        lost_lines: the targets that have lost one of several lines, with the id of the line.
        plan: what is being worked on.
        echoes: states of the echo streams.
        doubts: what is in doubt.
    """

    def __init__(  # noqa: PLR0913 (what is watched, how, and whom it talks to)
        self,
        inventory: Inventory,
        checks: Iterable[Check],
        now: float,
        graph: Graph | None = None,
        streams: Streams | None = None,
        *,
        measure_now: MeasureNow,
        listener: StateListener | None = None,
    ) -> None:
        self.targets: dict[Key, TargetStatus] = {}
        self.sites: dict[str, SiteStatus] = {}
        self.vantage = Canaries()
        self.lines = Lines()
        self.plan = MaintenancePlan()
        self.echoes = EchoStates(Streams() if streams is None else streams)
        self._measure = measure_now
        self._listener = listener
        self.lost_lines: dict[Key, str] = {}
        self._forgetting = Forgetting()
        self._proved = 0.0  # when what is in doubt was looked at last
        self._resumed: set[Key] = set()  # some of their states are those of a former run
        self._causes = RootCauses(self.vantage, self.lines, self._measure_again)
        causes = self._causes
        self.doubts = Doubts(self._measure_again, causes.passing, causes.unstable_paths)
        self._judge = Judge(self._causes, self.doubts, self.plan, self._notify)
        self.replace(inventory, checks, now, graph)

    def replace(
        self,
        inventory: Inventory,
        checks: Iterable[Check],
        now: float,
        graph: Graph | None = None,
    ) -> None:
        """Watch another inventory from now on; what is in both keeps its state and history.

        What comes by ``report_echoes`` must have its rows in the streams already.
        """
        self.echoes.watch()
        by_target: dict[Key, list[Check]] = defaultdict(list)
        for check in checks:
            if check.flow is None:
                by_target[check.site, check.target].append(check)
        self.graph = graph or Graph(inventory)
        keys = {key: key for key in self.graph.ways}
        targets: dict[Key, TargetStatus] = {}
        for site_id, site, target_id, target in inventory.targets():
            key = keys[site_id, target_id]
            its_class = check_class(inventory, site, target)
            status = self.targets.get(key) or TargetStatus(its_class)
            status.set_checks(its_class, by_target[key], self.echoes.create)
            targets[key] = status
        self.targets = targets
        self._resumed &= targets.keys()
        self.sites = {id_: self.sites.get(id_) or SiteStatus(now) for id_ in inventory.sites}
        canaries = [target_key(canary) for canary in inventory.canaries]
        self.vantage.watch(canaries)
        self._judge.replace(inventory, targets, self.sites)
        self._others = [
            status
            for target in targets.values()
            for status in target.checks
            if not isinstance(status, StreamStatus)
        ]
        self.echoes.judge_by(targets, canaries)
        self.lines.watch(self.links)
        self.doubts.replace(self.graph, targets)
        self._causes.replace(self.graph, targets, canaries, now)
        self._update_cut_lines(now)
        self._judge.judge(targets, now)

    def rename(self, former: FormerIds) -> None:
        """Know everything by the ids of the inventory that ``replace`` is given next."""
        self.targets = {former.key(key): target for key, target in self.targets.items()}
        self.sites = {former.site(id_): site for id_, site in self.sites.items()}
        self._resumed = set(map(former.key, self._resumed))
        self.vantage.rename(former.key)
        self.lines.rename(former)
        self._causes.rename(former)

    @property
    def links(self) -> Mapping[str, Link]:
        """All lines by id."""
        return self.graph.links

    def report_echoes(self, results: EchoResults) -> None:
        """Take in the results of many streams; only those that may change a state cost more."""
        self._forget_some(results.finished)
        rows, echoes = results.rows, self.echoes
        is_believed = results.reasons != LOCAL_ERROR
        concerned: list[StreamStatus] = []
        # Canaries first: whether they answer says whether the others are believed.
        is_canary = echoes.is_canary(results)
        is_other = echoes.is_unsteady(results) & ~is_canary
        for place in _places(is_canary) + _places(is_other):
            status = echoes.status(int(rows[place]))
            if status is None:
                is_believed[place] = False
                continue
            result = results.one(place, status.check)
            if self._judge_result(status, result):
                concerned.append(status)
            is_believed[place] &= status.is_counted
        if self.vantage.suspect:
            is_believed &= results.reasons == OK
        concerned += echoes.record(results, is_believed)
        for status in concerned:
            key = status.check.site, status.check.target
            self._judge.judge({key, *self._causes.observe(key, results.finished)}, results.finished)
            echoes.settle(status.row)

    def report_late(self, rows: Rows, now: float) -> None:
        """The last echo of each of these streams is late: it is not lost yet, but may be.

        Those that usually take about as long are not meant.
        """
        if self.vantage.suspect:
            return
        for row in rows.tolist():
            status = self.echoes.status(row)
            if status is None or (status.quality.round_trip or 0.0) > LATE_AFTER / LATE_ROUND_TRIPS:
                continue
            key = status.check.site, status.check.target
            if self.targets[key].primary is status:
                self.doubts.late(key, now)
        if now - self._proved >= PROVE_GAP:
            self._prove(now)

    def _judge_result(self, status: StreamStatus, result: Result) -> bool:
        """Take in a result for the state of its stream; returns whether it is believed."""
        key = status.check.site, status.check.target
        is_believed = self._is_believed(key, status, result)
        is_explained = self.targets[key].explains(status, result)
        status.is_counted = is_believed and not is_explained
        if status.is_counted and result.outcome is not Outcome.INVALID:
            is_outrun = status.is_outrun(result)
            status.is_counted = status.judge(result)
            if not is_outrun:
                self._hear(key, status, result)
        return is_believed

    def _hear(self, key: Key, status: CheckStatus, result: Result) -> None:
        """Take in what a valid result of a first check means for what is in doubt."""
        target = self.targets[key]
        if status is not target.primary:
            return
        was_awaited = target.is_awaited
        proven = self.doubts.hear(key, result)
        if proven is not None:
            status.prove_down(proven.since, is_inferred=proven.is_inferred)
        if target.is_awaited is not was_awaited:
            self._judge.stir(key[0])

    def _prove(self, now: float) -> None:
        """Ask on about what is in doubt, and judge what is certain."""
        self._proved = now
        if self.vantage.suspect:
            return
        changed: dict[Key, None] = {}
        for proven in self.doubts.advance(now):
            primary = self.targets[proven.key].primary
            if primary is not None:
                primary.prove_down(proven.since, is_inferred=proven.is_inferred)
                changed |= dict.fromkeys([proven.key, *self._causes.observe(proven.key, now)])
                self.echoes.settle_check(primary.check)
        if changed:
            self._judge.judge(changed, now)

    def _measure_again(self, check: Check) -> None:
        """Have a check measured at once, and judge its next result even if it says nothing new."""
        self.echoes.unsettle(check)
        self._measure(check)

    def report(self, result: Result) -> None:
        """Take in the result of a target's own check; those of flows are ignored."""
        check = result.check
        if check.flow is not None:
            return
        key = check.site, check.target
        if isinstance(check, InterfaceCheck):
            self._read_lines(key, result, set())
            return
        target = self.targets.get(key)
        status = target.status_of(check.probe) if target else None
        if target is None or status is None:
            return  # a slot that was open when its check was taken out of the inventory
        if self._is_believed(key, status, result):
            is_outrun = status.is_outrun(result)
            if target.explains(status, result):
                status.set_aside(result)
            else:
                status.record(result)
                if key in self.vantage:
                    self.echoes.note_own_jitter()
            if result.outcome is not Outcome.INVALID and not is_outrun:
                self._hear(key, status, result)
        else:
            status.last = result
        self._read_lines(key, result, {key, *self._causes.observe(key, result.finished)})

    def _read_lines(self, key: Key, result: Result, changed: set[Key]) -> None:
        """Take in what a device says of its lines, and judge that and what has changed besides."""
        news = self.lines.record(result)
        if news:
            changed |= self._causes.reconsider(news, result.finished)
            changed |= self._update_cut_lines(result.finished)
            self.doubts.lines_changed(news, key, self.lines.cut, result.finished)
        self._judge.judge(changed, result.finished)
        if news:
            self._prove(result.finished)

    def suspected(self) -> list[Suspected]:
        """What may be cut, but is not certain yet; one entry for each possible fault."""
        return [e for e in self.doubts.suspected() if e.root not in self._causes.unstable]

    @property
    def verifications(self) -> int:
        """How often a target was measured outside its slot, to know whose fault it is."""
        return self._causes.verifications

    def target(self, reference: str) -> TargetStatus:
        """The target that the inventory calls ``site/target``."""
        return self.targets[target_key(reference)]

    def troubled(self) -> Iterator[tuple[Key, TargetStatus, Root]]:
        """The targets whose root cause is known, in the order of the inventory."""
        for key, target in self.targets.items():
            # Of most targets there is neither; and this is asked of all of them at every scrape.
            if target.verdict is not None or target.cause is not None:
                root = target.root
                if root is not None:
                    yield key, target, root

    def sighting(self, reference: str) -> Sighting | None:
        """The last result of ``site/target``; None when it is unknown or was invalid."""
        target = self.targets.get(target_key(reference))
        return target.sighting if target else None

    def tick(self, now: float) -> list[Check]:
        """Expire results that are too old; returns the checks that became unknown."""
        self._forget_some(now)
        candidates: list[CheckStatus] = [*self._others, *self.echoes.expired(now)]
        expired = [status.check for status in candidates if status.expire(now)]
        for check in expired:
            key = check.site, check.target
            changed = {key, *self._causes.observe(key, now)}
            if check.params.traits.reads_interfaces:
                self.lines.forget(key)  # what it was evidence for stands
            self._judge.judge(changed, now)
        self._prove(now)
        settled = {key for key in self._resumed if self.targets[key].settle(now)}
        self._resumed -= settled
        changed = {*settled, *self._causes.tick(now)}
        self._judge.judge(changed | self._update_cut_lines(now), now)
        for site_id, site in self.sites.items():
            if site.flapping.is_on and site.flapping.settle(now):
                self._judge.judge_site(site_id, now)
        return expired

    def work_on(self, works: Iterable[Work], now: float) -> None:
        """Take these as the planned work that is under way from now on."""
        self.plan.replace(works)
        self._update_cut_lines(now)
        self._judge.judge(self.targets, now)

    def resume(
        self, keys: Collection[Key], verdicts: Mapping[Key, RootVerdict], now: float
    ) -> None:
        """Work out the states that follow from the restored states of targets."""
        self._resumed = set(keys)
        self._causes.resume(verdicts, now)
        self._judge.judge(keys, now)

    def _update_cut_lines(self, now: float) -> set[Key]:
        """Note which targets have lost one of several lines; returns those where that changed."""
        before = self.lost_lines
        if self.vantage.suspect:  # who doesn't answer now proves nothing
            lost = {key: line for key, line in before.items() if line in self.lines.cut}
        else:
            lost = self._causes.redundancy.lost(self.graph, self.plan.links, now)
        self.lost_lines = lost
        for key in before.keys() - lost.keys():
            if key in self.targets:
                self.targets[key].cut_line = None
        for key, line in self.lost_lines.items():
            self.targets[key].cut_line = line
        both = before.keys() & self.lost_lines.keys()
        same = {key for key in both if before[key] == self.lost_lines[key]}
        return ((before.keys() | self.lost_lines.keys()) - same) & self.targets.keys()

    def _is_believed(self, key: Key, status: CheckStatus, result: Result) -> bool:
        """Whether a result says something about its target, or only about the collector."""
        failed = result.outcome is Outcome.FAILURE
        if status is self.targets[key].primary and result.outcome is not Outcome.INVALID:
            was_blind = self.vantage.blind
            self.vantage.record(key, good=not failed)
            if self.vantage.blind and not was_blind:
                self.doubts.clear()
                self._forgetting.begin(self.targets)
                self._forget_some(result.finished)
        return not (failed and self.vantage.suspect)

    def _forget_some(self, now: float) -> None:
        """Go on making targets unknown, as long as the collector is blind."""
        keys = self._forgetting.some(self.targets, is_blind=self.vantage.blind)
        for key in keys:
            self.targets[key].forget()
            self._causes.observe(key, now)
        self._judge.judge(keys, now)

    def _notify(self, change: StateChange) -> None:
        if self._listener is not None:
            self._listener.state_changed(change, self)


def _places(chosen: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(chosen).tolist() if chosen.any() else []
