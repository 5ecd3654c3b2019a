"""Works out the states of targets, then those of their sites, and tells of each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from netwatch.inventory.model import Inventory
from netwatch.state.attachment import Key
from netwatch.state.doubts import Doubts
from netwatch.state.maintenance import MaintenancePlan
from netwatch.state.rootcause import RootCauses
from netwatch.state.site import SiteStatus
from netwatch.state.target import TargetStatus
from netwatch.state.transition import StateChange, site_change, target_change


class Judge:
    """Judges targets and sites by what is known of them.

    Args:
        causes: knows the root causes of silent targets.
        doubts: told whose silence is explained, or over.
        plan: what is being worked on.
        tell: called with every change of a state or its root cause.

    """

    def __init__(
        self,
        causes: RootCauses,
        doubts: Doubts,
        plan: MaintenancePlan,
        tell: Callable[[StateChange], None],
    ) -> None:
        self._targets: Mapping[Key, TargetStatus] = {}
        self._sites: Mapping[str, SiteStatus] = {}
        self._causes = causes
        self._doubts = doubts
        self._plan = plan
        self._tell = tell
        self._members: dict[str, Sequence[TargetStatus]] = {}
        self._stirred: dict[str, None] = {}  # sites to be judged anew, whatever their targets are

    def replace(
        self,
        inventory: Inventory,
        targets: Mapping[Key, TargetStatus],
        sites: Mapping[str, SiteStatus],
    ) -> None:
        """Judge these targets and sites from now on."""
        self._targets, self._sites = targets, sites
        self._members = {
            site_id: [targets[site_id, id_] for id_ in site.targets]
            for site_id, site in inventory.sites.items()
        }

    def stir(self, site_id: str) -> None:
        """Have a site judged with the next targets, even if none of its own is among them."""
        self._stirred[site_id] = None

    def judge(self, keys: Iterable[Key], now: float) -> None:
        """Work out the states of targets that may have changed, then those of their sites."""
        changed, self._stirred = self._stirred, {}
        for key in keys:
            target = self._targets[key]
            before, root = target.state, target.root
            target.verdict = self._causes.verdicts.get(key)
            self._doubts.judged(key, target)
            target.is_excused = self._plan.excuses(target.verdict)
            target.work = self._plan.at(key)
            if target.judge() or target.root != root:
                changed[key[0]] = None
                self._tell(target_change(key, before, root, target))
        for site_id in changed:
            if site_id in self._sites:
                self.judge_site(site_id, now)

    def judge_site(self, site_id: str, now: float) -> None:
        """Work out the state of a site from those of its targets."""
        site = self._sites[site_id]
        before, root = site.state, site.root
        if site.judge(self._members[site_id], now):
            self._tell(site_change(site_id, before, root, site))
