"""A small province of real routers: FRR, with OSPF for both versions of IP, and snmpd.

Every line leads through a namespace of the carrier, where each one is a bridge of two ports. So
both ends of a line that is cut lose their carrier, as they do when a cable is cut.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.harness.waiting import eventually
from tests.routed.node import Node

LINES = {
    "core1-d1": ("core1", "d1"),
    "d1-d2": ("d1", "d2"),
    "d2-d3": ("d2", "d3"),
    "d3-core2": ("d3", "core2"),
    "d3-core2-b": ("d3", "core2"),
    "d1-c1": ("d1", "c1"),
    "d2-c2": ("d2", "c2"),
    "d3-c3": ("d3", "c3"),
    "core1-p1": ("core1", "p1"),
}
"""A ring of two cores and three districts, with two lines at its end, three communes, and a
Party office behind the firewall of a core."""

_CABLES = {"here-1": ("here", "core1"), "here-2": ("here", "core2"), "cores": ("core1", "core2")}
"""What stands in the data centre, which no carrier runs."""

HERE = "here"
"""The namespace of the collector."""

SIX = "c3"
"""The commune that has IPv6 only."""

SHARED = [f"10.60.2.{number}" for number in range(1, 41)]
"""Addresses behind the two equal lines of district 3, which the routers spread over both."""

PARTY = "p1"
"""The Party office."""

OPEN, CLOSED = 8443, 8445
"""TCP ports there: of a flow that must pass, and of one that must not."""

VERSION_3 = "c1"
"""The commune whose agent speaks SNMP v3 only."""

NODES = ("here", "core1", "core2", "d1", "d2", "d3", "c1", "c2", "c3", PARTY)


class Province:
    """The routers that run, and what is wrong.

    Attributes:
        nodes: by name.
        shared: addresses behind the one and the other of the equal lines of district 3.
    """

    shared: tuple[list[str], list[str]] = ([], [])

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.nodes: dict[str, Node] = {}
        for number, name in enumerate(NODES, 1):
            self.nodes[name] = Node(name, number, folder)
            stack.callback(self.nodes[name].stop)
        self._carrier = Node("carrier", 250, folder)
        stack.callback(self._carrier.stop)
        interfaces: dict[str, list[str]] = {name: [] for name in NODES}
        for number, (line, ends) in enumerate((LINES | _CABLES).items()):
            for end, name in enumerate(ends):
                interfaces[name].append(line)
                self._plug(line, self.nodes[name], 2 * number + end, end)
        for line in LINES:
            self._join(line)
        for name, node in self.nodes.items():
            node.start(interfaces[name], six_only=name == SIX, v3=name == VERSION_3)
        self.nodes[PARTY].listen(OPEN, CLOSED)
        self.guard(CLOSED)
        self.nodes["d3"].add_addresses(SHARED)
        self._lead_everything_to_the_cores()
        for node in self.nodes.values():
            eventually(node.read_interfaces_anew)

    def guard(self, *closed: int) -> None:
        """Have the firewall in front of the Party office drop connections to these ports."""
        core = self.nodes["core1"]
        core.run("nft", "flush ruleset")
        core.run("nft", "add table ip border")
        core.run("nft", "add chain ip border forward { type filter hook forward priority 0; }")
        for port in closed:
            rule = f"ip daddr {self.nodes[PARTY].address} tcp dport {port} drop"
            core.run("nft", f"add rule ip border forward {rule}")

    def cut(self, *lines: str) -> None:
        self._ports("down", *lines)

    def mend(self, *lines: str) -> None:
        self._ports("up", *lines)

    def hide(self, line: str, state: str) -> None:
        """Cut a line (``down``) between the carrier's boxes, or mend it (``up``)."""
        self._carrier.run("ip", "link", "set", f"{_short(line)}-br", state)

    def lose(self, line: str, end: int) -> None:
        """Lose all that comes from one end of a line."""
        port = f"{_short(line)}-{end}"
        hook = f"{{ type filter hook ingress device {port} priority 0; policy drop; }}"
        self._carrier.run("nft", "add table netdev loss")
        self._carrier.run("nft", f"add chain netdev loss {_short(line)} {hook}")

    def drop(self, line: str, end: int) -> None:
        """Lose echoes and UDP that come from one end of a line, and nothing of the routing."""
        port = f"{_short(line)}-{end}"
        self._carrier.run("nft", "add table netdev loss")
        hook = f"{{ type filter hook ingress device {port} priority 0; }}"
        self._carrier.run("nft", f"add chain netdev loss {_short(line)} {hook}")
        what = "meta l4proto { icmp, udp } drop"
        self._carrier.run("nft", f"add rule netdev loss {_short(line)} {what}")

    def spread(self) -> tuple[list[str], list[str]]:
        """Four addresses that answers come from over each of the two equal lines of district 3."""
        eventually(lambda: len(self._fping("-4", SHARED)) == len(SHARED), 60.0)
        self.drop("d3-core2-b", 1)
        try:
            first = self._fping("-4", SHARED)
        finally:
            self.lose_nothing()
        second = [each for each in SHARED if each not in first]
        found = sorted(first)[:4], second[:4]
        assert [len(each) for each in found] == [4, 4], "the routers don't spread over both lines"
        return found

    def lost(self) -> set[int]:
        """The numbers of the shared addresses that don't answer fping."""
        shared = [each for half in self.shared for each in half]
        return {shared.index(each) for each in set(shared) - self._fping("-4", shared)}

    def lose_nothing(self) -> None:
        self._carrier.run("nft", "delete table netdev loss")

    def unplug(self, node: str, state: str = "down") -> None:
        """Take a router's power, as far as others can see it, or give it back (``up``)."""
        self._ports(state, *(line for line, ends in LINES.items() if node in ends))
        for cable, ends in _CABLES.items():
            if node in ends:
                self.nodes[node].run("ip", "link", "set", cable, state)

    def silence_echoes(self, name: str) -> None:
        """Have a router answer two echoes a minute, and all else as ever."""
        run = self.nodes[name].run
        run("nft", "add table ip echoes")
        run("nft", "add chain ip echoes input { type filter hook input priority 0; }")
        limit = "icmp type echo-request limit rate over 2/minute drop"
        run("nft", f"add rule ip echoes input {limit}")

    def answer_echoes(self, name: str) -> None:
        self.nodes[name].run("nft", "delete table ip echoes")

    def misroute(self, name: str, line: str, verb: str) -> None:
        """Have the router behind a line send back over it what is for another one.

        Args:
            name: for whom the packets are.
            line: from a core to a router that has a way to it.
            verb: ``replace``, or ``del`` to end it.
        """
        core, router = LINES[line]
        number = 2 * list(LINES).index(line) + LINES[line].index(core)
        address = self.nodes[name].address
        where = [f"{address}/32", "via", f"10.60.1.{number}", "dev", line]
        self.nodes[router].run("ip", "route", verb, *where)

    def answering(self) -> set[str]:
        """The routers that answer fping, which nobody here wrote."""
        four = [node.address for name, node in self.nodes.items() if name != SIX]
        answering = self._fping("-4", four) | self._fping("-6", [self.nodes[SIX].address_6])
        return {
            name for name, node in self.nodes.items() if answering & {node.address, node.address_6}
        }

    def _fping(self, option: str, addresses: list[str]) -> set[str]:
        """Those of these addresses that answer."""
        command = ["fping", option, "-a", "-q", "-r", "2", "-t", "500", *addresses]
        entered = self.nodes[HERE].enter(*command)
        said = subprocess.run(entered, capture_output=True, text=True, check=False).stdout
        return set(said.split())

    def _lead_everything_to_the_cores(self) -> None:
        """Give the collector default routes, so that the cores say what they have no route to."""
        for metric, cable in enumerate(("here-1", "here-2"), 1000):
            number = 2 * list(LINES | _CABLES).index(cable) + 1
            for option, address in ("-4", f"10.60.1.{number}"), ("-6", f"fd60:0:0:1::{number:x}"):
                route = ["default", "via", address, "dev", cable, "metric", str(metric)]
                self.nodes[HERE].run("ip", option, "route", "add", *route)

    def _plug(self, line: str, node: Node, number: int, end: int) -> None:
        """Make one end of a line or cable."""
        if line in LINES:
            port, where = f"{_short(line)}-{end}", self._carrier
        elif end:
            port, where = "", node  # the other end was made with the first one
        else:
            port, where = line, self.nodes[_CABLES[line][1]]
        if port:
            node.run(
                *("ip", "link", "add", line, "type", "veth", "peer", "name", port),
                *("netns", str(where.process_id)),
            )
            where.run("ip", "link", "set", port, "up")
        node.run("ip", "address", "add", f"10.60.1.{number}/31", "dev", line)
        six = f"fd60:0:0:1::{number:x}/127"
        node.run("ip", "address", "add", six, "dev", line, "nodad")
        node.run("ip", "link", "set", line, "up")

    def _join(self, line: str) -> None:
        bridge = f"{_short(line)}-br"
        self._carrier.run("ip", "link", "add", bridge, "type", "bridge")
        for end in (0, 1):
            self._carrier.run("ip", "link", "set", f"{_short(line)}-{end}", "master", bridge)
        self._carrier.run("ip", "link", "set", bridge, "up")

    def _ports(self, state: str, *lines: str) -> None:
        for line in lines:
            for end in (0, 1):
                self._carrier.run("ip", "link", "set", f"{_short(line)}-{end}", state)


def _short(line: str) -> str:
    """The name of a line where only 15 letters are allowed, and more is to follow."""
    return line.replace("core", "k")


@contextmanager
def running(folder: Path) -> Iterator[Province]:
    """The province, from the moment at which everybody answers."""
    with ExitStack() as stack:
        yield Province(folder, stack)
