"""Run as a program, in a network of its own: echoes through a firewall that answers in its ways.

Prints a line of JSON: what the probe reported of each address. ``--raw`` leaves datagram ICMP
sockets closed, so that the probe has to use raw ones.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from netwatch.core.result import Report, Result
from netwatch.lab.namespaces import enter_network_namespace, enter_user_namespace
from netwatch.probes.icmp import IcmpParams, IcmpProbe
from tests.harness.builders import make_check
from tests.harness.namespaces import tool_path

RULES = """
table inet fence {
  chain in {
    type filter hook input priority 0;
    icmp type echo-request ip daddr 127.0.1.1 reject with icmp type host-unreachable
    icmp type echo-request ip daddr 127.0.1.2 reject with icmp type admin-prohibited
    icmp type echo-request ip daddr 127.0.1.3 reject with icmp type net-unreachable
    icmp type echo-request ip daddr 127.0.1.5 drop
    icmpv6 type echo-request ip6 daddr fd00::1 reject with icmpv6 type addr-unreachable
  }
  chain out {
    type filter hook output priority 0;
    icmp type echo-request ip daddr 127.0.1.4 drop
  }
}
"""

ADDRESSES = [*(f"127.0.1.{number}" for number in range(1, 7)), "fd00::1", "fd00::2"]


async def probe() -> dict[str, str]:
    reports: list[Report] = []
    prober = IcmpProbe(reports.append)
    await prober.open()
    # Twice, because an error about one target must not disturb the echo to the next.
    for turn in (1, 2):
        for address in ADDRESSES:
            check = make_check(address=address, timeout=1.0, params=IcmpParams())
            prober.launch(check, time.monotonic())
        async with asyncio.timeout(60):
            while len(reports) < turn * len(ADDRESSES):  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(0.02)
    await prober.close()
    results = [report for report in reports if isinstance(report, Result)]
    assert len(results) == 2 * len(ADDRESSES), results
    seen = {result.check.address: f"{result.outcome} {result.reason}" for result in results}
    agreed = {result.check.address: f"{result.outcome} {result.reason}" for result in results[::-1]}
    assert seen == agreed, (seen, agreed)
    return seen


def main() -> None:
    enter_user_namespace()
    enter_network_namespace()
    if "--raw" not in sys.argv:
        Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0")
    for command in ("link set lo up", "addr add fd00::1/128 dev lo", "addr add fd00::2/128 dev lo"):
        subprocess.run([tool_path("ip"), *command.split()], check=True)
    subprocess.run([tool_path("nft"), "-f", "-"], input=RULES, text=True, check=True)
    print(json.dumps(asyncio.run(probe())))


if __name__ == "__main__":
    main()
