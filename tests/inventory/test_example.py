"""The example province under config/inventory, with the schemas of the real probes."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address
from pathlib import Path

import pytest
from pydantic import SecretStr

from netwatch import probes
from netwatch.inventory.links import all_links
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.inventory.plan import plan_checks
from netwatch.settings import load_settings

ROOT = Path(__file__).parents[2]

COMMUNES = {
    "hai-duong": 25,
    "chi-linh": 19,
    "kinh-mon": 23,
    "nam-sach": 19,
    "thanh-ha": 20,
    "kim-thanh": 18,
    "cam-giang": 17,
    "binh-giang": 16,
    "gia-loc": 18,
    "tu-ky": 23,
    "ninh-giang": 20,
    "thanh-mien": 17,
}
"""As of 2021, after the merger of communes of 2019 and 2020."""


class AnySecret:
    def __init__(self) -> None:
        self.asked: set[str] = set()

    def get(self, name: str) -> SecretStr:
        self.asked.add(name)
        return SecretStr("long enough")


SCHEMAS = {name: kind.params for name, kind in probes.kinds().items()}


@pytest.fixture(scope="module")
def province() -> Inventory:
    return load_inventory(ROOT / "config/inventory", SCHEMAS)


def test_it_has_the_size_of_the_province(province: Inventory) -> None:
    assert Counter(site.tier for site in province.sites.values()) == {
        "data-centre": 1,
        "department": 20,
        "district": 12,
        "commune": 235,
        "party-office": 13,
    }
    assert len(province.sites) == 281


def test_every_district_has_its_communes(province: Inventory) -> None:
    parents = Counter(site.parent for site in province.sites.values() if site.tier == "commune")
    assert parents == COMMUNES


def test_every_office_has_what_a_meeting_and_a_network_need(province: Inventory) -> None:
    for site_id, site in province.sites.items():
        roles = {target.role for target in site.targets.values()}
        assert "router" in roles, site_id
        assert "codec" in roles or site.tier == "data-centre", site_id
        assert "switch" in roles or site.tier in {"commune", "party-office"}, site_id
        assert site.name, site_id


def test_every_office_has_a_line(province: Inventory) -> None:
    links = all_links(province)
    assert len(links) == 280 + 1
    assert {f"{site_id}-uplink" for site_id in province.sites} - links.keys() == {
        "data-centre-uplink"
    }


def test_party_offices_are_on_their_own_network(province: Inventory) -> None:
    for site in province.sites.values():
        assert (site.network == "party") == (site.tier == "party-office")


def test_documents_and_mail_go_both_ways(province: Inventory) -> None:
    ways = {flow_id: flow.back for flow_id, flow in province.flows.items() if flow.back}
    assert len(ways) == 14
    assert {*ways.values()} == {"f101", "f102"}
    assert {province.flows[back].vantage for back in ways.values()} == {"party-office"}


def test_the_border_is_measured_both_ways(province: Inventory) -> None:
    flows = province.flows.values()
    assert Counter(flow.expect for flow in flows) == {"pass": 19, "blocked": 14 + 20}
    for flow in flows:
        site = province.sites[flow.to.partition("/")[0]]
        home = province.sites[province.vantages[flow.vantage].site]
        assert site.network != home.network


def test_it_is_measured_by_these_probes_and_four_secrets(province: Inventory) -> None:
    secrets = AnySecret()
    checks = plan_checks(province, SCHEMAS, secrets, "state-dc")
    assert {check.kind for check in checks} == {
        "icmp",
        "snmp",
        "tcp",
        "sip",
        "h323",
        "stun",
        "stamp",
        "http",
        "tls",
        "smtp",
    }
    assert secrets.asked == {
        "snmp-wan-community",
        "snmp-lan-community",
        "snmp-core-auth",
        "snmp-core-priv",
    }
    routers = [check for check in checks if check.kind == "icmp" and check.target == "router"]
    assert {check.interval for check in routers} == {5.0}


def test_the_plan_of_addresses_is_followed(province: Inventory) -> None:
    for site_id, site in province.sites.items():
        networks = {int(ip_address(target.address)) >> 8 for target in site.targets.values()}
        assert len(networks) == 1, site_id


def test_the_settings_file_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    settings = load_settings(Path("config/netwatch.toml"))
    assert settings.listen == "127.0.0.1:10880"
    assert settings.inventory.is_dir()


def test_both_sides_agree_on_what_the_party_office_measures(province: Inventory) -> None:
    inside = load_inventory(ROOT / "config/vantage/inventory", SCHEMAS)
    assert inside.networks["party"].opaque
    outside = {id_: flow for id_, flow in province.flows.items() if flow.vantage == "party-office"}
    assert inside.flows.keys() == outside.keys()
    for flow_id, flow in inside.flows.items():
        there = outside[flow_id]
        assert (flow.to, flow.check, flow.expect) == (there.to, there.check, there.expect)
        addresses = [each.sites["data-centre"].targets for each in (inside, province)]
        target = flow.to.partition("/")[2]
        assert addresses[0][target].address == addresses[1][target].address


def test_the_near_ends_of_districts_and_communes_are_named_once(province: Inventory) -> None:
    """Where the device above is polled, its word names a cut at once, if its interface is known."""
    ends = [
        (link.b.target, link.b.interface)
        for link_id, link in all_links(province).items()
        if province.sites[link.a.target.partition("/")[0]].tier in {"district", "commune"}
        and link_id.endswith("-uplink")
    ]
    assert len(ends) == 12 + 235
    assert None not in {interface for _, interface in ends}
    assert len(set(ends)) == len(ends)


def test_the_near_end_of_every_line_is_known_where_it_is_polled(province: Inventory) -> None:
    """So that its word is second evidence of a cut; no two lines end at one interface."""
    plan = plan_checks(province, SCHEMAS, AnySecret(), "state-dc")
    polled = {(c.site, c.target) for c in plan if c.params.traits.reads_interfaces}
    ends = [end for link in all_links(province).values() for end in (link.b, link.a)]
    near = [link.b for id_, link in all_links(province).items() if id_.endswith("-uplink")]
    assert len(near) > 250
    for end in near:
        site, _, target = end.target.partition("/")
        assert (site, target) in polled
        assert end.interface, end.target
    named = Counter((end.target, end.interface) for end in ends if end.interface)
    assert set(named.values()) == {1}
