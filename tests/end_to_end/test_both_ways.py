"""Two collectors, each on its side, and one Prometheus in which both ways come together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.harness.ports import free_port
from tests.harness.prometheus import Prometheus, launched, write_configuration
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

PATIENCE = 60.0

INVENTORY = """
province: {name_vi: Thử, name: Test}
ranges: [127.0.0.0/8]
tiers: {office: {name_vi: Cơ quan, name: Office, rank: 0}}
networks:
  state: {name_vi: Mạng Nhà nước, name: State network}
  party: {name_vi: Mạng Đảng, name: Party network}
vantages:
  state-dc: {site: centre, name_vi: Trung tâm}
  party-office: {site: across, name_vi: Bên kia}
classes:
  server:
    match: {roles: [server]}
    checks: [{probe: tcp, port: 1, interval: 60s}]
sites:
  centre: {tier: office, name_vi: Trung tâm, targets: {server: 127.8.0.1}}
  across: {tier: office, network: party, name_vi: Bên kia, targets: {server: 127.8.0.2}}
flows:
  there:
    name_vi: Gửi đi
    from: state-dc
    to: across/server
    check: {probe: tcp, port: THERE, interval: 500ms, timeout: 400ms}
    expect: pass
    back: f101
  f101:
    name_vi: Gửi lại
    from: party-office
    to: centre/server
    check: {probe: tcp, port: BACK, interval: 500ms, timeout: 400ms}
    expect: pass
objectives:
  exchange: {name_vi: Liên thông, name: Exchange, kind: exchange, tiers: [office], goal: 100%}
"""


class Side:
    """What one side offers to the other: a port that is open or not."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._server = socket.create_server((address, 0), backlog=512)
        self.port: int = self._server.getsockname()[1]

    def close(self) -> None:
        self._server.close()

    def open(self) -> None:
        self._server = socket.create_server((self._address, self.port), backlog=512)


@contextmanager
def watching(inventory: Path, vantage: str) -> Iterator[str]:
    """A daemon at this vantage; its address."""
    listen = f"127.0.0.1:{free_port()}"
    settings = {
        "NETWATCH_INVENTORY": str(inventory),
        "NETWATCH_LISTEN": listen,
        "NETWATCH_VANTAGE": vantage,
        "NETWATCH_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "netwatch", "run"]
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        eventually(partial(answers, listen), PATIENCE)
        yield listen
    finally:
        process.terminate()
        process.wait(30)


def answers(listen: str) -> bool:
    try:
        with urlopen(f"http://{listen}/-/healthy", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def sides() -> Iterator[tuple[Side, Side]]:
    across, centre = Side("127.8.0.2"), Side("127.8.0.1")
    yield across, centre
    across.close()
    centre.close()


def become(prometheus: Prometheus, ratio: float | None) -> None:
    """Wait until the objective has this value, of the area as of the whole, or none."""
    found = [] if ratio is None else [f"{ratio:g}"]

    def values(query: str) -> list[str]:
        return [series["value"][1] for series in prometheus.now(query)]

    whole, area = "netwatch_objective_ratio", 'netwatch_objective_area_ratio{site="across"}'
    eventually(lambda: values(whole) == found == values(area), PATIENCE, pause=0.2)


def test_an_exchange_holds_when_both_ways_pass(tmp_path: Path, sides: tuple[Side, Side]) -> None:
    across, centre = sides
    text = INVENTORY.replace("THERE", str(across.port)).replace("BACK", str(centre.port))
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "all.yaml").write_text(text, encoding="utf-8")
    with ExitStack() as stack:
        party = ExitStack()
        stack.enter_context(party)
        state = stack.enter_context(watching(tmp_path / "inventory", "state-dc"))
        there = party.enter_context(watching(tmp_path / "inventory", "party-office"))
        write_configuration(tmp_path, [state, there])
        prometheus = stack.enter_context(launched(tmp_path, f"127.0.0.1:{free_port()}"))
        become(prometheus, 1)
        across.close()  # what the State's side measures
        become(prometheus, 0)
        across.open()
        become(prometheus, 1)
        centre.close()  # what the Party's side measures
        become(prometheus, 0)
        centre.open()
        become(prometheus, 1)
        party.close()  # nobody measures the way back any more
        become(prometheus, None)
