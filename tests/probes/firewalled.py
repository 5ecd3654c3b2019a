"""Connects in a network namespace whose firewall says no in every way there is.

    python -m tests.probes.firewalled

Prints what each port came to as JSON.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

from netwatch.core.result import Outcome, Report, Result
from netwatch.lab.namespaces import enter_network_namespace, enter_user_namespace
from netwatch.probes import tcp
from tests.harness.builders import make_check
from tests.harness.namespaces import tool_path
from tests.harness.servers import resetting, served, silent
from tests.harness.tarpit import tarpit

ADDRESS, ADDRESS6 = "127.0.1.1", "fd00::1"
TARPIT = 9000
RULES = f"""
table inet fence {{
  chain in {{
    type filter hook input priority 0;
    tcp dport 9001 drop
    tcp dport 9002 reject with tcp reset
    meta nfproto ipv4 tcp dport 9003 reject with icmp type admin-prohibited
    meta nfproto ipv6 tcp dport 9003 reject with icmpv6 type admin-prohibited
    meta nfproto ipv4 tcp dport 9004 reject with icmp type net-unreachable
    meta nfproto ipv4 tcp dport 9005 reject with icmp type host-unreachable
    tcp dport 9006 reject with icmpx type port-unreachable
  }}
  chain out {{
    type filter hook output priority 0;
    tcp sport {TARPIT} tcp flags & rst == rst drop
  }}
}}
"""
CASES = [
    *((ADDRESS, port) for port in (TARPIT, *range(9001, 9010))),
    *((ADDRESS6, port) for port in (9001, 9002, 9003, 9006)),
]
SPEAKING_FIRST = {9007, 9008}
WAITED_FOR = {9001, 9007}
"""Ports of which it is told that the time was up; at the others no machine is too slow."""


async def said_of(address: str, port: int) -> str:
    """What the probe says of a port; asked again while this machine can't measure."""
    reports: asyncio.Queue[Report] = asyncio.Queue()
    prober = tcp.TcpProbe(reports.put_nowait)
    params = tcp.TcpParams(port=port, banner=port in SPEAKING_FIRST)
    seconds = 2.0 if port in WAITED_FOR else 60.0
    for _ in range(20):
        prober.launch(make_check("tcp", address=address, timeout=seconds, params=params), 0.0)
        result = await reports.get()
        assert isinstance(result, Result)
        if result.outcome is not Outcome.INVALID:
            break
    return f"{result.outcome} {result.reason}"


async def probe() -> dict[str, str]:
    trap = asyncio.create_task(tarpit(ADDRESS, TARPIT))
    async with served(silent, ADDRESS, port=9007), served(resetting, ADDRESS, port=9008):
        found = await asyncio.gather(*(said_of(*case) for case in CASES))
    trap.cancel()
    return {f"{address} {port}": said for (address, port), said in zip(CASES, found, strict=True)}


def main() -> None:
    enter_user_namespace()
    enter_network_namespace()
    for command in ("link set lo up", f"addr add {ADDRESS6}/128 dev lo"):
        subprocess.run([tool_path("ip"), *command.split()], check=True)
    subprocess.run([tool_path("nft"), "-f", "-"], input=RULES, text=True, check=True)
    # One SYN is enough here, and its repetition would be a second answer.
    Path("/proc/sys/net/ipv4/tcp_syn_retries").write_text("1")
    print(json.dumps(asyncio.run(probe())))


if __name__ == "__main__":
    main()
