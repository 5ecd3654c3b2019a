"""A machine for tests: Debian 12 under a real systemd, in systemd-nspawn, on a network of its own.

It sees a read-only root file system through a layer in memory, so that each boot begins afresh,
and it is gone with all its processes and mounts when its ``systemd-nspawn`` ends.
"""

from __future__ import annotations

import fcntl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.requirements import require_tool

_BOOT = 60.0
_HALT = 20.0
"""Seconds."""

_ENVIRONMENT = ("PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8")


class Machine:
    """A booted machine."""

    def __init__(self, leader: int) -> None:
        self._enter = (
            *(require_tool("nsenter"), "--all", f"--target={leader}", "--wdns=/root"),
            *("env", "--ignore-environment", *_ENVIRONMENT),
        )

    def run(self, script: str, *, check: bool = True, seconds: float = 600) -> str:
        """What a shell script of root in the machine prints, on both outputs."""
        done = subprocess.run(
            [*self._enter, "bash", "-euo", "pipefail", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0 or not check, f"{script}\n{done.stdout}"
        return done.stdout.strip()

    def show(self, unit: str, name: str) -> str:
        """A property of a unit, such as ``ActiveState``."""
        return self.run(f"systemctl show --value --property={name} {unit}")

    def journal(self, unit: str) -> str:
        """All that a unit wrote, and what systemd says of it."""
        return self.run(f"journalctl --unit={unit} --no-pager --output=cat")


@contextmanager
def boot(root: Path, read_only: dict[Path, str], log: Path) -> Iterator[Machine]:
    """Boot a machine on a copy of ``root``, and end it at the end; only root can.

    Args:
        root: its root file system.
        read_only: directories of this machine, and where they appear in that one.
        log: where its console is written.
    """
    command = [
        # It ends with the test process, even when that is killed.
        *(require_tool("setpriv"), "--pdeathsig=KILL"),
        *(require_tool("systemd-nspawn"), f"--directory={root}", "--volatile=overlay", "--boot"),
        *("--register=no", "--keep-unit", "--private-network", "--console=pipe"),
        "--system-call-filter=bpf",
        *(f"--bind-ro={source}:{place}" for source, place in read_only.items()),
    ]
    with log.open("w") as console, (root.parent / "machine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # systemd-nspawn lets a directory be booted once at a time
        container = subprocess.Popen(
            command,
            # Only cgroup v2 has the filter behind IPAddressDeny=.
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _booted(container, log)
        finally:
            container.terminate()  # which halts the machine
            try:
                container.wait(_HALT)
            except subprocess.TimeoutExpired:
                container.kill()
                container.wait()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 180) -> None:
    """Wait until ``condition`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)


def _booted(container: subprocess.Popen[bytes], log: Path) -> Machine:
    machine: Machine | None = None

    def has_booted() -> bool:
        nonlocal machine
        assert container.poll() is None, log.read_text()
        children = Path(f"/proc/{container.pid}/task/{container.pid}/children").read_text()
        for leader in map(int, children.split()):
            machine = Machine(leader)
            if machine.run("systemctl is-system-running", check=False) == "running":
                return True
        return False

    wait_until(has_booted, f"boot; see {log}", _BOOT)
    assert machine is not None
    return machine
