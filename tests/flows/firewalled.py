"""A daemon and a firewall in a network of their own: ``python -m tests.flows.firewalled``.

The firewall does one thing after the other, and what the daemon says of its one forbidden flow is
printed as JSON, beside what was done.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from netwatch.lab.namespaces import enter_network_namespace, enter_user_namespace
from tests.harness.daemon import Daemon, running
from tests.harness.namespaces import tool_path

HOST, PORT = "127.9.0.1", 3389
OPENINGS = 4
OPEN_FOR = 2.0
"""Seconds: an interval of the flow, and as much again for a machine that is busy."""
PATIENCE = 20.0

INVENTORY = f"""
province: {{name_vi: Thử, name: Test}}
ranges: [127.0.0.0/8]
tiers: {{office: {{name_vi: Cơ quan, name: Office, rank: 0}}}}
networks:
  state: {{name_vi: Nhà nước, name: State}}
  party: {{name_vi: Đảng, name: Party}}
vantages: {{state-dc: {{site: centre, name_vi: Trung tâm}}}}
canaries: [centre/server]
classes:
  server: {{match: {{roles: [server]}}, checks: [{{probe: icmp, interval: 500ms, timeout: 400ms}}]}}
sites:
  centre: {{tier: office, name_vi: Trung tâm, targets: {{server: 127.9.0.9}}}}
  tinh-uy: {{tier: office, network: party, name_vi: Tỉnh ủy, targets: {{server: {HOST}}}}}
flows:
  no-rdp:
    name_vi: Cấm
    from: state-dc
    to: tinh-uy/server
    check: {{probe: tcp, port: {PORT}, interval: 1s, timeout: 500ms}}
    expect: blocked
"""

RDP = f"ip daddr {HOST} tcp dport {PORT}"


def firewall(rule: str) -> None:
    """Have this rule, and no other."""
    rules = f"""
    table inet fence
    delete table inet fence
    table inet fence {{ chain in {{
        type filter hook input priority 0;
        {rule}
    }}
    }}
    """
    subprocess.run([tool_path("nft"), "-f", "-"], input=rules, text=True, check=True)


class Watch:
    """What the daemon says of the flow."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def says(self) -> dict[str, object]:
        page = self._daemon.get("/metrics")
        expected = re.search(r"^netwatch_flow_as_expected{.*} (\S+)$", page, re.MULTILINE)
        blocks = re.findall(r'^netwatch_flow_block{block="(\w+)"', page, re.MULTILINE)
        [violations] = self._daemon.totals("netwatch_flow_violations_total")
        reasons = re.findall(r'^netwatch_flow_results_total{.*reason="(\w+)"', page, re.MULTILINE)
        return {
            "as_expected": float(expected[1]) if expected else None,
            "block": blocks[0] if blocks else None,
            "violations": violations,
            "reasons": sorted(reasons),
        }

    def until(self, holds: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """What it says as soon as that holds, or in the end."""
        end = time.monotonic() + PATIENCE
        while not holds(said := self.says()) and time.monotonic() < end:
            time.sleep(0.1)
        return said


def main() -> None:
    enter_user_namespace()
    enter_network_namespace()
    Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0")
    subprocess.run([tool_path("ip"), "link", "set", "lo", "up"], check=True)
    story: dict[str, object] = {}
    firewall(f"{RDP} drop")
    with socket.create_server((HOST, PORT), backlog=512), running(INVENTORY) as daemon:
        watch = Watch(daemon)
        for name, rule, block in (
            ("drop", f"{RDP} drop", "drop"),
            ("reject", f"{RDP} reject with icmp type admin-prohibited", "reject"),
            ("drop again", f"{RDP} drop", "drop"),
            ("reset", f"{RDP} reject with tcp reset", "reject"),
        ):
            firewall(rule)
            story[name] = watch.until(
                lambda said, block=block: said["as_expected"] == 1 and said["block"] == block
            )
        seen = [watch.says()["violations"]]
        for _ in range(OPENINGS):
            firewall("")
            time.sleep(OPEN_FOR)
            firewall(f"{RDP} drop")
            watch.until(lambda said: said["block"] == "drop")
            seen.append(watch.says()["violations"])
        story["violations"] = seen
        firewall(f"ip daddr {HOST} drop")
        story["dead line"] = watch.until(lambda said: said["as_expected"] is None)
        firewall(f"{RDP} drop")
        story["line restored"] = watch.until(lambda said: said["as_expected"] == 1)
    print(json.dumps(story))


if __name__ == "__main__":
    main()
