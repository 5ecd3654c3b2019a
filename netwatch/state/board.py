"""The board: the present state of every target and site, kept by the results as they come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.inventory.classes import check_class
from netwatch.inventory.model import Inventory
from netwatch.state.site import SiteStatus
from netwatch.state.target import CheckStatus, Sighting, TargetStatus
from netwatch.state.vantage import Vantage


class Board:
    """Turns results into states.

    While the vantage is suspect no failure counts, and once it is blind everything is unknown.
    """

    def __init__(self, inventory: Inventory, checks: Iterable[Check], now: float) -> None:
        self.targets: dict[tuple[str, str], TargetStatus] = {}
        self.sites: dict[str, SiteStatus] = {}
        self.vantage = Vantage()
        self.replace(inventory, checks, now)

    def replace(self, inventory: Inventory, checks: Iterable[Check], now: float) -> None:
        """Watch another inventory from now on; what is in both keeps its state and history."""
        by_target: dict[tuple[str, str], list[Check]] = defaultdict(list)
        for check in checks:
            if check.flow is None:
                by_target[check.site, check.target].append(check)
        targets: dict[tuple[str, str], TargetStatus] = {}
        for site_id, site, target_id, target in inventory.targets():
            key = site_id, target_id
            its_class = check_class(inventory, site, target)
            status = self.targets.get(key) or TargetStatus(its_class)
            status.set_checks(its_class, by_target[key])
            targets[key] = status
        self.targets = targets
        self.sites = {id_: self.sites.get(id_) or SiteStatus(now) for id_ in inventory.sites}
        self.vantage.watch(_key(canary) for canary in inventory.canaries)
        self._members = {
            site_id: [targets[site_id, id_] for id_ in site.targets]
            for site_id, site in inventory.sites.items()
        }
        for key, status in targets.items():
            status.judge()
            self._judge_site(key[0], now)

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
        if target.judge():
            self._judge_site(key[0], report.finished)

    def target(self, reference: str) -> TargetStatus:
        """The target that the inventory calls ``site/target``."""
        return self.targets[_key(reference)]

    def sighting(self, reference: str) -> Sighting | None:
        """How the target that the inventory calls ``site/target`` was seen last."""
        target = self.targets.get(_key(reference))
        return target.sighting if target else None

    def tick(self, now: float) -> list[Check]:
        """Let go of what is too old to be true, and return the checks that became unknown."""
        expired: list[Check] = []
        for (site_id, _), target in self.targets.items():
            stale = [status.check for status in target.checks.values() if status.expire(now)]
            if stale and target.judge():
                self._judge_site(site_id, now)
            expired += stale
        return expired

    def _is_believed(self, key: tuple[str, str], status: CheckStatus, result: Result) -> bool:
        """Whether a result says something about its target, or only about the collector."""
        failed = result.outcome is Outcome.FAILURE
        if status is self.targets[key].primary and result.outcome is not Outcome.INVALID:
            was_blind = self.vantage.blind
            self.vantage.record(key, good=not failed)
            if self.vantage.blind and not was_blind:
                self._forget_all(result.finished)
        return not (failed and self.vantage.suspect)

    def _forget_all(self, now: float) -> None:
        for (site_id, _), target in self.targets.items():
            target.forget()
            if target.judge():
                self._judge_site(site_id, now)

    def _judge_site(self, site_id: str, now: float) -> None:
        self.sites[site_id].judge(self._members[site_id], now)


def _key(reference: str) -> tuple[str, str]:
    site, _, target = reference.partition("/")
    return site, target
