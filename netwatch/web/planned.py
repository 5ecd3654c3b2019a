"""Planned work for the page: what is under way, and what comes in the next days."""

from __future__ import annotations

from typing import Literal

from netwatch.maintenance.watch import MaintenanceWatch
from netwatch.state.maintenance import Work
from netwatch.web.status import PlannedWork

MAX_NAMED = 30
"""Ids of each kind that are named of one work; the page says how many more there are."""


def planned_work(watch: MaintenanceWatch) -> list[PlannedWork]:
    """All of it: under way first, then by its begin."""
    return [
        *(_planned(work, "under-way") for work in watch.under_way()),
        *(_planned(work, "coming") for work in watch.coming()),
    ]


def _planned(work: Work, state: Literal["coming", "under-way"]) -> PlannedWork:
    scope = work.scope
    return {
        "id": work.id,
        "state": state,
        "announced": work.is_announced,
        "reason": work.reason,
        "author": work.author or None,
        "begins": work.began,
        "ends": work.ends,
        "sites": sorted(scope.sites)[:MAX_NAMED],
        "targets": sorted("/".join(key) for key in scope.targets)[:MAX_NAMED],
        "links": sorted(scope.links)[:MAX_NAMED],
        "count": len(scope.sites) + len(scope.targets) + len(scope.links),
    }
