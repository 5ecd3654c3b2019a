"""One router of the province: a network namespace with FRR and snmpd in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

FRR = Path("/usr/lib/frr")

AUTH_KEY, PRIV_KEY = "authentic-province", "private-province"
"""Keys of the user ``watcher``, whom an agent of SNMP v3 knows."""

_LISTENER = """
import selectors, socket, sys
ready = selectors.DefaultSelector()
for port in sys.argv[1:]:
    ready.register(socket.create_server(("", int(port))), selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        key.fileobj.accept()[0].close()
"""

HELLO, DEAD = 1, 3
"""Seconds between two OSPF hellos, and without one until a neighbour is gone."""

COST, COSTS = 10, {"d2-d3": 25}
"""Of a line in OSPF. District 2 is reached over core 1 unless that way is lost; else two ways
would be equal."""

_FORWARDING = (
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv4.conf.all.rp_filter=0",
    "net.ipv4.conf.default.rp_filter=0",
    "net.ipv4.fib_multipath_hash_policy=1",
    "net.ipv4.icmp_ratelimit=50",  # milliseconds
    "net.ipv4.conf.all.ignore_routes_with_linkdown=1",
    "net.ipv6.conf.all.ignore_routes_with_linkdown=1",
)


class Node:
    """A namespace, which lives as long as its first process.

    Args:
        name: of the router, its sysName.
        number: the last octet of its address 10.60.0.NUMBER, and of fd60::NUMBER.
        folder: where its files go; readable by everybody, for FRR gives up being root.
    """

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name, self.number = name, number
        self.address, self.address_6 = f"10.60.0.{number}", f"fd60::{number:x}"
        self._folder = folder / name
        self._folder.mkdir()
        shutil.chown(self._folder, "frr", "frrvty")
        command = ["unshare", "--net", "sleep", "infinity"]
        self._first = subprocess.Popen(command)
        self._programs: list[subprocess.Popen[bytes]] = []
        eventually(self._has_its_own_network)

    @property
    def process_id(self) -> int:
        return self._first.pid

    def enter(self, *command: str | Path) -> list[str]:
        """The command that runs another one within."""
        return ["nsenter", "--net", "-t", str(self._first.pid), *map(str, command)]

    def run(self, *command: str) -> str:
        """What a command says; it must succeed."""
        done = subprocess.run(self.enter(*command), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{self.name}: {' '.join(command)}: {done.stderr}"
        return done.stdout

    def add_addresses(self, addresses: list[str]) -> None:
        """Answer for further addresses, to which OSPF leads as well."""
        for address in addresses:
            self.run("ip", "address", "add", f"{address}/32", "dev", "lo")

    def listen(self, *ports: int) -> None:
        """Accept connections on these ports."""
        self._begin(sys.executable, "-c", _LISTENER, *map(str, ports))

    def start(self, interfaces: list[str], *, six_only: bool = False, v3: bool = False) -> None:
        """Forward, talk OSPF on these interfaces, and answer SNMP."""
        self.run("ip", "link", "set", "lo", "up")
        if not six_only:
            self.run("ip", "address", "add", f"{self.address}/32", "dev", "lo")
        self.run("ip", "address", "add", f"{self.address_6}/128", "dev", "lo")
        self.run("sysctl", "-qw", *_FORWARDING)
        # As objects of the kernel, two equal ways stay one when a line has been away.
        self._frr("zebra", "no zebra nexthop kernel enable\n")
        eventually((self._folder / "zserv").exists)
        self._frr("ospfd", self._ospf(interfaces))
        self._frr("ospf6d", self._ospf_6(interfaces))
        self._snmpd(six_only, v3)

    def read_interfaces_anew(self) -> bool:
        """Have snmpd keep no interface of a while ago; returns whether it runs and has agreed.

        NET-SNMP-AGENT-MIB::nsCacheEnabled; with it, what was mended is reported as cut later.
        """
        where = f"udp6:[{self.address_6}]:161"
        change = ["-v2c", "-c", "province", where, ".1.3.6.1.4.1.8072.1.5.2.0", "i", "2"]
        command = self.enter(require_tool("snmpset"), *change)
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def stop(self) -> None:
        """End everything within, and so the namespace."""
        for program in [*reversed(self._programs), self._first]:
            program.terminate()
        for program in [*self._programs, self._first]:
            program.wait(30)

    def _has_its_own_network(self) -> bool:
        own = Path("/proc/self/ns/net").readlink()
        return Path(f"/proc/{self._first.pid}/ns/net").readlink() != own

    def _frr(self, daemon: str, configuration: str) -> None:
        file = self._folder / f"{daemon}.conf"
        file.write_text(configuration)
        places = {
            "-f": file,
            "-i": self._folder / f"{daemon}.pid",
            "-z": self._folder / "zserv",
            "--vty_socket": self._folder,
        }
        options = [each for option in places.items() for each in option]
        self._begin(FRR / daemon, *options, "-u", "frr", "-g", "frr", "-P", "0")

    def _snmpd(self, six_only: bool, v3: bool) -> None:
        who = "rwcommunity province\nrwcommunity6 province\n"
        if v3:  # the community is for what is asked from within
            who = f"rwcommunity6 province {self.address_6}\nrouser watcher authPriv\n"
            who += f"createUser watcher SHA-256 {AUTH_KEY} AES {PRIV_KEY}\n"
        file = self._folder / "snmpd.conf"
        file.write_text(
            # By name, so that it answers from the address that it was asked at.
            f"agentAddress {'' if six_only else f'udp:{self.address}:161,'}"
            f"udp6:[{self.address_6}]:161\n"
            f"{who}"
            f"sysName {self.name}\n"
        )
        self._begin(require_tool("snmpd"), "-f", "-C", "-c", file, "-Lf", self._folder / "snmp.log")

    def _begin(self, *command: str | Path) -> None:
        log = (self._folder / "log").open("ab")
        environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(self._folder), "MIBS": ""}
        self._programs.append(
            subprocess.Popen(self.enter(*command), stdout=log, stderr=log, env=environment)
        )
        log.close()

    def _ospf(self, interfaces: list[str]) -> str:
        each = "".join(
            f"interface {name}\n ip ospf area 0\n ip ospf network point-to-point\n"
            f" ip ospf hello-interval {HELLO}\n ip ospf dead-interval {DEAD}\n"
            f" ip ospf cost {COSTS.get(name, COST)}\n!\n"
            for name in interfaces
        )
        return (
            f"{each}interface lo\n ip ospf area 0\n!\n"
            f"router ospf\n ospf router-id 10.60.0.{self.number}\n"
        )

    def _ospf_6(self, interfaces: list[str]) -> str:
        each = "".join(
            f"interface {name}\n ipv6 ospf6 area 0\n ipv6 ospf6 network point-to-point\n"
            f" ipv6 ospf6 hello-interval {HELLO}\n ipv6 ospf6 dead-interval {DEAD}\n!\n"
            for name in interfaces
        )
        return (
            f"{each}interface lo\n ipv6 ospf6 area 0\n ipv6 ospf6 passive\n!\n"
            f"router ospf6\n ospf6 router-id 10.60.0.{self.number}\n"
        )
