"""The daemon that watches the province, and what its page says meanwhile."""

from __future__ import annotations

import ctypes
import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.routed.node import AUTH_KEY, PRIV_KEY, Node
from tests.routed.province import CLOSED, HERE, LINES, OPEN, PARTY, SIX, VERSION_3, Province

PORT = 9477

PATIENCE = 120.0
"""Seconds for whatever must happen, on however busy a machine."""

SHARED_SITE = "shared-"
"""Begin of the ids of sites behind the two equal lines of district 3, the first half behind one."""

LASTING = 15.0
"""Seconds for which a path must be longer to be told, instead of ``path_lengths.MIN_LASTING``."""

_RUN = f"""
from netwatch.export import path_lengths
path_lengths.MIN_LASTING = {LASTING}
import runpy
runpy.run_module("netwatch", run_name="__main__", alter_sys=True)
"""

_CLONE_NEWNET = 0x40000000
"""setns(2): the descriptor is that of a network namespace."""

_HEAD = """
province: {name_vi: Tỉnh, name: Province}
ranges: [10.60.0.0/16, "fd60::/48"]
tiers:
  province: {name_vi: Tỉnh, name: Province, rank: 0}
  commune: {name_vi: Xã, name: Commune, rank: 1}
networks:
  state: {name_vi: Nhà nước, name: State}
  party: {name_vi: Đảng, name: Party}
vantages: {here: {site: dc, name_vi: Đây}}
credentials:
  lan: {version: 2c, community: province}
  user:
    version: 3
    user: watcher
    auth_protocol: sha256
    auth_key: auth
    priv_protocol: aes128
    priv_key: priv
classes:
  all:
    match: {roles: [router]}
    snmp: lan
    down_after: 20  # OSPF has found another way by then
    confirm_spread: 7s
    checks:
      - {probe: icmp, interval: 500ms, timeout: 450ms}
      - {probe: snmp, interval: 5s, timeout: 4s}
    limits: {loss: 90%, rtt: 2s, jitter: 2s}
  by-user:
    match: {roles: [switch]}
    snmp: user
    down_after: 20
    confirm_spread: 7s
    checks:
      - {probe: icmp, interval: 500ms, timeout: 450ms}
      - {probe: snmp, interval: 5s, timeout: 4s}
    limits: {loss: 90%, rtt: 2s, jitter: 2s}
  shared:
    match: {roles: [server]}
    down_after: 20
    confirm_spread: 7s
    checks: [{probe: icmp, interval: 500ms, timeout: 450ms}]
    limits: {loss: 90%, rtt: 2s, jitter: 2s}
"""


def place(name: str) -> str:
    """``site/target`` of a router."""
    return f"dc/{name}" if name.startswith("core") else f"{name}/router"


def inventory(province: Province) -> str:
    """The province as an operator writes it down; the districts name the data centre as parent."""
    lines = [_HEAD, "sites:"]
    cores = ", ".join(f"{n}: {_target(province.nodes[n])}" for n in ("core1", "core2"))
    lines.append(f"  dc: {{tier: province, name_vi: Trung tâm, targets: {{{cores}}}}}")
    for name, node in province.nodes.items():
        if name != HERE and not name.startswith("core"):
            network = "party" if name == PARTY else "state"
            entry = f"tier: commune, name_vi: Xã {name}, parent: dc, network: {network}"
            lines.append(f"  {name}: {{{entry}, targets: {{router: {_target(node)}}}}}")
    for number, address in enumerate(address for each in province.shared for address in each):
        server = f"{{server: {{address: {address}, role: server}}}}"
        entry = f"tier: commune, name_vi: Điểm {number}, parent: d3, targets: {server}"
        lines.append(f"  {SHARED_SITE}{number}: {{{entry}}}")
    lines.append("links:")
    for line, ends in LINES.items():
        a, b = (f"{{target: {place(end)}, interface: {line}}}" for end in ends)
        lines.append(f"  {line}: {{a: {a}, b: {b}, carrier: {line}, capacity: 20M}}")
    lines.append("flows:")
    for port, expect in (OPEN, "pass"), (CLOSED, "blocked"):
        check = f"{{probe: tcp, port: {port}, interval: 1s, timeout: 900ms}}"
        entry = f"name_vi: Luồng {port}, from: here, to: {place(PARTY)}, check: {check}"
        lines.append(f"  port-{port}: {{{entry}, expect: {expect}}}")
    return "\n".join(lines) + "\n"


