"""Which dashboard is looked at in which scene."""

from __future__ import annotations

from collections.abc import Iterator

from tests.dashboards.history.scenes import at
from tests.dashboards.rendered.grafana import Job
from tests.harness.dashboards import dashboards

SHIPPED, ODD, WITHOUT_RULES, EMPTY = 0, 2, 4, 6
"""Days: of the shipped province, of the odd one, of that without rules, and with nothing at all."""

MOMENTS = {"calm": 8, "cut": 14, "blind": 19.5, "violated": 25, "meeting": 35, "several": 39.5}
"""Minutes of the story of the shipped province."""

ODD_MOMENTS = {"odd-calm": (ODD, 8), "odd-cut": (ODD, 14), "without-rules": (WITHOUT_RULES, 14)}
EMPTY_MOMENT = {"empty": (EMPTY, 8)}


def small_jobs(url: str) -> list[Job]:
    """Every dashboard of the odd province, with rules and without, and of an empty Prometheus."""
    return [
        Job(f"{uid}-{scene}", uid, url, at(minute, day))
        for scene, (day, minute) in (ODD_MOMENTS | EMPTY_MOMENT).items()
        for uid in dashboards()
    ]


def all_jobs(url: str) -> list[Job]:
    """The province's dashboard in every scene, and the others where something is different."""
    return [*_of_shipped(url), *_tall(small_jobs(url))]


def _of_shipped(url: str) -> Iterator[Job]:
    for scene, minute in MOMENTS.items():
        yield Job(f"netwatch-province-{scene}", "netwatch-province", url, at(minute))
    for uid in dashboards():
        for scene in ("blind", "several"):
            yield Job(f"{uid}-{scene}-whole", uid, url, at(MOMENTS[scene]), height=0)
    for uid, scene in (("netwatch-province", "calm"), ("netwatch-meetings", "calm")):
        yield Job(f"{uid}-{scene}-whole", uid, url, at(MOMENTS[scene]), height=0)
    for uid in ("netwatch-province", "netwatch-links"):
        yield Job(f"{uid}-several-1600", uid, url, at(MOMENTS["several"]), width=1600)


def _tall(jobs: list[Job]) -> Iterator[Job]:
    for job in jobs:
        yield Job(job.name, job.dashboard, job.prometheus, job.at, height=0)
