"""Two networks, a firewall between them, and a script of what it does.

    python -m tests.vantage.show

The State side has the centre: a netwatch, its gate, and Prometheus. The Party side has a netwatch
with an inventory of its own, and a Prometheus in agent mode that writes to the centre; beside it,
only here, another Prometheus takes all that the agent writes and is never away. What was done and
what was seen is printed as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.harness import certificates
from tests.harness.prometheus import Prometheus
from tests.harness.waiting import eventually
from tests.vantage import engines, provinces
from tests.vantage.engines import FASTER, samples
from tests.vantage.network import Firewall, Network, joined
from tests.vantage.provinces import PARTY_HOST, STATE_HOST

OUTAGE = 3 * 3600 / FASTER
"""Seconds for which the centre is away."""

PATIENCE = 40.0
FROM_THERE = '{vantage="party-office",job=""}'
GATE = f"{STATE_HOST}:10909"
CENTRE, REFERENCE, AGENT = f"{STATE_HOST}:9090", f"{PARTY_HOST}:9090", f"{PARTY_HOST}:9095"
WRITE = "/api/v1/write"

POLICY = f"""
    ct state established,related accept
    meta l4proto icmp accept
    ip daddr 10.18.0.10 tcp dport 443 accept
    ip daddr {{ 10.16.0.30, 10.16.0.32 }} tcp dport 443 accept
    ip daddr 10.16.0.31 tcp dport 25 accept
    ip saddr {PARTY_HOST} ip daddr {STATE_HOST} tcp dport 10909 accept
