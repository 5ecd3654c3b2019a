"""Whether the lines of a small tree can carry the calls: s2 hangs on s1, and s1 has two lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from netwatch.inventory.links import all_links
from netwatch.meetings.capacity import LineDemand, lines_of, overload, ways_of
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import FindingKind, Readiness
from netwatch.state.graph import Graph
from tests.harness.failing_network import Network
from tests.harness.meetings import make_meeting

INVENTORY = Network([0, 1], [(0, 1)], [1, 1, 1]).inventory()
GRAPH = Graph(INVENTORY, "s0")
MEETING = make_meeting(endpoints=("s1/codec-0", "s2/codec-0"), bandwidth=8e6)


def lines(
    *meetings: Meeting, loads: Mapping[str, float] | None = None, cut: Collection[str] = ()
) -> dict[str, LineDemand]:
    demands = [
        (meeting.bandwidth, way) for meeting in meetings for _, way in ways_of(meeting, GRAPH, cut)
    ]
    return lines_of(demands, all_links(INVENTORY), (loads or {}).get)


def test_a_line_carries_the_calls_of_all_rooms_behind_it() -> None:
    found = lines(MEETING)
    assert {link: line.demand for link, line in found.items()} == {
        "extra-0": 16e6,
        "s2-uplink": 8e6,
    }
    assert not any(line.is_short for line in found.values())


def test_what_a_line_carries_already_is_taken_off() -> None:
    found = lines(MEETING, loads={"extra-0": 6e6, "s2-uplink": 1e6})
    assert found["extra-0"].free == 14e6
    assert [line.is_short for line in found.values()] == [link == "extra-0" for link in found]
    for _, way in ways_of(MEETING, GRAPH, ()):  # both are behind it
        finding = overload(way, found)
        assert finding is not None
        assert (finding.readiness, finding.kind) == (Readiness.AT_RISK, FindingKind.OVERLOAD)
        assert (finding.probe, finding.detail) == ("extra-0", "16.0 > 14.0 Mbit/s")


def test_a_line_that_is_fuller_than_full_has_nothing_left() -> None:
    found = lines(MEETING, loads={"s2-uplink": 25e6})
    assert found["s2-uplink"].free == 0
    assert found["s2-uplink"].is_short


def test_a_load_that_nobody_measured_is_not_taken_for_none() -> None:
    assert lines(MEETING)["extra-0"].load is None


def test_meetings_at_the_same_time_add_up() -> None:
    assert lines(MEETING, MEETING)["extra-0"].is_short


def test_the_other_line_is_taken_when_one_is_cut() -> None:
    assert lines(MEETING, cut={"extra-0"}).keys() == {"s1-uplink", "s2-uplink"}


@pytest.mark.parametrize(
    ("mcu", "loaded"),
    [("s0/codec-0", {"extra-0", "s2-uplink"}), ("s1/codec-0", {"s2-uplink"})],
)
def test_calls_go_to_the_mcu(mcu: str, loaded: set[str]) -> None:
    assert lines(make_meeting(endpoints=MEETING.endpoints, mcu=mcu, bandwidth=1e6)).keys() == loaded


def test_a_room_that_is_gone_from_the_inventory_needs_nothing() -> None:
    assert lines(make_meeting(endpoints=("gone/codec",), bandwidth=1e6)) == {}
