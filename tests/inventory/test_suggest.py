"""What devices report is laid against the inventory: both ways, and without guessing."""

from __future__ import annotations

from typing import Any

from netwatch.inventory.cables import Cable, NeighbourReport
from netwatch.inventory.suggest import Suggestions, suggest
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


SECOND = LINK | {
    "a": {"target": "nam-sach/router", "interface": "Gi0/2"},
    "b": {"target": "hd-dc/core", "interface": "Te1/2"},
}


def test_parallel_lines_keep_their_interfaces() -> None:
    links = {"wan-1": LINK, "wan-2": SECOND}
    seen = [
        NeighbourReport("nam-sach/router", "Gi0/1", "hd-dc-core", "TenGigabitEthernet1/1"),
        NeighbourReport("nam-sach/router", "Gi0/2", "hd-dc-core", "TenGigabitEthernet1/2"),
        NeighbourReport("hd-dc/core", "Te1/2", "ns-router", "Gi0/2"),
        NeighbourReport("hd-dc/core", "Te1/1", "ns-router", "Gi0/1"),
    ]
    same = found(*seen, links=links)
    assert (same.links, same.interfaces, same.unseen) == ((), {}, ())
    one = found(*seen, links={"wan-1": LINK})
    assert one.links == (Cable("hd-dc/core", "Te1/2", "nam-sach/router", "Gi0/2"),)
    assert not one.interfaces
    cut = found(seen[0], seen[3], links=links)
    assert cut.unseen == ("wan-2",)
    assert not cut.interfaces
    unknown = found(*seen)
    assert unknown.links == (
        Cable("hd-dc/core", "Te1/1", "nam-sach/router", "Gi0/1"),
        Cable("hd-dc/core", "Te1/2", "nam-sach/router", "Gi0/2"),
    )


def test_one_of_two_lines_that_is_plugged_elsewhere() -> None:
    moved = found(
        NeighbourReport("nam-sach/router", "Gi0/1", "hd-dc-core", "Te1/1"),
        NeighbourReport("nam-sach/router", "Gi0/9", "hd-dc-core", "Te1/2"),
        links={"wan-1": LINK, "wan-2": SECOND},
    )
    assert moved.interfaces == {"wan-2": Cable("hd-dc/core", "Te1/2", "nam-sach/router", "Gi0/9")}


def test_where_the_collector_stands_the_tree_begins_at_its_canary() -> None:
    report = NeighbourReport("nam-sach/codec", "eth0", "ns-router", "Gi0/5")
    result = found(report, canaries=["nam-sach/codec"])
    assert result.depends_on == {"nam-sach/router": "nam-sach/codec"}
