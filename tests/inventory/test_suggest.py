"""What devices report is laid against the inventory: both ways, and without guessing."""

from __future__ import annotations

from typing import Any

from netwatch.inventory.suggest import Cable, NeighbourReport, Suggestions, suggest
from tests.harness.builders import make_inventory

NAMES = {
    "hd-dc/core": "HD-DC-CORE.haiduong.gov.vn",
    "nam-sach/router": "ns-router",
    "nam-sach/codec": "ns-codec",
    "an-lam/router": "al-router",
}
LINK = {
    "a": {"target": "nam-sach/router", "interface": "Gi0/1"},
    "b": {"target": "hd-dc/core", "interface": "Te1/1"},
    "carrier": "VNPT",
    "capacity": "20M",
}


def found(*seen: NeighbourReport, names: dict[str, str] = NAMES, **changes: Any) -> Suggestions:
    return suggest(make_inventory(**changes), names, seen)


def test_a_line_that_both_ends_report_is_one_link() -> None:
    result = found(
        NeighbourReport("nam-sach/router", "Gi0/1", "hd-dc-core", "Te1/1"),
        NeighbourReport("hd-dc/core", "Te1/1", "NS-ROUTER.haiduong.gov.vn", "Gi0/1"),
    )
    assert result.links == (Cable("hd-dc/core", "Te1/1", "nam-sach/router", "Gi0/1"),)
    assert not result.strangers


def test_one_end_is_enough_and_a_missing_port_is_filled_by_the_other() -> None:
    one = found(NeighbourReport("nam-sach/router", "", "hd-dc-core", "Te1/1"))
    assert one.links == (Cable("hd-dc/core", "Te1/1", "nam-sach/router", ""),)
    both = found(
        NeighbourReport("nam-sach/router", "", "hd-dc-core", "Te1/1"),
        NeighbourReport("hd-dc/core", "Te1/1", "ns-router", "Gi0/1"),
    )
    assert both.links == (Cable("hd-dc/core", "Te1/1", "nam-sach/router", "Gi0/1"),)


def test_a_line_that_the_inventory_has() -> None:
    same = found(
        NeighbourReport("nam-sach/router", "Gi0/1", "hd-dc-core", "Te1/1"), links={"wan-1": LINK}
    )
    assert not same.links
    assert not same.interfaces
    assert not same.unseen


def test_an_interface_of_another_name_and_a_line_that_nobody_sees() -> None:
    other = found(
        NeighbourReport("nam-sach/router", "Gi0/2", "hd-dc-core", "Te1/1"), links={"wan-1": LINK}
    )
    assert other.interfaces == {"wan-1": Cable("hd-dc/core", "Te1/1", "nam-sach/router", "Gi0/2")}
    assert found(links={"wan-1": LINK}).unseen == ("wan-1",)
    assert found(links={"wan-1": LINK}, names={}).unseen == (), "nobody was asked"


def test_what_a_target_is_reached_through() -> None:
    result = found(NeighbourReport("nam-sach/codec", "eth0", "ns-router", "Gi0/5"))
    assert result.depends_on == {"nam-sach/codec": "nam-sach/router"}
    assert not result.links


def test_strangers_are_reported_and_two_of_one_name_are_not_guessed() -> None:
    stranger = NeighbourReport("nam-sach/router", "Gi0/3", "printer", "1")
    assert found(stranger).strangers == (stranger,)
    twice = NAMES | {"an-lam/router": "ns-router"}
    report = NeighbourReport("hd-dc/core", "Te1/1", "ns-router", "Gi0/1")
    assert found(report, names=twice).strangers == (report,)


def test_an_address_counts_more_than_a_name() -> None:
    report = NeighbourReport("hd-dc/core", "Te1/2", "unknown(FOC1234)", "Gi0/0", "127.1.2.1")
    assert [cable.a for cable in found(report).links] == ["an-lam/router"]
