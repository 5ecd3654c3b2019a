"""How many sites are in each state: on each level, and below each site that has others below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from netwatch.core.state import State
from netwatch.export.exporter import Exporter, Watched
from netwatch.inventory.model import Inventory
from netwatch.metrics import Registry
from netwatch.state.table import StateTable


class RollupMetrics(Exporter):
    """How many sites are in each state, for a district or the province at a glance."""

    def __init__(self, registry: Registry, states: StateTable) -> None:
        self._states = states
        self._tier = registry.gauge(
            "netwatch_tier_sites", "Sites of a level by state.", ("tier", "state")
        )
        self._below = registry.gauge(
            "netwatch_site_below",
            "Sites below a site, at any depth, by state; the site itself does not count.",
            ("site", "state"),
        )
        self._tiers: dict[str, str] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    def watch(self, watched: Watched) -> None:
        """Count by another inventory from the next refresh on."""
        inventory = watched.inventory
        self._tiers = {site_id: site.tier for site_id, site in inventory.sites.items()}
        self._above = {site_id: _ancestors(inventory, site_id) for site_id in inventory.sites}
        self._tier.clear()
        self._below.clear()

    def refresh(self) -> Iterator[None]:
        """Count anew, in steps."""
        by_tier: Counter[tuple[str, State]] = Counter()
        below: Counter[tuple[str, State]] = Counter()
        for site_id, site in self._states.sites.items():
            by_tier[self._tiers[site_id], site.state] += 1
            for above in self._above[site_id]:
                below[above, site.state] += 1
            yield
        for family, counts in ((self._tier, by_tier), (self._below, below)):
            for place in {place for place, _ in counts}:
                for state in State:
                    family.cell(place, state.label).set(counts[place, state])
                yield


def _ancestors(inventory: Inventory, site_id: str) -> tuple[str, ...]:
    found = []
    above = inventory.sites[site_id].parent
    while above is not None:
        found.append(above)
        above = inventory.sites[above].parent
    return tuple(found)
