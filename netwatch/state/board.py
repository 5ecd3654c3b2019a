"""The board: the present state of every target and site, kept by the results as they come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from netwatch.core.check import Check
from netwatch.core.echo import LOCAL_ERROR, OK, EchoResults
from netwatch.core.result import Outcome, Report, Result
from netwatch.core.streams import Streams
from netwatch.inventory.classes import check_class
from netwatch.inventory.model import Inventory
from netwatch.state.echoes import EchoStates, StreamStatus
from netwatch.state.site import SiteStatus
from netwatch.state.target import CheckStatus, TargetStatus
from netwatch.state.vantage import Vantage


class Board:
    """Turns results into states.

    While the vantage is suspect no failure counts, and once it is blind everything is unknown.
    """

    def __init__(
        self,
        inventory: Inventory,
        checks: Iterable[Check],
        now: float,
        streams: Streams | None = None,
    ) -> None:
        self.targets: dict[tuple[str, str], TargetStatus] = {}
        self.sites: dict[str, SiteStatus] = {}
        self.vantage = Vantage()
        self.echoes = EchoStates(streams or Streams())
        self.replace(inventory, checks, now)

    def replace(self, inventory: Inventory, checks: Iterable[Check], now: float) -> None:
        """Watch another inventory from now on; what is in both keeps its state and history.

        What comes by ``report_echoes`` must have its rows in the streams already.
        """
        self.echoes.watch()
        by_target: dict[tuple[str, str], list[Check]] = defaultdict(list)
        for check in checks:
            if check.flow is None:
                by_target[check.site, check.target].append(check)
        targets: dict[tuple[str, str], TargetStatus] = {}
        for site_id, site, target_id, target in inventory.targets():
            key = site_id, target_id
            its_class = check_class(inventory, site, target)
            status = self.targets.get(key) or TargetStatus(its_class)
            status.set_checks(its_class, by_target[key], self.echoes.create)
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
        self._others = [
            status
            for target in targets.values()
            for status in target.checks.values()
            if not isinstance(status, StreamStatus)
        ]
        self.echoes.judge_by(targets, {_key(canary) for canary in inventory.canaries})

    def report_echoes(self, results: EchoResults) -> None:
        """Take in the results of many streams; only those that may change a state cost more."""
        rows, echoes = results.rows, self.echoes
        is_believed = results.reasons != LOCAL_ERROR
        concerned: list[StreamStatus] = []
        # Canaries first: whether they answer says whether the others are believed.
        is_canary = echoes.is_canary(results)
        places = np.flatnonzero(is_canary).tolist()
        places += np.flatnonzero(echoes.is_unsteady(results) & ~is_canary).tolist()
        for place in places:
            status = echoes.status(int(rows[place]))
            if status is not None and self._turn(status, results.one(place, status.check)):
                concerned.append(status)
            else:
                is_believed[place] = False
        if self.vantage.suspect:
            is_believed &= results.reasons == OK
        concerned += echoes.record(results, is_believed)
        for status in concerned:
            self._judge((status.check.site, status.check.target), results.finished)
            echoes.settle(status.row)

    def _turn(self, status: StreamStatus, result: Result) -> bool:
        """Take in a result for the state of its stream, when it is believed."""
        key = status.check.site, status.check.target
        is_believed = self._is_believed(key, status, result)
        if is_believed and result.outcome is not Outcome.INVALID:
            status.turn(result)
        return is_believed

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
        self._judge(key, report.finished)

    def target(self, reference: str) -> TargetStatus:
        """The target that the inventory calls ``site/target``."""
        return self.targets[_key(reference)]

    def tick(self, now: float) -> list[Check]:
        """Let go of what is too old to be true, and return the checks that became unknown."""
        candidates: list[CheckStatus] = [*self._others, *self.echoes.expired(now)]
        expired = [status.check for status in candidates if status.expire(now)]
        for check in expired:
            self._judge((check.site, check.target), now)
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

    def _judge(self, key: tuple[str, str], now: float) -> None:
        if self.targets[key].judge():
            self._judge_site(key[0], now)

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
