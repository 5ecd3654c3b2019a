"""Whether what is said of a site's line is enough for one, and asks for what is missing."""

from __future__ import annotations

from netwatch.imports.present import Present
from netwatch.imports.review import Review
from netwatch.imports.wanted import WantedSite
from netwatch.inventory.links import uplink_id

KEYS = ("carrier", "contract", "capacity", "interface", "parent_interface")
"""Keys of an uplink in the order in which they are written."""

_NEEDED = {"carrier": "nhà mạng / its carrier", "capacity": "băng thông / its capacity"}


def judge_uplinks(sites: list[WantedSite], present: Present, review: Review) -> None:
    """Ask for what a new line lacks: carrier, capacity, the site above, a router at both ends."""
    for site in sites:
        if any(site.facts.get(f"uplink.{key}") for key in KEYS):
            _judge(site, present, review)


def _judge(site: WantedSite, present: Present, review: Review) -> None:
    before = present.sites.get(site.site_id, {})
    if isinstance(before.get("uplink"), dict):
        return  # only some of it changes
    for key, told in _NEEDED.items():
        if not site.value(f"uplink.{key}"):
            _ask(site, f"uplink.{key}", f"đường truyền thiếu {told} is missing", review)
    if not has_router(site, present):
        _ask(
            site,
            "targets.router",
            "có đường truyền mà thiếu IP router / a line without a router",
            review,
        )
    if site.parent is None:
        told = "có đường truyền mà không trực thuộc đơn vị nào / a line without a site above"
        _ask(site, "parent", told, review)
    elif not has_router(site.parent, present):
        above = site.parent.name_vi if isinstance(site.parent, WantedSite) else site.parent
        review.wrong(
            site.placed.told,
            f"có đường truyền tới {above}, nơi không có router / a line to a site without a router",
        )
    if uplink_id(site.site_id) in present.section("links"):
        review.wrong(
            site.placed.told, f"đã có đường {uplink_id(site.site_id)} / is under links already"
        )


def has_router(site: WantedSite | str, present: Present) -> bool:
    """Whether a site has a router, or will have one."""
    if isinstance(site, WantedSite):
        if any(target.role == "router" for target in site.targets):
            return True
        site = site.site_id
    targets = present.sites.get(site, {}).get("targets")
    return isinstance(targets, dict) and any(
        (target.get("role") if isinstance(target, dict) else None) == "router"
        or str(name).split("-")[0] == "router"
        for name, target in targets.items()
    )


def drop_uplinks_without_router(sites: list[WantedSite], present: Present, review: Review) -> None:
    """Leave out lines that can't be plugged in at both ends, and say so."""
    for site in sites:
        lines = [key for key in site.facts if key.startswith("uplink.")]
        if lines and not (
            site.parent and has_router(site, present) and has_router(site.parent, present)
        ):
            for key in lines:
                del site.facts[key]
            review.notes.append(
                f"bỏ qua đường truyền của {site.name_vi}: thiếu bộ định tuyến ở một đầu"
                " / its line passed over: no router at one end"
            )


def _ask(site: WantedSite, meaning: str, message: str, review: Review) -> None:
    placed = site.columns.get(meaning) or site.columns.get("target.address") or site.placed
    if placed.reference not in review.broken:
        review.ask(placed.told, message, review.about(placed, None))
