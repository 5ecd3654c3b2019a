"""Every probe that speaks TCP, against every kind of firewall: ``python -m tests.net.firewalls``.

Runs in a network namespace of its own, with rules of nftables, and prints as JSON what each probe
said of each firewall.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr

from netwatch import probes
from netwatch.core.login import Login
from netwatch.core.result import Outcome, Report, Result
from netwatch.lab.namespaces import enter_network_namespace, enter_user_namespace
from tests.harness.builders import make_check
from tests.harness.namespaces import tool_path
from tests.harness.servers import served, silent
from tests.harness.tarpit import tarpit

ADDRESS = "127.9.0.1"
ROUTER, BEHIND = "10.9.0.1", "10.9.0.2"
"""This end of a line on which nobody is, and an address at the other end."""


class Firewall(NamedTuple):
    """What stands at a port.

    Attributes:
        port: of TCP.
        rule: what nftables does with packets to that port.
        timeout: seconds. Short where the answer is that the time is up, and where it is not, so
            long that no machine is too slow.
    """

    port: int
    rule: str
    timeout: float


FIREWALLS = {
    "admin-prohibited": Firewall(9001, "reject with icmp type admin-prohibited", 60),
    "port-unreachable": Firewall(9002, "reject with icmp type port-unreachable", 60),
    "tcp-reset": Firewall(9003, "reject with tcp reset", 60),
    "drop": Firewall(9004, "drop", 3),
    "silent": Firewall(9005, "accept", 3),
    "tarpit": Firewall(9006, "accept", 3),
}
TCP_PROBES: dict[str, tuple[str, dict[str, Any]]] = {
    "tcp": ("tcp", {"banner": True}),
    "tls": ("tls", {}),
    "http": ("http", {"scheme": "http"}),
    "https": ("http", {"scheme": "https"}),
    "dns over tcp": ("dns", {"name": "haiduong.gov.vn"}),
    "smtp": ("smtp", {}),
    "smtp starttls": ("smtp", {"starttls": True}),
    "api over http": ("api", {"adapter": "jitsi-bridge"}),
    "api over https": ("api", {"adapter": "bigbluebutton", "login": "bbb"}),
    "sip over tcp": ("sip", {"transport": "tcp"}),
    "sip over tls": ("sip", {"transport": "tls"}),
    "h323": ("h323", {}),
    "rtsp": ("rtsp", {}),
    "stun over tcp": ("stun", {"transport": "tcp"}),
    "stun over tls": ("stun", {"transport": "tls"}),
    "turn over tcp": ("stun", {"transport": "tcp", "turn": True}),
}
UDP_PROBES: dict[str, tuple[str, dict[str, Any]]] = {
    "dns": ("dns", {"name": "haiduong.gov.vn"}),
    "gatekeeper": ("h323", {"service": "gatekeeper"}),
    "sip": ("sip", {}),
    "stun": ("stun", {}),
}
LOGIN = Login(SecretStr("secret"), "netwatch")


def rules() -> str:
    """The firewall. The kernel's own answers for the tarpit are kept back."""
    ports = "; ".join(f"tcp dport {wall.port} {wall.rule}" for wall in FIREWALLS.values())
    return f"""
    table inet fence {{
      chain in {{ type filter hook input priority 0; {ports}; }}
      chain out {{
        type filter hook output priority 0;
        tcp sport {FIREWALLS["tarpit"].port} tcp flags & rst == rst drop
        ip daddr {BEHIND} udp dport 9001 reject with icmp type admin-prohibited
        ip daddr {BEHIND} udp dport 9002 reject with icmp type port-unreachable
      }}
    }}
    """


class Truncating(asyncio.DatagramProtocol):
    """A DNS server that answers every question over UDP with: ask over TCP."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        self._transport.sendto(data[:2] + b"\x82\x00" + data[4:], source)


async def said(
    probe_and_keys: tuple[str, dict[str, Any]], wall: Firewall, address: str = ADDRESS
) -> dict[str, object]:
    """What one probe says of one firewall; asked again while this machine can't measure."""
    kind_name, keys = probe_and_keys
    kind = probes.kinds()[kind_name]
    reports: asyncio.Queue[Report] = asyncio.Queue()
    probe = kind.create(reports.put_nowait)
    await probe.open()
    params = kind.params.model_validate({"port": wall.port, **keys})
    login = LOGIN if "login" in keys else None
    check = make_check(kind_name, address=address, timeout=wall.timeout, params=params, login=login)
    for _ in range(20):
        probe.launch(check, time.monotonic())
        result = await reports.get()
        assert isinstance(result, Result)
        if result.outcome is not Outcome.INVALID:
            break
    await probe.close()
    known = {fact.name.removeprefix("netwatch_endpoint_"): fact.value for fact in result.facts}
    return {
        "outcome": result.outcome,
        "reason": result.reason,
        "detail": result.detail,
        "crossed": result.crossed,
    } | known


async def table() -> dict[str, dict[str, dict[str, object]]]:
    """What every probe says, by probe and firewall; all at once, for most of it is waiting."""
    loop = asyncio.get_running_loop()
    trap = asyncio.create_task(tarpit(ADDRESS, FIREWALLS["tarpit"].port))
    servers = [
        (await loop.create_datagram_endpoint(Truncating, local_addr=(ADDRESS, wall.port)))[0]
        for wall in FIREWALLS.values()
    ]
    async with served(silent, ADDRESS, port=FIREWALLS["silent"].port):
        cells = [(name, wall) for name in TCP_PROBES for wall in FIREWALLS]
        found = await asyncio.gather(
            *(said(TCP_PROBES[name], FIREWALLS[wall]) for name, wall in cells)
        )
    trap.cancel()
    for server in servers:
        server.close()
    answers: dict[str, dict[str, dict[str, object]]] = {name: {} for name in TCP_PROBES}
    for (name, wall), answer in zip(cells, found, strict=True):
        answers[name][wall] = answer
    return answers


async def table_over_udp() -> dict[str, dict[str, dict[str, object]]]:
    """What probes say over UDP: of a router that refuses, and of a host that does."""
    places = {
        "admin-prohibited": (FIREWALLS["admin-prohibited"], BEHIND),
        "port-unreachable": (FIREWALLS["port-unreachable"], BEHIND),
        "nothing listens": (FIREWALLS["port-unreachable"], ADDRESS),
    }
    return {
        f"{name} over udp": {wall: await said(keys, *place) for wall, place in places.items()}
        for name, keys in UDP_PROBES.items()
    }


def printed(answers: dict[str, dict[str, dict[str, object]]]) -> str:
    """The table, for people."""
    lines = []
    for name, row in answers.items():
        for wall, cell in row.items():
            detail, reachable = cell["detail"], cell.get("reachable", "-")
            lines.append(f"{name:15} {wall:17} {cell['reason']:12} {reachable!s:4} {detail}")
    return "\n".join(lines)


def main() -> None:
    enter_user_namespace()
    enter_network_namespace()
    for command in (
        "link set lo up",
        "link add line type veth peer name far",
        f"addr add {ROUTER}/24 dev line",
        "link set line up",
        "link set far up",
    ):
        subprocess.run([tool_path("ip"), *command.split()], check=True)
    subprocess.run([tool_path("nft"), "-f", "-"], input=rules(), text=True, check=True)
    # One SYN is enough here, and its repetition would be a second answer.
    Path("/proc/sys/net/ipv4/tcp_syn_retries").write_text("1")
    answers = asyncio.run(table()) | asyncio.run(table_over_udp())
    if "--table" in sys.argv:
        print(printed(answers), file=sys.stderr)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
