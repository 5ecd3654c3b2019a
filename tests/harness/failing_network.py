"""A network that fails, and the results that a collector gets of it, in virtual time.

What answers is worked out from the lines and devices themselves, by a search of its own.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.echo import LATE_AFTER, REASONS, EchoResults
from netwatch.core.result import Outcome, Result, Sample
from netwatch.core.state import State
from netwatch.core.streams import Streams
from netwatch.inventory.model import Inventory
from netwatch.state.graph import Graph
from netwatch.state.restored import RestoredState, RestoredStates
from netwatch.state.resume import resume
from netwatch.state.table import StateListener, StateTable
from tests.harness.builders import make_check, make_inventory, make_result, make_states

Key = tuple[str, str]

POLL_TIME, GET_TIME = 0.7, 0.05
"""Seconds that a poll takes, and asking for one interface."""

LINE = {"carrier": "VNPT", "capacity": "20M"}


@dataclass
class Network:
    """Sites in a tree, with routers, and other devices behind them.

    Attributes:
        parents: of each site, by number; site 0 is where the collector stands.
        links: further lines between two sites.
        inside: how many devices stand behind each router.
        chained: sites where each device depends on the one before.
        cut: lines that are cut; dead: devices that are.
        mute: devices that answer nothing, but forward.
        canaries: as in the inventory.
    """

    parents: list[int]
    links: list[tuple[int, int]]
    inside: list[int]
    chained: set[int] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    dead: set[Key] = field(default_factory=set)
    mute: set[Key] = field(default_factory=set)
    canaries: tuple[str, ...] = ()

    def inventory(self) -> Inventory:
        sites: dict[str, Any] = {}
        for number, count in enumerate(self.inside):
            place = f"127.{1 + number // 250}.{number % 250}"
            targets: dict[str, Any] = {"router": {"address": f"{place}.1", "role": "router"}}
            for position in range(count):
                needs = [f"codec-{position - 1}"] if number in self.chained and position else []
                targets[f"codec-{position}"] = {
                    "address": f"{place}.{position + 10}",
                    "role": "codec",
                    "depends_on": needs,
                }
            sites[f"s{number}"] = {"tier": "commune", "name_vi": "Xã", "targets": targets}
            if number:
                uplink = LINE | {"parent_interface": f"to-s{number}"}
                sites[f"s{number}"] |= {"parent": f"s{self.parents[number - 1]}", "uplink": uplink}
        links = {
            f"extra-{position}": {
                "a": {"target": f"s{a}/router"},
                "b": {"target": f"s{b}/router"},
                **LINE,
            }
            for position, (a, b) in enumerate(self.links)
        }
        return make_inventory(sites=sites, links=links, objectives={}, canaries=self.canaries)

    def lines(self) -> dict[str, tuple[Key, Key]]:
        """The two routers of every line."""
        trunk = {
            f"s{number}-uplink": (router(number), router(parent))
            for number, parent in enumerate(self.parents, 1)
        }
        return trunk | {
            f"extra-{position}": (router(a), router(b))
            for position, (a, b) in enumerate(self.links)
        }

    def answering(self) -> set[Key]:
        """Everything that a packet of the collector comes back from."""
        lines = self.lines()
        reached = {router(0)} - self.dead
        waiting = list(reached)
        for node in waiting:
            for name, ends in lines.items():
                if node in ends and name not in self.cut:
                    other = ends[0] if ends[1] == node else ends[1]
                    if other not in reached | self.dead:
                        reached.add(other)
                        waiting.append(other)
        answering = set(reached)
        for number, count in enumerate(self.inside):
            for position in range(count):
                key = f"s{number}", f"codec-{position}"
                before = self.needs(key)
                # At the collector's own site nothing has to pass the router.
                behind = router(number) in reached or number == 0
                if key not in self.dead and behind and all(each in answering for each in before):
                    answering.add(key)
        return answering - self.mute

    def needs(self, key: Key) -> list[Key]:
        number, _, position = int(key[0][1:]), *key[1].partition("-")[1:]
        chained = number in self.chained and position not in {"", "0"}
        return [(key[0], f"codec-{int(position) - 1}")] if chained else []

    def faults(self) -> dict[Key, str]:
        """The first silent device of each fault, and what is to be blamed."""
        answering = self.answering()
        firsts = {}
        for key in self.keys():
            if key in answering or any(each not in answering for each in self.needs(key)):
                continue
            number = int(key[0][1:])
            if number == 0:
                firsts[key] = f"target:{'/'.join(key)}"
            elif key[1] == "router":
                over = [
                    name
                    for name, ends in self.lines().items()
                    if key in ends and (ends[0] in answering or ends[1] in answering)
                ]
                if over:
                    one = f"link:{over[0]}" if len(over) == 1 else f"target:{'/'.join(key)}"
                    firsts[key] = one
            elif router(number) in answering:
                firsts[key] = f"target:{'/'.join(key)}"
        return firsts

    def keys(self) -> Iterator[Key]:
        for number, count in enumerate(self.inside):
            yield router(number)
            for position in range(count):
                yield f"s{number}", f"codec-{position}"


class Watch:
    """A state table that is fed with what a network answers, each check in its own slots.

    Args:
        network: that.
        checks: each with the phase of its slots.
        by_rows: report echoes as columns, not as single results, and those that are late.
        listener: told of every change of state.

    Attributes:
        asked: how often each target was measured outside its slots.
        questions: the checks that were, in this order.
        reported_cut: lines that are reported as cut, though they are whole.
        loses: says of an echo to a target, by its time, whether it is lost though all is whole.
        round_trip: says how long one takes otherwise, seconds.
        filtered: checks that get no answer, whatever answers others.
    """

    def __init__(
        self,
        network: Network,
        checks: list[tuple[Check, float]],
        *,
        by_rows: bool = False,
        listener: StateListener | None = None,
    ) -> None:
        self.network = network
        self.now = 0.0
        self.asked: Counter[Key] = Counter()
        self.questions: list[Check] = []
        self.loses: Callable[[Key, float], bool] = lambda _key, _due: False
        self.round_trip: Callable[[Key, float], float] = lambda _key, _due: 0.01
        self.filtered: set[str] = set()
        self.reported_cut: set[str] = set()
        self._known: tuple[tuple[object, ...], set[Key]] = ((), set())
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        inventory = network.inventory()
        graph = Graph(inventory, "s0")
        self._inventory, self._graph = inventory, graph
        self._streams = Streams()
        if by_rows:
            self._streams.watch(check for check, _ in checks)
        watched = self._checks = [check for check, _ in checks]
        how: dict[str, Any] = {"measure_now": self._verify, "listener": listener}
        self.table = make_states(inventory, watched, 0.0, graph, self._streams, **how)
        for check, phase in checks:
            self._at(phase, lambda check=check, due=phase: self._slot(check, due))
        self._at(0.5, self._tick)

    def run(self, seconds: float, each: Callable[[], None] = lambda: None) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, action = heapq.heappop(self._due)
            action()
            each()
        self.now = end

    def set_down_after(self, results: int) -> None:
        """Have so many bad results in a row make a target down."""
        for target in self.table.targets.values():
            target.check_class = target.check_class.model_copy(update={"down_after": results})
            for status in target.checks:
                status.hysteresis.set_needed(results, target.check_class.up_after)

    def poll_now(self, check: Check) -> None:
        """Poll a device outside its slots, as a trap of it has one done."""
        self._poll(check, self.now)

    def reload(self) -> None:
        """Read the same configuration once more, as a SIGHUP does."""
        self._streams.watch(self._checks)
        self.table.replace(self._inventory, self._checks, self.now, self._graph)

    def restart(self, away: float) -> None:
        """End the daemon and start it again; what was under way comes back to nobody.

        Args:
            away: seconds between the two.
        """
        places = {
            key: RestoredState(target.state, target.since or 0.0, str(target.root or ""))
            for key, target in self.table.targets.items()
        }
        self.run(away, lambda: None)
        where = self._inventory, self._checks, self.now, self._graph, self._streams
        self.table = make_states(*where, measure_now=self._verify)
        resume(self.table, RestoredStates(-away, places), self.now, 0.0)

    def states(self) -> dict[Key, State]:
        return {key: target.state for key, target in self.table.targets.items()}

    def roots(self) -> dict[Key, str]:
        """What is blamed for each silent target."""
        return {
            key: str(target.verdict.root)
            for key, target in self.table.targets.items()
            if target.verdict is not None
        }

    def _slot(self, check: Check, due: float) -> None:
        self._launch(check, due)
        self._at(due + check.interval, lambda: self._slot(check, due + check.interval))

    def _verify(self, check: Check) -> None:
        self.asked[check.site, check.target] += 1
        self.questions.append(check)
        self._launch(check, self.now)

    def _poll(self, check: Check, due: float) -> None:
        """An SNMP poll of a router: how the interfaces are that its lines downwards end at."""
        samples = []
        for number in range(1, len(self.network.inside)):
            labels = (("ifName", f"to-s{number}"),)
            if isinstance(check, InterfaceCheck) and check.interface != f"to-s{number}":
                continue
            line = f"s{number}-uplink"
            oper = 2.0 if line in self.network.cut | self.reported_cut else 1.0
            samples += [Sample("ifAdminStatus", labels, 1.0), Sample("ifOperStatus", labels, oper)]
        good = (check.site, check.target) in self._answering()
        outcome = Outcome.SUCCESS if good else Outcome.FAILURE
        read = tuple(samples) if good else ()
        takes = GET_TIME if isinstance(check, InterfaceCheck) else POLL_TIME
        took = takes if good else check.timeout
        result = make_result(check, outcome, due, finished=due + took, samples=read)
        table = self.table
        self._at(due + took, lambda: table.report(result))

    def _launch(self, check: Check, due: float) -> None:
        if check.kind == "snmp":
            self._poll(check, due)
            return
        key = check.site, check.target
        good = key in self._answering() and check.id not in self.filtered
        good = good and not self.loses(key, due)
        trip = self.round_trip(key, due) if good else inf
        took = min(trip, check.timeout)
        good = trip <= check.timeout
        result = make_result(check, Outcome.SUCCESS if good else Outcome.FAILURE, due)
        late = make_result(check, result.outcome, due, finished=due + took)
        row, table = self._streams.row(check), self.table
        if took > LATE_AFTER and row is not None:
            self._at(due + 0.3, lambda: table.report_late(np.array([row]), self.now))
        self._at(due + took, lambda: self._report(late, table))

    def _answering(self) -> set[Key]:
        """What answers, worked out once for each set of faults."""
        network = self.network
        faults = id(network), frozenset(network.cut), frozenset(network.dead | network.mute)
        if faults != self._known[0]:
            self._known = faults, network.answering()
        return self._known[1]

    def _report(self, result: Result, table: StateTable) -> None:
        row = self._streams.row(result.check)
        if row is None:
            table.report(result)
            return
        trips = None if result.duration is None else np.array([result.duration])
        reason = np.array([REASONS.index(result.reason)], np.uint8)
        due = np.array([result.due])
        table.report_echoes(
            EchoResults(np.array([row]), reason, due, result.finished, round_trips=trips)
        )

    def _tick(self) -> None:
        self.table.tick(self.now)
        self._at(self.now + 0.5, self._tick)

    def _at(self, moment: float, action: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (moment, self._count, action))


def router(number: int) -> Key:
    return f"s{number}", "router"


def slots(
    network: Network, phases: list[float], intervals: list[float]
) -> list[tuple[Check, float]]:
    """One echo check for each device; phases are shares of the interval."""
    checks = []
    inventory = network.inventory()
    for position, (site, _, target, entry) in enumerate(inventory.targets()):
        interval = intervals[position % len(intervals)]
        check = make_check(site=site, target=target, address=entry.address, interval=interval)
        checks.append((check, phases[position % len(phases)] * interval))
    return checks
