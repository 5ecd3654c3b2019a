"""What is at fault in a routed ring, in whatever phase the devices are polled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netwatch.core.state import State
from tests.harness.ring import POLL, RingWatch

pytestmark = pytest.mark.slow

PHASES = range(int(POLL))

SETTLED = POLL + 10
"""Seconds in which every device was polled."""

Fault = Callable[[RingWatch], object]


def cut(*lines: str, hidden: bool = False) -> Fault:
    return lambda watch: watch.cut(*lines, hidden=hidden)


def kill(*nodes: str) -> Fault:
    return lambda watch: watch.kill(*nodes)


def ring(**changes: object) -> Fault:
    def change(watch: RingWatch) -> None:
        for name, value in changes.items():
            setattr(watch.ring, name, value)

    return change


def both(*faults: Fault) -> Fault:
    def change(watch: RingWatch) -> None:
        for fault in faults:
            fault(watch)

    return change


def later(fault: Fault) -> Fault:
    return both(lambda watch: watch.run(SETTLED), fault)


DOWN, DEGRADED = State.DOWN, State.DEGRADED
SITUATIONS: dict[str, tuple[Fault, dict[str, State]]] = {
    "a line of the ring": (cut("d1-d2"), {"link:d1-d2": DEGRADED}),
    "one of two parallel lines": (cut("d3-core2"), {"link:d3-core2": DEGRADED}),
    "a router of the ring": (kill("d2/router"), {"target:d2/router": DOWN}),
    "a router at the parallel lines": (kill("d3/router"), {"target:d3/router": DOWN}),
    "a core": (kill("dc/core-1"), {"target:dc/core-1": DOWN}),
    "two lines at once": (
        both(ring(lan=False), cut("core1-d1", "d2-d3")),
        {"link:core1-d1": DOWN, "link:d2-d3": DOWN},
    ),
    "two lines at once with a third way": (
        cut("core1-d1", "d2-d3"),
        {"link:core1-d1": DEGRADED, "link:d2-d3": DEGRADED},
    ),
    "one line after the other": (
        both(cut("d3-core2"), later(cut("core1-d1")), later(cut("d3-core2-b"))),
        {"link:d3-core2": DEGRADED, "link:core1-d1": DOWN, "link:d3-core2-b": DOWN},
    ),
    "a commune's line": (cut("c1-uplink"), {"link:c1-uplink": DOWN}),
    "a line behind the carrier's box": (
        cut("c1-uplink", hidden=True),
        {"link:c1-uplink": DOWN},
    ),
    "a commune over IPv6": (cut("c3-uplink"), {"link:c3-uplink": DOWN}),
    "no IPv6 in the ring": (ring(no_ipv6=True), {"target:c3/router": DOWN}),
    "a loop": (ring(loops={"c1/router"}), {"target:c1/router": DOWN}),
    "a router that answers no echo": (ring(mute={"d2/router"}), {}),
    "half of a pair of gateways": (kill("v/gw-1"), {"target:v/gw-1": DOWN}),
    "a router with half of a pair behind it": (
        both(ring(lan=False), kill("d1/router")),
        {"target:d1/router": DOWN},
    ),
}


def check(name: str, **how: bool) -> None:
    """Nothing but the faults is blamed, at no time, and in the end all of them are."""
    fault, faults = SITUATIONS[name]
    wrong = {}
    for phase in PHASES:
        watch = RingWatch(float(phase), **how)
        watch.run(SETTLED)
        assert watch.faults() == {}
        fault(watch)
        blamed = watch.run(SETTLED)
        if watch.faults() != faults or blamed - faults.keys():
            wrong[phase] = watch.faults(), blamed
    assert not wrong


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_root_is_right_in_every_phase(name: str) -> None:
    check(name)


@pytest.mark.parametrize("name", ["a line of the ring", "a router of the ring", "a core"])
def test_the_root_is_right_where_no_parents_are_named(name: str) -> None:
    check(name, parents=False)


@pytest.mark.parametrize("name", ["a line of the ring", "a router of the ring", "a core"])
def test_the_root_is_right_where_devices_do_not_date_their_changes(name: str) -> None:
    check(name, dated=False)


def test_a_router_that_answers_no_echo_is_degraded() -> None:
    watch = RingWatch()
    watch.run(SETTLED)
    watch.ring.mute = {"d2/router"}
    watch.run(SETTLED)
    assert watch.state("d2/router") is DEGRADED
    assert str(watch.states.target("d2/router").cause) == "icmp timeout"
    watch.kill("d2/router")
    watch.run(SETTLED)
    assert watch.state("d2/router") is DOWN


def test_what_a_router_said_of_a_loop_is_the_reason() -> None:
    watch = RingWatch()
    watch.run(SETTLED)
    watch.ring.loops = {"c1/router"}
    watch.run(SETTLED)
    assert str(watch.states.target("c1/router").cause) == "icmp ttl_exceeded"
