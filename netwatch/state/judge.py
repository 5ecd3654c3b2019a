"""Works out the states of targets, then those of their sites, and tells of each change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from netwatch.inventory.model import Inventory
from netwatch.state.attachment import Key, target_key
from netwatch.state.doubts import Doubts
from netwatch.state.maintenance import MaintenancePlan
from netwatch.state.root import RootKind, RootVerdict
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
        self._lost: dict[Key, set[Key]] = defaultdict(set)  # by the end of an unstable path

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
        self._lost.clear()
        for key, target in targets.items():
            self._note_lost(key, None, target.verdict)
        for key, target in targets.items():
            target.unstable_path = "/".join(key) if self._lost.get(key) else None

    def stir(self, site_id: str) -> None:
        """Have a site judged with the next targets, even if none of its own is among them."""
        self._stirred[site_id] = None

    def judge(self, keys: Iterable[Key], now: float) -> None:
        """Work out the states of targets that may have changed, then those of their sites."""
        changed, self._stirred = self._stirred, {}
        places: set[Key] = set()
        for key in keys:
            target = self._targets[key]
            before, root = target.state, target.root
            verdict = self._causes.verdicts.get(key)
            if verdict != target.verdict:
                places |= self._note_lost(key, target.verdict, verdict)
            target.verdict = verdict
            self._doubts.judged(key, target)
            target.is_excused = self._plan.excuses(target.verdict)
            target.work = self._plan.at(key)
            if target.judge() or target.root != root:
                changed[key[0]] = None
                self._tell(target_change(key, before, root, target))
        for key in places & self._targets.keys():
            self._judge_path(key, changed)
        for site_id in changed:
            if site_id in self._sites:
                self.judge_site(site_id, now)

    def _note_lost(
        self, key: Key, before: RootVerdict | None, verdict: RootVerdict | None
    ) -> set[Key]:
        """Note that a target is lost on an unstable path, or no longer; returns the paths' ends."""
        places = set()
        for each, is_now in (before, False), (verdict, True):
            if each is not None and each.root.kind is RootKind.PATH:
                place = target_key(each.root.id)
                places.add(place)
                (self._lost[place].add if is_now else self._lost[place].discard)(key)
        return places

    def _judge_path(self, place: Key, changed: dict[str, None]) -> None:
        """Work out the state of the target at the end of a path that may be unstable."""
        target = self._targets[place]
        before, root = target.state, target.root
        target.unstable_path = "/".join(place) if self._lost[place] else None
        if target.judge() or target.root != root:
            changed[place[0]] = None
            self._tell(target_change(place, before, root, target))

    def judge_site(self, site_id: str, now: float) -> None:
        """Work out the state of a site from those of its targets."""
        site = self._sites[site_id]
        before, root = site.state, site.root
        if site.judge(self._members[site_id], now):
            self._tell(site_change(site_id, before, root, site))
