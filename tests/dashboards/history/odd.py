"""A small province in which everything is odd that an inventory allows."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from netwatch.inventory.model import Inventory
from tests.dashboards.history.scenes import load
from tests.dashboards.history.story import Span, Story

QUOTED = """Trường 'Nguyễn Huệ' \\ "cơ sở 2" {a=~".*"}"""
LONG = ("Trung tâm Phục vụ hành chính công, Hội đồng nhân dân và Ủy ban nhân dân " * 2)[
    :128
].strip()
DECOMPOSED = unicodedata.normalize("NFD", "Xã Thượng Quận")

PROVINCE = """
province: {name_vi: Tỉnh Thử, name: Test province}
ranges: [10.30.0.0/16]
networks: {state: {name_vi: Nhà nước, name: State}}
tiers:
  data-centre: {name_vi: Trung tâm, name: Data centre, rank: 0}
  district: {name_vi: Huyện, name: District, rank: 1}
vantages: {state-dc: {site: centre, name_vi: Trung tâm}}
canaries: [centre/router]
classes:
  any:
    match: {roles: [router, lamp]}
    checks: [{probe: icmp, interval: 5s}]
sites:
  centre:
    tier: data-centre
    name_vi: Trung tâm
    targets: {router: 10.30.0.1, lamp: 10.30.0.2}
"""
"""Without flows, meetings, objectives, a Party side, or coordinates; a role that nobody foresaw."""


def odd(directory: Path) -> Inventory:
    """The inventory, written into this directory first."""
    (directory / "province.yaml").write_text(PROVINCE + "".join(_sites()), encoding="utf-8")
    return load(directory)


def _sites() -> list[str]:
    return [
        f"  site-{number}:\n"
        "    tier: district\n    parent: centre\n"
        f"    name_vi: {json.dumps(name, ensure_ascii=False)}\n"
        f"    targets: {{router: 10.30.{number}.1}}\n"
        "    uplink: {carrier: 'Nhà \"mạng\"', capacity: 20M}\n"
        for number, name in enumerate((QUOTED, LONG, DECOMPOSED), start=1)
    ]


def tell(story: Story) -> None:
    """All three are cut off."""
    for number in (1, 2, 3):
        story.cut(f"site-{number}", Span(10 + number / 2, 20))
