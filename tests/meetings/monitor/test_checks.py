"""A preflight asks everybody in time, and no line too much."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.check import Check
from netwatch.meetings.monitor.checks import MAX_RESULT_DELAY, MAX_SITE_BITRATE, checks_for, spread
from netwatch.probes.stamp.params import StampParams
from tests.harness.builders import make_check

PING = make_check("icmp", target="codec", timeout=1.0)
SIP = make_check("sip:5060/udp", target="codec", timeout=4.0)
AUDIO = make_check("stamp:862/dscp46", kind="stamp", timeout=4.0, params=StampParams())
VIDEO = make_check(
    "stamp:862/dscp34",
    kind="stamp",
    timeout=4.0,
    params=StampParams(dscp=34, size=1200, gap="10ms", codec="none"),
)


def sites(count: int) -> list[Check]:
    return [
        make_check(check.probe, f"site-{n}", target=check.target, timeout=check.timeout)
        for n in range(count)
        for check in (PING, SIP)
    ]


def test_what_belongs_to_a_room() -> None:
    other = make_check("icmp", "an-lam")
    router = make_check("icmp")
    flow = make_check("icmp", target="codec", flow="x")
    checks = [router, PING, SIP, AUDIO, other, flow]
    assert checks_for({"nam-sach/codec"}, checks) == [PING, SIP, AUDIO]


def test_three_hundred_rooms_are_asked_evenly_within_a_minute() -> None:
    plan = spread(sites(300), 60.0)
    assert len(plan) == 600
    assert max(offset + check.timeout for offset, check in plan) <= 60.0 - MAX_RESULT_DELAY
    in_second: dict[int, int] = defaultdict(int)
    for offset, _ in plan:
        in_second[int(offset)] += 1
    assert max(in_second.values()) <= 25
    # A room is asked its second question half a minute after the first.
    asked = {check.id: offset for offset, check in plan}
    for n in range(300):
        between = asked[f"site-{n}/codec/sip:5060/udp"] - asked[f"site-{n}/codec/icmp"]
        assert between > 25


def test_what_costs_too_much_is_left_out_and_the_rest_is_not() -> None:
    assert VIDEO.params.bits == 100 * (1200 + 28) * 8
    everything = [PING, SIP, AUDIO, VIDEO]
    assert {check.id for _, check in spread(everything, 60.0)} == {c.id for c in everything}
    assert [check.id for _, check in spread(everything, 10.0)] == [PING.id, SIP.id, AUDIO.id]


def test_what_takes_too_long_is_left_out_and_does_not_hurry_the_others() -> None:
    slow = make_check("snmp", target="codec", timeout=10.0)
    assert [check.id for _, check in spread([PING, slow], 10.0)] == [PING.id]
    plan = spread([*sites(10), slow], 15.0)
    assert max(offset for offset, _ in plan) > 9
    assert all(offset + check.timeout + MAX_RESULT_DELAY <= 15.0 for offset, check in plan)


def test_nothing_to_ask() -> None:
    assert spread([], 60.0) == []


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(10, 1000), st.integers(56, 1400))),
    st.floats(10, 600),
)
def test_no_site_is_asked_with_more_than_its_budget(
    streams: list[tuple[int, int, int]], seconds: float
) -> None:
    checks = [
        make_check(
            f"stamp:{number}",
            f"site-{site}",
            kind="stamp",
            params=StampParams(packets=packets, size=size, gap="1s"),
        )
        for number, (site, packets, size) in enumerate(streams)
    ]
    plan = spread(checks, seconds)
    bits: dict[str, int] = defaultdict(int)
    for offset, check in plan:
        assert 0 <= offset <= seconds
        bits[check.site] += check.params.bits
    assert all(sent <= MAX_SITE_BITRATE * seconds for sent in bits.values())
