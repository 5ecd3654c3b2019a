"""The board: the present state of every target and site, kept by the results as they come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.inventory.classes import check_class
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory
from netwatch.state.doors import Key, target_key
from netwatch.state.graph import Graph
from netwatch.state.lines import Lines
from netwatch.state.maintenance import Plan, Work
from netwatch.state.root import Verdict
from netwatch.state.rootcause import RootCauses
from netwatch.state.site import SiteStatus
from netwatch.state.target import CheckStatus, TargetStatus
from netwatch.state.turn import Turn, site_turn, target_turn
from netwatch.state.vantage import Vantage


class Board:
    """Turns results into states.

    While the vantage is suspect no failure counts, and once it is blind everything is unknown.

    Args:
        inventory: what is watched.
        checks: how.
        now: monotonic seconds.
        graph: how the targets are reached; None: from the top of the inventory.
        verify: begins a measurement at once, outside its slot.

    Attributes:
        turned: told of every state that turns.
    """

    def __init__(
        self,
        inventory: Inventory,
        checks: Iterable[Check],
        now: float,
        graph: Graph | None = None,
        verify: Callable[[Check], None] = lambda _: None,
    ) -> None:
        self.targets: dict[Key, TargetStatus] = {}
        self.sites: dict[str, SiteStatus] = {}
        self.vantage = Vantage()
        self.lines = Lines()
        self.turned: Callable[[Turn], None] = lambda _: None
        self.plan = Plan()
        self._resumed: set[Key] = set()  # some of their states are those of a former run
        self._causes = RootCauses(self.vantage, self.lines, verify)
        self.replace(inventory, checks, now, graph)

    def replace(
        self,
        inventory: Inventory,
        checks: Iterable[Check],
        now: float,
        graph: Graph | None = None,
    ) -> None:
        """Watch another inventory from now on; what is in both keeps its state and history."""
        by_target: dict[Key, list[Check]] = defaultdict(list)
        for check in checks:
            if check.flow is None:
                by_target[check.site, check.target].append(check)
        targets: dict[Key, TargetStatus] = {}
        for site_id, site, target_id, target in inventory.targets():
            key = site_id, target_id
            its_class = check_class(inventory, site, target)
            status = self.targets.get(key) or TargetStatus(its_class)
            status.set_checks(its_class, by_target[key])
            targets[key] = status
        self.targets = targets
        self._resumed &= targets.keys()
        self.sites = {id_: self.sites.get(id_) or SiteStatus(now) for id_ in inventory.sites}
        canaries = [target_key(canary) for canary in inventory.canaries]
        self.vantage.watch(canaries)
        self._members = {
            site_id: [targets[site_id, id_] for id_ in site.targets]
            for site_id, site in inventory.sites.items()
        }
        self._graph = graph or Graph(inventory)
        self.lines.watch(all_links(inventory))
        self._causes.replace(self._graph, targets, canaries, now)
        self._look_at_lines(targets)
        self._judge(targets, now)

    def report(self, report: Report) -> None:
        """Take in what a probe says of a target; reports on flows are not for the board."""
        if not isinstance(report, Result) or report.check.flow is not None:
            return
        key = report.check.site, report.check.target
        target = self.targets.get(key)
        status = target.checks.get(report.check.probe) if target else None
        if target is None or status is None:
            return  # a slot that was open when its check was taken out of the inventory
        if self._is_believed(key, status, report):
            status.record(report)
        else:
            status.last = report
        changed = {key, *self._causes.observe(key, report.finished)}
        if self.lines.record(report):
            changed |= self._look_at_lines(self._around(key))
        self._judge(changed, report.finished)

    @property
    def verifications(self) -> int:
        """How often a target was measured outside its slot, to know whose fault it is."""
        return self._causes.verifications

    def target(self, reference: str) -> TargetStatus:
        """The target that the inventory calls ``site/target``."""
        return self.targets[target_key(reference)]

    def tick(self, now: float) -> list[Check]:
        """Let go of what is too old to be true, and return the checks that became unknown."""
        expired: list[Check] = []
        for key, target in self.targets.items():
            stale = [status.check for status in target.checks.values() if status.expire(now)]
            if stale:
                changed = {key, *self._causes.observe(key, now)}
                if any(check.kind == "snmp" for check in stale) and self.lines.forget(key):
                    changed |= self._look_at_lines(self._around(key))
                self._judge(changed, now)
            expired += stale
        self._judge(self._causes.tick(now), now)
        settled = {key for key in self._resumed if self.targets[key].settle(now)}
        self._resumed -= settled
        self._judge(settled, now)
        for site_id, site in self.sites.items():
            if site.flapping.is_on and site.flapping.settle(now):
                self._judge_site(site_id, now)
        return expired

    def work_on(self, works: Iterable[Work], now: float) -> None:
        """Other planned work is under way from now on."""
        self.plan.replace(works)
        self._look_at_lines(self.targets)
        self._judge(self.targets, now)

    def resume(self, keys: Collection[Key], verdicts: Mapping[Key, Verdict], now: float) -> None:
        """Work out the states that follow from what targets remember of a former run."""
        self._resumed = set(keys)
        self._causes.resume(verdicts, now)
        self._judge(keys, now)

    def _around(self, key: Key) -> set[Key]:
        """A target, and those that are next to it over a line."""
        return {key, *self._graph.behind[key], *self._graph.before(key)}

    def _look_at_lines(self, keys: Iterable[Key]) -> set[Key]:
        """Note which targets have lost one of several lines; returns where that is new."""
        changed = set()
        lost = self.lines.cut - self.plan.links
        for key in keys:
            ways = self._graph.ways[key]
            cut = next((way.link for way in ways if way.link in lost), None)
            cut = cut if len(ways) > 1 else None
            if self.targets[key].cut_line != cut:
                self.targets[key].cut_line = cut
                changed.add(key)
        return changed

    def _is_believed(self, key: Key, status: CheckStatus, result: Result) -> bool:
        """Whether a result says something about its target, or only about the collector."""
        failed = result.outcome is Outcome.FAILURE
        if status is self.targets[key].primary and result.outcome is not Outcome.INVALID:
            was_blind = self.vantage.blind
            self.vantage.record(key, good=not failed)
            if self.vantage.blind and not was_blind:
                self._forget_all(result.finished)
        return not (failed and self.vantage.suspect)

    def _forget_all(self, now: float) -> None:
        for key, target in self.targets.items():
            target.forget()
            self._causes.observe(key, now)
        self._judge(self.targets, now)

    def _judge(self, keys: Iterable[Key], now: float) -> None:
        """Work out the states of targets that may have changed, then those of their sites."""
        changed: dict[str, None] = {}
        for key in keys:
            target = self.targets[key]
            before, root = target.state, target.root
            target.verdict = self._causes.verdicts.get(key)
            target.is_excused = self.plan.excuses(target.verdict)
            target.work = self.plan.at(key)
            if target.judge() or target.root != root:
                changed[key[0]] = None
                self.turned(target_turn(key, before, target))
        for site_id in changed:
            self._judge_site(site_id, now)

    def _judge_site(self, site_id: str, now: float) -> None:
        site = self.sites[site_id]
        before = site.state
        if site.judge(self._members[site_id], now):
            self.turned(site_turn(site_id, before, site))
