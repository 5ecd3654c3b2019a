"""From NetBox's objects to the files of an inventory: everything but asking and writing."""

from __future__ import annotations

from netwatch.imports.answers import MappingAnswers
from netwatch.imports.begin import begin_inventory
from netwatch.imports.files import FilePlan, plan_files
from netwatch.imports.ids import identify
from netwatch.imports.netbox.lines import wanted_lines
from netwatch.imports.netbox.objects import NetboxData
from netwatch.imports.netbox.sites import parents_by_region, wanted_sites
from netwatch.imports.present import Present
from netwatch.imports.resolve import resolve_parents, resolve_words
from netwatch.imports.review import Review
from netwatch.imports.uplinks import drop_uplinks_without_router, judge_uplinks

SOURCE = "netbox"
"""What stands under ``source`` of all that came from NetBox; nothing else is ever changed."""


def plan_sync(
    data: NetboxData, name: str, present: Present, answers: MappingAnswers
) -> tuple[FilePlan, Review]:
    """What the inventory would be like, and what stands against it; as ``plan_import``."""
    review = Review(name, answers)
    found = wanted_sites(data, present, review)
    sites = list(found.values())
    resolve_words(sites, present, review)
    parents_by_region(data, found, present)
    resolve_parents(sites, present, review)
    identify(sites, present, review)
    links = wanted_lines(data, found, review)
    drop_uplinks_without_router(sites, present, review)
    judge_uplinks(sites, present, review)
    start = begin_inventory(sites, present, review)
    if review.problems:
        return FilePlan(), review
    return plan_files(sites, present, start, links, SOURCE), review
