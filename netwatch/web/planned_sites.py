"""Sites that are only planned, as the status page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from netwatch.state.planned import PlannedSites


class PlannedTarget(TypedDict):
    """A target of a planned site; ``answers``: None while that is not known."""

    id: str
    role: str
    answers: bool | None


class PlannedSite(TypedDict):
    """A site that counts nowhere yet; ``begins``: its first day of service, where it is known."""

    id: str
    name_vi: str
    name: str
    tier: str
    network: str
    parent: str | None
    begins: str | None
    targets: list[PlannedTarget]


def planned_sites(planned: PlannedSites) -> Iterator[PlannedSite]:
    """Those of now, in the order of the inventory."""
    for site_id, site in planned.sites.items():
        yield {
            "id": site_id,
            "name_vi": site.name_vi,
            "name": site.name or site.name_vi,
            "tier": site.tier,
            "network": site.network,
            "parent": site.parent,
            "begins": None if site.since is None else site.since.isoformat(),
            "targets": [
                {"id": id_, "role": target.role, "answers": planned.answers((site_id, id_))}
                for id_, target in site.targets.items()
            ],
        }
