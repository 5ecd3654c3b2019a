"""Who may send traps and how many, and what one sets off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from netwatch.core.check import Check
from netwatch.core.credential import CommunityCredential
from netwatch.core.token_bucket import TokenBucket
from netwatch.traps.filter import (
    MAX_OCTETS,
    MAX_SENDER_BURST,
    MAX_TOTAL_BURST,
    TrapFilter,
    TrapVerdict,
)
from netwatch.traps.kinds import TrapKind, kind_of
from netwatch.traps.senders import senders
from netwatch.traps.trigger import MIN_INTERVAL, TrapTrigger
from tests.harness.builders import make_check

ROUTER = "127.0.0.1"


def test_only_known_senders_and_no_more_than_allowed() -> None:
    gate = TrapFilter([ROUTER])
    assert gate.judge("127.0.0.2", 100, 0.0) is TrapVerdict.UNKNOWN_SENDER
    assert gate.judge(ROUTER, MAX_OCTETS + 1, 0.0) is TrapVerdict.TOO_LONG
    verdicts = [gate.judge(ROUTER, 100, 0.0) for _ in range(100)]
    assert verdicts.count(TrapVerdict.ACCEPTED) == MAX_SENDER_BURST
    assert gate.judge(ROUTER, 100, 1.0) is TrapVerdict.ACCEPTED
    assert gate.judge(ROUTER, 100, 1.0) is TrapVerdict.RATE_LIMITED


def test_all_senders_together_have_a_limit() -> None:
    senders = [f"127.0.1.{number}" for number in range(1, 201)]
    gate = TrapFilter(senders)
    verdicts = [gate.judge(sender, 100, 0.0) for sender in senders]
    assert verdicts.count(TrapVerdict.ACCEPTED) == MAX_TOTAL_BURST


def test_a_reload_does_not_fill_a_bucket() -> None:
    gate = TrapFilter([ROUTER])
    for _ in range(20):
        gate.judge(ROUTER, 100, 0.0)
    gate.replace([ROUTER, "127.0.0.2"])
    assert gate.judge(ROUTER, 100, 0.0) is TrapVerdict.RATE_LIMITED
    gate.replace([])
    assert gate.judge(ROUTER, 100, 9.0) is TrapVerdict.UNKNOWN_SENDER


@given(
    st.floats(0.1, 100), st.integers(1, 50), st.lists(st.floats(0, 10), min_size=1, max_size=200)
)
def test_never_more_than_burst_and_rate(rate: float, burst: int, gaps: list[float]) -> None:
    bucket, now, taken = TokenBucket(rate, burst), 0.0, 0
    for gap in gaps:
        now += gap
        taken += bucket.take(now)
        assert taken <= burst + rate * now + 1e-6


@pytest.mark.parametrize(
    ("oid", "kind"),
    [
        ((1, 3, 6, 1, 6, 3, 1, 1, 5, 1), TrapKind.COLD_START),
        ((1, 3, 6, 1, 6, 3, 1, 1, 5, 2), TrapKind.WARM_START),
        ((1, 3, 6, 1, 6, 3, 1, 1, 5, 3), TrapKind.LINK_DOWN),
        ((1, 3, 6, 1, 6, 3, 1, 1, 5, 4), TrapKind.LINK_UP),
        ((1, 3, 6, 1, 6, 3, 1, 1, 5, 5), TrapKind.AUTHENTICATION_FAILURE),
        ((1, 3, 6, 1, 6, 3, 1, 1, 5, 6), TrapKind.OTHER),
        ((1, 3, 6, 1, 4, 1, 9, 9, 41, 2, 0, 1), TrapKind.OTHER),
        ((), TrapKind.OTHER),
    ],
)
def test_kinds(oid: tuple[int, ...], kind: TrapKind) -> None:
    assert kind_of(oid) is kind


COMMUNITY = CommunityCredential(SecretStr("trap-community"))


def test_a_trap_runs_the_checks_of_its_sender_but_not_too_often() -> None:
    launched: list[Check] = []
    echo, poll = make_check("icmp"), make_check("snmp", credential=COMMUNITY)
    other = make_check("icmp", site="an-lam", address="127.0.0.9")
    flow = make_check("tcp:443", flow="f")
    trigger = TrapTrigger(launched.append, senders([echo, poll, other, flow]))
    assert trigger.trap(ROUTER, TrapKind.LINK_DOWN, 100.0)
    assert launched == [echo, poll]
    assert not trigger.trap(ROUTER, TrapKind.LINK_UP, 100.0 + MIN_INTERVAL / 2)
    assert not trigger.trap(ROUTER, TrapKind.OTHER, 500.0)
    assert not trigger.trap("127.0.0.8", TrapKind.LINK_DOWN, 500.0)
    assert trigger.trap(ROUTER, TrapKind.LINK_UP, 100.0 + MIN_INTERVAL)
    assert len(launched) == 4
