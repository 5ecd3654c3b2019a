"""What is at fault in a routed ring, in whatever phase the devices are polled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netwatch.core.state import State
from tests.harness.ring import POLL, RingWatch

PHASES = range(int(POLL))

SETTLED = 2 * POLL
"""Seconds in which every device was polled."""

Fault = Callable[[RingWatch], None]


def cut(*lines: str, hidden: bool = False) -> Fault:
    return lambda watch: watch.cut(*lines, hidden=hidden)


def kill(*nodes: str) -> Fault:
    return lambda watch: watch.kill(*nodes)


def ring(**changes: object) -> Fault:
    def change(watch: RingWatch) -> None:
        for name, value in changes.items():
            setattr(watch.ring, name, value)

    return change


DOWN, DEGRADED = State.DOWN, State.DEGRADED
SITUATIONS: dict[str, tuple[Fault, dict[str, State]]] = {
    "a line of the ring": (cut("d1-d2"), {"link:d1-d2": DEGRADED}),
    "one of two parallel lines": (cut("d3-core2"), {"link:d3-core2": DEGRADED}),
    "a router of the ring": (kill("d2/router"), {"target:d2/router": DOWN}),
    "a router at the parallel lines": (kill("d3/router"), {"target:d3/router": DOWN}),
    "a core": (kill("dc/core-1"), {"target:dc/core-1": DOWN}),
    "two lines at once": (
        cut("core1-d1", "d2-d3"),
        {"link:core1-d1": DOWN, "link:d2-d3": DOWN},
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
        lambda watch: (ring(lan=False)(watch), watch.kill("d1/router"))[-1],
        {"target:d1/router": DOWN},
    ),
}


@pytest.mark.parametrize("parents", [False, True])
@pytest.mark.parametrize("name", SITUATIONS)
def test_the_root_is_right_in_every_phase(name: str, parents: bool) -> None:
    fault, faults = SITUATIONS[name]
    wrong = {}
    for phase in PHASES:
        watch = RingWatch(float(phase), parents=parents)
        watch.run(SETTLED)
        assert watch.faults() == {}
        blamed: set[str] = set()
        fault(watch)
        watch.run(SETTLED, lambda blamed=blamed, watch=watch: blamed.update(watch.faults()))
        extra = {each for each in blamed - faults.keys() if each.startswith("link:")}
        if watch.faults() != faults or extra:
            wrong[phase] = watch.faults(), extra
    assert not wrong
