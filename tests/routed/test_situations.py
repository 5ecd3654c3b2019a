"""What is at fault in a network that nobody here wrote: FRR, snmpd, and the Linux kernel.

What answers is measured beside by fping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.harness.waiting import eventually
from tests.routed.province import CLOSED, HERE, LINES, OPEN, VERSION_3, Province
from tests.routed.watched import LASTING, PATIENCE, SHARED_SITE, Page

pytestmark = pytest.mark.slow

Change = Callable[[Province], None]


def cut(*lines: str) -> tuple[Change, Change]:
    return lambda province: province.cut(*lines), lambda province: province.mend(*lines)


def unplug(name: str) -> tuple[Change, Change]:
    return lambda province: province.unplug(name), lambda province: province.unplug(name, "up")


SITUATIONS: dict[str, tuple[tuple[Change, Change], dict[str, str]]] = {
    "a line of the ring": (cut("d1-d2"), {"link:d1-d2": "degraded"}),
    "one of two parallel lines": (cut("d3-core2-b"), {"link:d3-core2-b": "degraded"}),
    "two lines of the ring": (
        cut("core1-d1", "d2-d3"),
        {"link:core1-d1": "down", "link:d2-d3": "down"},
    ),
    "a router of the ring": (unplug("d2"), {"target:d2/router": "down"}),
    "a core": (unplug("core1"), {"target:dc/core1": "down"}),
    "the line of a commune with IPv6 only": (cut("d3-c3"), {"link:d3-c3": "down"}),
    "a line between the carrier's boxes": (
        (lambda province: province.hide("d2-c2", "down"), lambda p: p.hide("d2-c2", "up")),
        {"link:d2-c2": "down"},
    ),
}


@contextmanager
def situation(province: Province, page: Page, changes: tuple[Change, Change]) -> Iterator[None]:
    """Something is wrong until the end of the block, and then everything is well again."""
    change, back = changes
    page.blamed.clear()
    change(province)
    try:
        yield
    finally:
        back(province)
        eventually(page.is_well, PATIENCE)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_root_is_right_and_nothing_else_is_blamed(
    province: Province, page: Page, name: str
) -> None:
    changes, faults = SITUATIONS[name]
    with situation(province, page, changes):
        eventually(lambda: page.faults() == faults, PATIENCE)
        silent = set(province.nodes) - province.answering()
        eventually(lambda: page.silent() == silent, PATIENCE)
        assert page.blamed == faults.keys()


def test_packets_that_go_in_circles_are_no_matter_of_a_line(province: Province, page: Page) -> None:
    def turn(_: Province) -> None:
        province.misroute("c1", "core1-d1", "replace")

    def end(_: Province) -> None:
        province.misroute("c1", "core1-d1", "del")

    with situation(province, page, (turn, end)):
        eventually(lambda: page.faults() == {"target:c1/router": "down"}, PATIENCE)
        assert page.target("c1")["cause"] == {"probe": "icmp", "reason": "ttl_exceeded"}
        assert page.blamed == {"target:c1/router"}


def test_the_trace_of_a_cut_line_ends_before_it(province: Province, page: Page) -> None:
    with situation(province, page, cut("d2-c2")):
        eventually(lambda: page.faults() == {"link:d2-c2": "down"}, PATIENCE)
        assert page.blamed == {"link:d2-c2"}
        eventually(lambda: page.evidence("link:d2-c2").get("trace"), PATIENCE)
        trace = page.evidence("link:d2-c2")["trace"]
        assert trace["last_hop"] is not None
        assert not trace["reached"]


def test_a_router_that_limits_echoes_is_there(province: Province, page: Page) -> None:
    def limit(_: Province) -> None:
        province.silence_echoes("d2")

    def answer(_: Province) -> None:
        province.answer_echoes("d2")

    with situation(province, page, (limit, answer)):
        eventually(lambda: page.target("d2")["state"] == "degraded", PATIENCE)
        cause = page.target("d2")["cause"]
        assert cause == {"probe": "icmp", "reason": "timeout"}
        assert page.target("c2")["state"] == "up"
        assert page.blamed == set()


def test_what_one_of_two_equal_lines_drops_is_one_unstable_path(
    province: Province, page: Page
) -> None:
    def drop(_: Province) -> None:
        province.drop("d3-core2-b", 1)

    def keep(_: Province) -> None:
        province.lose_nothing()

    path = "path:d3/router"
    with situation(province, page, (drop, keep)):
        eventually(lambda: page.faults() == {path: "degraded"}, PATIENCE)
        lost = province.lost()
        assert len(lost) >= 3
        silent = {f"{SHARED_SITE}{number}" for number in lost}
        eventually(lambda: page.silent() - {"d3"} == silent, PATIENCE)
        assert page.target("d3")["state"] == "degraded"
        assert page.blamed == {path}


def test_the_far_ends_see_a_path_that_changed(province: Province, page: Page) -> None:
    """A line that loses all that comes one way is lost to OSPF, and its interfaces stay up."""

    def lose(_: Province) -> None:
        province.lose("core1-d1", 0)

    def keep(_: Province) -> None:
        province.lose_nothing()

    before = page.total("netwatch_icmp_ttl_changes_total")
    with situation(province, page, (lose, keep)):
        eventually(lambda: page.total("netwatch_icmp_ttl_changes_total") > before, PATIENCE)
        eventually(lambda: page.longer() >= {"d1", "c1"}, LASTING + PATIENCE)
        assert page.total("netwatch_path_extra_hops") > 0
        assert page.blamed == set()
    eventually(lambda: not page.longer(), PATIENCE)


def test_an_agent_of_snmp_v3_is_read_as_the_others(province: Province, page: Page) -> None:
    eventually(lambda: page.answers(VERSION_3, "snmp"), PATIENCE)
    with situation(province, page, cut("d1-c1")):
        eventually(lambda: page.faults() == {"link:d1-c1": "down"}, PATIENCE)
        assert page.blamed == {"link:d1-c1"}


def test_flows_through_the_firewall_of_the_party_s_network(province: Province, page: Page) -> None:
    def flows() -> tuple[str, str]:
        return page.flow(OPEN), page.flow(CLOSED)

    eventually(lambda: flows() == ("as_expected", "as_expected"), PATIENCE)
    try:
        province.guard()
        eventually(lambda: flows() == ("as_expected", "violated"), PATIENCE)
        province.guard(OPEN, CLOSED)
        eventually(lambda: flows() == ("broken", "as_expected"), PATIENCE)
    finally:
        province.guard(CLOSED)
    eventually(lambda: flows() == ("as_expected", "as_expected"), PATIENCE)
    with situation(province, page, cut("core1-p1")):
        # Silence on a line that is cut is no block.
        eventually(lambda: page.flow(CLOSED) == "unknown", PATIENCE)
        eventually(lambda: page.faults() == {"link:core1-p1": "down"}, PATIENCE)
        assert page.flow(CLOSED) == "unknown"
    eventually(lambda: flows() == ("as_expected", "as_expected"), PATIENCE)


def test_every_line_leads_somewhere(province: Province) -> None:
    assert {end for ends in LINES.values() for end in ends} | {HERE} == set(province.nodes)