def _target(node: Node) -> str:
    address = f'"{node.address_6}"' if node.name == SIX else node.address
    role = "switch" if node.name == VERSION_3 else "router"
    return f"{{address: {address}, role: {role}}}"


class Page(threading.Thread):
    """Reads the page all the time, from within the collector's namespace.

    Attributes:
        status: the last one; metrics: likewise.
        blamed: every root cause that it showed since this was emptied.
    """

    def __init__(self, here: Node) -> None:
        super().__init__(name="page", daemon=True)
        self.status: dict[str, Any] = {}
        self.blamed: set[str] = set()
        self.metrics = ""
        self._namespace = os.open(f"/proc/{here.process_id}/ns/net", os.O_RDONLY)
        self._over = threading.Event()

    def run(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.setns(self._namespace, _CLONE_NEWNET) == 0
        while not self._over.wait(0.25):
            try:
                status = json.loads(self._get("/status.json"))
                self.metrics = self._get("/metrics")
            except OSError:
                continue  # it isn't there yet
            self.status = status
            self.blamed |= self.faults().keys()

    @staticmethod
    def _get(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=PATIENCE) as answer:
            body: bytes = answer.read()
        return body.decode()

    def stop(self) -> None:
        self._over.set()
        self.join()
        os.close(self._namespace)

    def faults(self) -> dict[str, str]:
        """State of each root cause that is open."""
        return {fault["root"]: fault["state"] for fault in self.status.get("faults", ())}

    def target(self, name: str) -> dict[str, Any]:
        """What the page says of a router."""
        site_id, _, target_id = place(name).partition("/")
        (site,) = (site for site in self.status["sites"] if site["id"] == site_id)
        (target,) = (each for each in site["targets"] if each["id"] == target_id)
        found: dict[str, Any] = target
        return found

    def flow(self, port: int) -> str:
        """State of the flow to a port of the Party office."""
        states = {each["id"]: each["state"] for each in self.status["flows"]}
        return str(states[f"port-{port}"])

    def answers(self, name: str, probe: str) -> bool:
        """Whether the last result of a check of a router is a success."""
        probes = self.target(name)["probes"]
        return any(each["probe"] == probe and each["outcome"] == "success" for each in probes)

    def is_well(self) -> bool:
        """Whether everything is up, and nothing is blamed."""
        sites = self.status.get("sites", ())
        states = {target["state"] for site in sites for target in site["targets"]}
        return states == {"up"} and not self.faults()

    def silent(self) -> set[str]:
        """The routers that don't answer, by their names."""
        sites = self.status["sites"]
        return {
            target["id"] if site["id"] == "dc" else site["id"]
            for site in sites
            for target in site["targets"]
            if target["state"] in {"down", "unreachable"}
        }

    def longer(self) -> set[str]:
        """The sites that are reached over a longer path than usual."""
        return {each["site"] for each in self.status["longer_paths"]}

    def evidence(self, root: str) -> dict[str, Any]:
        """What was found out about a root cause."""
        found = [each["evidence"] for each in self.status["faults"] if each["root"] == root]
        return (found and found[0]) or {}

    def total(self, name: str) -> float:
        """The sum of all series of this name."""
        return sum(map(float, re.findall(rf"^{name}{{.*}} (\S+)$", self.metrics, re.MULTILINE)))


@contextmanager
def watching(province: Province, folder: Path) -> Iterator[Page]:
    """The page of a daemon that runs until the end of the block."""
    home = folder / "inventory"
    home.mkdir()
    (home / "province.yaml").write_text(inventory(province), encoding="utf-8")
    environment = {
        **os.environ,
        "NETWATCH_INVENTORY": str(home),
        "NETWATCH_VANTAGE": "here",
        "NETWATCH_LISTEN": f"127.0.0.1:{PORT}",
        "NETWATCH_STATE_DIR": str(folder / "state"),
        "NETWATCH_SECRET_PROVINCE": "province",
        "NETWATCH_SECRET_AUTH": AUTH_KEY,
        "NETWATCH_SECRET_PRIV": PRIV_KEY,
    }
    here = province.nodes[HERE]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            here.enter(sys.executable, "-c", _RUN, "run"), stderr=log, env=environment
        )
    page = Page(here)
    page.start()
    try:
        yield page
    finally:
        page.stop()
        daemon.terminate()
        daemon.wait(30)
