"""Programs that a test runs: real servers on loopback addresses, and others that write a log."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.harness.requirements import require_tool


@contextmanager
def program(
    command: Sequence[str | Path],
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a program that writes into a log; it is asked to end, and waited for."""
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=cwd, env=env)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def process(
    command: list[str], directory: Path, ready: Callable[[], bool], patience: float = 15.0
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server until the block ends; what it says goes to `directory`/log."""
    log = directory / "log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"HOME": str(directory), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
    try:
        end = time.monotonic() + patience
        while not ready():
            said = log.read_text(errors="replace")[-2000:]
            assert running.poll() is None, f"{command[0]} ended: {said}"
            assert time.monotonic() < end, f"{command[0]} is not ready: {said}"
            time.sleep(0.05)
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def certify(directory: Path) -> None:
    """Puts key.pem and cert.pem, which nobody trusts, into a directory."""
    new = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "2"]
    command = [require_tool("openssl"), *new, "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


def is_bound(address: str, port: int, protocol: str) -> bool:
    """Whether some process holds a socket of /proc/net/`protocol` at an IPv4 address."""
    packed = "".join(f"{int(part):02X}" for part in reversed(address.split(".")))
    lines = Path(f"/proc/net/{protocol}").read_text().splitlines()[1:]
    return any(line.split()[1] == f"{packed}:{port:04X}" for line in lines)
