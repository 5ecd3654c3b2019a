"""Two networks and the firewall between them, each a network namespace."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from netwatch.lab.namespaces import enter_user_namespace
from tests.harness.namespaces import tool_path

STOP = 30.0
"""Seconds that a process may take to end."""


@dataclass(frozen=True)
class Network:
    """One side: a machine that has all addresses there.

    Attributes:
        keeper: process that keeps the namespace.
    """

    keeper: int

    @contextmanager
    def running(
        self, command: Sequence[str], log: Path, env: dict[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A tool_path there, from its start to the end of the block, unless it is ended before."""
        inside = ["nsenter", f"--net=/proc/{self.keeper}/ns/net", "--"]
        process = _start([*inside, *command], log, env)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(STOP)


def _start(
    command: Sequence[str], log: Path, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [tool_path("setpriv"), "--pdeathsig=KILL", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **(env or {})},
        )


@contextmanager
def joined(home: Path, sides: dict[str, tuple[str, Collection[str]]]) -> Iterator[list[Network]]:
    """Become the firewall between networks.

    Args:
        home: for logs.
        sides: name of a network, with the firewall's address there and those of its one machine;
            all with their length of prefix.
    """
    enter_user_namespace()
    _ip("link set lo up")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    with ExitStack() as stack:
        yield [
            stack.enter_context(_side(home, name, near, far)) for name, (near, far) in sides.items()
        ]


@contextmanager
def _side(home: Path, name: str, near: str, far: Collection[str]) -> Iterator[Network]:
    wait = "import sys; print('here', flush=True); sys.stdin.read()"
    keeper = subprocess.Popen(
        [tool_path("unshare"), "--net", sys.executable, "-c", wait],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == b"here\n"
        _ip(f"link add to-{name} type veth peer name wan netns {keeper.pid}")
        _ip(f"addr add {near} dev to-{name}")
        _ip(f"link set to-{name} up")
        setup = ["ip link set lo up", "ip link set wan up"]
        setup += [f"ip addr add {address} dev wan" for address in far]
        setup += [
            f"ip route add default via {near.partition('/')[0]}",
            "echo 0 0 > /proc/sys/net/ipv4/ping_group_range",
        ]
        network = Network(keeper.pid)
        log = home / f"{name}.log"
        with network.running(["sh", "-ec", "\n".join(setup)], log) as process:
            assert process.wait(STOP) == 0, log.read_text()
        yield network
    finally:
        keeper.communicate()


def _ip(command: str) -> None:
    subprocess.run([tool_path("ip"), *command.split()], check=True)


class Firewall:
    """What this machine lets pass: a policy, and rules before it that change."""

    def __init__(self, policy: str) -> None:
        self._policy = policy

    def does(self, *rules: str) -> float:
        """Have these rules before the policy from now on; returns the time before they took effect.

        Afterwards would be too late: on a busy machine the daemon may have met the new rules, and
        may have been scraped, before the time is taken.
        """
        asked = time.time()
        text = f"""
        table inet border
        delete table inet border
        table inet border {{ chain forward {{
            type filter hook forward priority 0; policy drop;
            {"; ".join(rules)}
            {self._policy}
        }}
        }}
        """
        subprocess.run([tool_path("nft"), "-f", "-"], input=text, text=True, check=True)
        return asked