"""
"""What always passes: pings, the services, and the one way from the vantage to the centre."""

DESKTOP = "ip saddr 10.16.0.0/24 tcp dport 3389"
DOCUMENTS = "ip daddr 10.18.0.10 tcp dport 443"
MAIL = "ip daddr 10.16.0.31 tcp dport 25"
SHELL = "ip daddr 10.16.0.31 tcp dport 22"

Step = tuple[str, str, int, str]
"""What is done, to which flow, whether it does what is expected of it then, and the rule."""

BEFORE: list[Step] = [
    ("open remote desktops", "no-desktop", 0, f"{DESKTOP} accept"),
    ("close them", "no-desktop", 1, ""),
    ("reject documents", "documents", 0, f"{DOCUMENTS} reject with tcp reset"),
    ("let them pass", "documents", 1, ""),
    ("drop mail", "f102", 0, f"{MAIL} drop"),
    ("let it pass", "f102", 1, ""),
]
DURING: list[Step] = [("open a shell", "f105", 0, f"{SHELL} accept"), ("close it", "f105", 1, "")]


class Show:
    """The stage, and what is played on it."""

    def __init__(self, stack: ExitStack, home: Path) -> None:
        self._home = home
        self._firewall = Firewall(POLICY)
        self._state, self._party = stack.enter_context(
            joined(
                home,
                {
                    "state": ("10.16.0.254/24", provinces.STATE_ADDRESSES),
                    "party": ("10.18.0.254/24", provinces.PARTY_ADDRESSES),
                },
            )
        )
        self._firewall.does()
        self._tls = certificates.make(home / "tls", STATE_HOST, "party-office")
        state = self._watching(stack, self._state, provinces.STATE_SIDE)
        party = self._watching(stack, self._party, provinces.PARTY_SIDE)
        self._centre = engines.centre(self._state, home / "centre", CENTRE, state)
        self._reference = engines.reference(self._party, home / "reference", REFERENCE)
        self._agent = engines.agent(
            *(self._party, home / "agent", AGENT),
            netwatch=party,
            centre=f"https://{GATE}{WRITE}",
            tls={
                "ca_file": str(self._tls / "ca.crt"),
                "cert_file": str(self._tls / "party-office.crt"),
                "key_file": str(self._tls / "party-office.key"),
            },
            reference=f"http://{REFERENCE}{WRITE}",
        )

    def play(self) -> dict[str, Any]:
        """The whole story."""
        with self._reference.running() as reference, ExitStack() as watched:
            with self._centre_open() as centre:
                watched.enter_context(self._agent.running())
                flows = len(provinces.FLOWS)
                settled = f"count(netwatch_flow_as_expected == 1) == {flows}"
                eventually(lambda: centre.now(settled), PATIENCE)
                begin = time.time()
                steps = self._perform(BEFORE, centre, reference)
            gone = time.time()
            steps += self._perform(DURING, centre, reference)
            time.sleep(max(0.0, gone + OUTAGE - time.time()))
            with self._centre_open() as centre:
                back = time.time()
                self._await_all(centre, reference, begin, back)
                told = self._told(centre, reference, begin, back)
                watched.close()  # the agent takes its leave while there is somebody to hear it
        return told | {"steps": steps, "gone": gone, "back": back}

    def _perform(self, steps: list[Step], *stores: Prometheus) -> list[dict[str, Any]]:
        """Do what is written, and wait each time until the vantage's own store has it on record."""
        done: list[dict[str, Any]] = []
        for what, flow, expected, rule in steps:
            begin = self._firewall.does(rule)
            store = stores[flow in provinces.PARTY_FLOWS]
            wanted = f'netwatch_flow_as_expected{{flow="{flow}"}} == {expected}'
            eventually(lambda store=store, wanted=wanted: store.now(wanted), PATIENCE)
            step = {"what": what, "flow": flow, "expected": expected, "begin": begin}
            done.append(step | {"end": time.time()})
        return done

    @staticmethod
    def _await_all(centre: Prometheus, reference: Prometheus, begin: float, end: float) -> None:
        """Give the agent's queues the time to end: each of their shards has its own series.

        Whether all came is for the test to say, which can say what is missing.
        """
        patience = time.monotonic() + PATIENCE
        fresh = f'timestamp(up{{vantage="party-office"}}) > {end}'
        eventually(lambda: centre.now(fresh), PATIENCE)
        while time.monotonic() < patience:
            sent = samples(reference, FROM_THERE, begin, end)
            if samples(centre, FROM_THERE, begin, end) == sent:
                return
            time.sleep(0.5)

    @staticmethod
    def _told(
        centre: Prometheus, reference: Prometheus, begin: float, end: float
    ) -> dict[str, Any]:
        """What is on record, at the centre and in the reference."""
        flows = '{__name__=~"netwatch_flow_(as_expected|block|violations_total)"}'
        return {
            "sent": samples(reference, FROM_THERE, begin, end),
            "arrived": samples(centre, FROM_THERE, begin, end),
            "record": samples(centre, flows, begin, end),
            "labels": {name: centre.get(f"label/{name}/values") for name in centre.get("labels")},
            "metadata": centre.get("metadata"),
            "page": urlopen(f"http://{PARTY_HOST}:10880/metrics", timeout=30).read().decode(),
        }

    @contextmanager
    def _centre_open(self) -> Iterator[Prometheus]:
        """Prometheus at the centre, and the gate before it."""
        command = [sys.executable, "-m", "netwatch", "gate", "--vantage", "party-office"]
        command += ["--address", GATE, "--tls", str(self._tls)]
        command += ["--store", f"http://{CENTRE}{WRITE}"]
        log = self._home / "gate.log"
        with self._centre.running() as centre, self._state.running(command, log):
            yield centre

    def _watching(self, stack: ExitStack, network: Network, side: provinces.Side) -> str:
        """A netwatch with what it watches; its address."""
        directory = self._home / side.vantage
        directory.mkdir()
        (directory / "all.yaml").write_text(side.inventory, encoding="utf-8")
        log = self._home / f"{side.vantage}.log"
        servers = [sys.executable, "-m", "tests.vantage.servers", *side.servers]
        stack.enter_context(network.running(servers, log))
        listen = f"{side.host}:10880"
        settings = {
            "NETWATCH_INVENTORY": str(directory),
            "NETWATCH_LISTEN": listen,
            "NETWATCH_VANTAGE": side.vantage,
            "NETWATCH_LOG_LEVEL": "warning",
        }
        daemon = [sys.executable, "-m", "netwatch", "run"]
        stack.enter_context(network.running(daemon, log, settings))
        return listen


def main() -> None:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="netwatch-show-")))
        print(json.dumps(Show(stack, home).play()))


if __name__ == "__main__":
    main()
