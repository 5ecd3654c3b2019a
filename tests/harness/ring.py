"""A ring of routers in virtual time: echoes and SNMP polls of a network that reroutes at once."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Sample
from netwatch.core.state import State
from netwatch.state.faults import open_faults
from netwatch.state.graph import Graph
from tests.harness.builders import make_check, make_inventory, make_result, make_states

Node = str
"""``site/target``."""

ECHO, POLL = 1.0, 36.0
"""Seconds between two echoes and two polls of a device."""

LINES = {
    "core1-d1": ("dc/core-1", "d1/router"),
    "d1-d2": ("d1/router", "d2/router"),
    "d2-d3": ("d2/router", "d3/router"),
    "d3-core2": ("d3/router", "dc/core-2"),
    "d3-core2-b": ("d3/router", "dc/core-2"),
    "c1-uplink": ("c1/router", "d1/router"),
    "c2-uplink": ("c2/router", "d2/router"),
    "c3-uplink": ("c3/router", "d2/router"),
    "v1": ("v/gw-1", "d1/router"),
    "v2": ("v/gw-2", "d3/router"),
}
"""A ring of three districts with two lines at its end, three communes, and a pair of gateways."""

SIX = "c3/router"
"""The commune that is measured over IPv6."""


@dataclass
class Ring:
    """What is wrong in it.

    Attributes:
        cut: lines that are cut, with the moment.
        dead: devices without power, with the moment.
        mute: devices that answer no echo, but forward and answer SNMP.
        loops: devices to which packets go in circles.
        hidden: lines whose interfaces stay up when they are cut.
        no_ipv6: whether the ring forwards IPv4 only.
        lan: whether the gateways of the pair reach each other.
    """

    cut: dict[str, float] = field(default_factory=dict)
    dead: dict[Node, float] = field(default_factory=dict)
    mute: set[Node] = field(default_factory=set)
    loops: set[Node] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    no_ipv6: bool = False
    lan: bool = True

    def answering(self) -> set[Node]:
        """Everything that a packet of the collector comes back from, apart from ``mute``."""
        return set(self.hops()) - ({SIX} if self.no_ipv6 else set()) - self.loops

    def hops(self) -> dict[Node, int]:
        """How many routers away each one is to which the network has a path."""
        inside = [("dc/core-1", "dc/core-2")] + [("v/gw-1", "v/gw-2")] * self.lan
        edges = [ends for line, ends in LINES.items() if line not in self.cut] + inside
        reached = {core: 0 for core in ("dc/core-1", "dc/core-2") if core not in self.dead}
        waiting = list(reached)
        for node in waiting:
            for ends in edges:
                if node in ends:
                    other = ends[0] if ends[1] == node else ends[1]
                    if other not in reached and other not in self.dead:
                        reached[other] = reached[node] + 1
                        waiting.append(other)
        return reached

    def down_since(self, node: Node, line: str) -> float | None:
        """When the interface of a device at a line went down; None while it is up."""
        other = next(end for end in LINES[line] if end != node)
        moments = [self.dead.get(other)] + [self.cut.get(line)] * (line not in self.hidden)
        known = [moment for moment in moments if moment is not None]
        return min(known) if known else None


class RingWatch:
    """A state table that is fed with what a ring answers.

    Args:
        phase: seconds by which the polls are late against the echoes.
        parents: whether the districts name the data centre as their parent.
        dated: whether devices say when an interface changed.
    """

    def __init__(self, phase: float = 0.0, *, parents: bool = True, dated: bool = True) -> None:
        self.ring = Ring()
        self.now = 0.0
        self.blamed: set[str] = set()
        self._dated = dated
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        inventory = make_inventory(**_inventory(parents))
        self.checks: dict[Node, Check] = {}
        self.polls: dict[Node, Check] = {}
        for site, _, target, entry in inventory.targets():
            node = f"{site}/{target}"
            place: dict[str, Any] = {"site": site, "target": target, "address": entry.address}
            self.checks[node] = make_check(interval=ECHO, timeout=0.5, **place)
            self.polls[node] = make_check("snmp", interval=POLL, timeout=2.0, **place)
        graph = Graph(inventory, "dc")
        checks = [*self.checks.values(), *self.polls.values()]
        self.states = make_states(inventory, checks, 0.0, graph, measure_now=self._measure)
        for number, node in enumerate(self.checks):
            self._slots(self.checks[node], 0.05 * number)
            # Polls of the devices are spread over their interval, as the daemon does it.
            self._slots(self.polls[node], (phase + 7.0 * number) % POLL)
        self._tick()

    def run(self, seconds: float) -> set[str]:
        """Let time pass; returns every root cause that was open meanwhile."""
        self.blamed.clear()
        end = self.now + seconds
        while self._due[0][0] <= end:
            self.now, _, action = heapq.heappop(self._due)
            action()
        self.now = end
        return self.blamed

    def cut(self, *lines: str, hidden: bool = False) -> None:
        self.ring.cut |= dict.fromkeys(lines, self.now)
        self.ring.hidden |= set(lines) if hidden else set()

    def kill(self, *nodes: Node) -> None:
        self.ring.dead |= dict.fromkeys(nodes, self.now)

    def faults(self) -> dict[str, State]:
        """The open root causes."""
        return {str(fault.root): fault.state for fault in open_faults(self.states)}

    def state(self, node: Node) -> State:
        return self.states.target(node).state

    def _slots(self, check: Check, due: float) -> None:
        def slot() -> None:
            self._launch(check, self.now)
            self._slots(check, due + check.interval)

        self._at(due, slot)

    def _measure(self, check: Check) -> None:
        self._launch(check, self.now)

    def _launch(self, check: Check, due: float) -> None:
        node = f"{check.site}/{check.target}"
        is_poll = check.kind == "snmp"
        answers = node in self.ring.answering() and (is_poll or node not in self.ring.mute)
        reason = Reason.TTL_EXCEEDED if node in self.ring.loops else Reason.TIMEOUT
        if int(due) % 2:
            reason = Reason.TIMEOUT  # routers limit the rate of their errors
        finished = due + (0.2 if answers else check.timeout)
        samples = self._samples(node, finished) if is_poll and answers else ()
        outcome = Outcome.SUCCESS if answers else Outcome.FAILURE
        result = make_result(
            check,
            outcome,
            due,
            finished=finished,
            reason=Reason.OK if answers else reason,
            samples=tuple(samples),
        )
        self._at(finished, lambda: self.states.report(result))

    def _samples(self, node: Node, now: float) -> Iterable[Sample]:
        yield Sample("sysUpTime", (), 100.0 * (now + 1000))
        for line, ends in LINES.items():
            if node in ends:
                labels = (("ifName", line),)
                since = self.ring.down_since(node, line)
                yield Sample("ifOperStatus", labels, 1.0 if since is None else 7.0)
                if self._dated:
                    changed = 0.0 if since is None else 100.0 * (since + 1000)
                    yield Sample("ifLastChange", labels, changed)

    def _tick(self) -> None:
        self.states.tick(self.now)
        self.blamed.update(self.faults())
        self._at(self.now + 0.5, self._tick)

    def _at(self, moment: float, action: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (moment, self._count, action))


def _inventory(parents: bool) -> dict[str, Any]:
    nodes = dict.fromkeys(node for ends in LINES.values() for node in ends)
    sites: dict[str, Any] = {}
    for number, node in enumerate(nodes):
        site, _, target = node.partition("/")
        entry = sites.setdefault(
            site,
            {"tier": "province" if site == "dc" else "commune", "name_vi": "Xã", "targets": {}},
        )
        address = f"127.1.{number}.1" if node != SIX else "::1"
        entry["targets"][target] = {"address": address, "role": "router"}
        if parents and site != "dc":
            entry["parent"] = "dc"
    links = {
        line: {
            "a": {"target": a, "interface": line},
            "b": {"target": b, "interface": line},
            "carrier": "VNPT",
            "capacity": "20M",
        }
        for line, (a, b) in LINES.items()
    }
    return {
        "sites": sites,
        "links": links,
        "objectives": {},
        "ranges": ["127.0.0.0/8", "::1/128"],
    }
