"""A province whose 301 sites all stand behind one core line: a hub, 12 districts, 288 communes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DISTRICTS = [f"district-{number}" for number in range(1, 13)]
COMMUNES = 24
"""In each district."""

BEHIND_THE_CORE = 1 + len(DISTRICTS) * (1 + COMMUNES)
"""Sites that are cut off when the line to the hub is."""

BASE = """
province: {name_vi: Tỉnh Thử, name: Test province}
ranges: [10.40.0.0/16]
networks: {state: {name_vi: Nhà nước, name: State}}
tiers:
  data-centre: {name_vi: Trung tâm, name: Data centre, rank: 0, availability: 99.9%}
  region: {name_vi: Vùng, name: Region, rank: 1, availability: 99.5%}
  district: {name_vi: Cấp huyện, name: Districts, rank: 2, availability: 99.5%}
  commune: {name_vi: Cấp xã, name: Communes, rank: 3, availability: 99%}
vantages: {state-dc: {site: centre, name_vi: Trung tâm}}
canaries: [centre/router, centre/switch-1]
classes:
  any:
    match: {roles: [router, switch]}
    checks: [{probe: icmp, interval: 1s}]
"""

MAINTENANCE = """
maintenance:
  core:
    starts: 2026-01-01 00:00
    for: 1d
    repeat: FREQ=DAILY
    reason: Nâng cấp đường trục
    links: [hub-uplink]
"""


def write_inventory(directory: Path, *, maintenance: bool) -> Path:
    """The province as files; with ``maintenance`` its core line is always being worked on."""
    directory.mkdir()
    text = BASE + "sites:\n" + "".join(_sites()) + (MAINTENANCE if maintenance else "")
    (directory / "province.yaml").write_text(text, encoding="utf-8")
    return directory


def _sites() -> Iterator[str]:
    yield "  centre:\n    tier: data-centre\n    name_vi: Trung tâm\n"
    yield "    targets: {router: 10.40.0.1, switch-1: 10.40.0.2}\n"
    yield _site("hub", "region", "centre", "10.40.1.1")
    for number, district in enumerate(DISTRICTS, 10):
        yield _site(district, "district", "hub", f"10.40.{number}.1")
        for commune in range(2, COMMUNES + 2):
            yield _site(f"{district}-{commune}", "commune", district, f"10.40.{number}.{commune}")


def _site(id_: str, tier: str, parent: str, address: str) -> str:
    return f"""  {id_}:
    tier: {tier}
    parent: {parent}
    name_vi: Điểm {id_}
    targets: {{router: {address}}}
    uplink: {{carrier: VNPT, contract: HD-{id_}, capacity: 100M}}
"""
