"""What a sweep costs: a network of /21 at the default rate, of which 64 addresses answer."""

from __future__ import annotations

import asyncio
import subprocess
import time
from ipaddress import ip_network

from netwatch.discovery.progress import SweepProgress
from netwatch.discovery.sweep import DEFAULT_RATE, sweep
from netwatch.lab.namespaces import enter_user_namespace
from tests.harness.namespaces import tool_path

RULES = """
table inet silence {
  chain in {
    type filter hook input priority 0;
    icmp type echo-request ip daddr != 127.9.0.0/26 drop
  }
}
"""


def main() -> None:
    """Print a row of docs/benchmarks.md."""
    enter_user_namespace()
    subprocess.run([tool_path("ip"), "link", "set", "lo", "up"], check=True)
    subprocess.run([tool_path("nft"), "-f", "-"], input=RULES.encode(), check=True)
    addresses = list(map(str, ip_network("127.9.0.0/21").hosts()))
    progress = SweepProgress(("127.9.0.0/21",))
    begin, cpu = time.monotonic(), time.process_time()
    asyncio.run(sweep(addresses, DEFAULT_RATE, progress, lambda *_: None))
    seconds, used = time.monotonic() - begin, time.process_time() - cpu
    print(
        f"| {len(addresses)} addresses, {len(progress.answered)} answer, both rounds "
        f"| {seconds:.0f} s, {used / seconds:.1%} of a core |",
        flush=True,
    )


if __name__ == "__main__":
    main()
