"""Lines of the WAN: written out, or as uplinks."""

from __future__ import annotations

from pathlib import Path

from netwatch.inventory.links import all_links
from netwatch.inventory.model import LinkEnd
from tests.inventory.province import load


def test_an_uplink_is_a_link_between_the_routers(tmp_path: Path) -> None:
    links = all_links(load(tmp_path))
    assert list(links) == ["an-lam-uplink"]
    link = links["an-lam-uplink"]
    assert link.a == LinkEnd(target="an-lam/router")
    assert link.b == LinkEnd(target="centre/router")
    assert (link.carrier, link.contract, link.capacity) == ("VNPT", "HD-1", 20e6)


def test_interfaces_and_large_capacities_are_kept(tmp_path: Path) -> None:
    more = """\
    sites:
      x:
        tier: commune
        name_vi: X
        parent: centre
        targets: {switch: {address: 10.22.9.2, class: codec}, router: 10.22.9.1}
        uplink: {carrier: V, capacity: 100G, interface: Gi0/0, parent_interface: Gi0/24}
    links:
      second: {a: {target: x/router}, b: {target: centre/router}, carrier: W, capacity: 1G}
    """
    links = all_links(load(tmp_path, more))
    assert list(links) == ["second", "x-uplink", "an-lam-uplink"]
    assert links["x-uplink"].a == LinkEnd(target="x/router", interface="Gi0/0")
    assert links["x-uplink"].b == LinkEnd(target="centre/router", interface="Gi0/24")
    assert links["x-uplink"].capacity == 100e9
