"""What system tests need from the machine: skipped where absent, a failure in CI. And patience."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

IN_CI = os.environ.get("CI") == "true"


def require(available: object, what: str) -> None:
    """Skip the test when `what` is not available; in CI, where nothing may be skipped, fail."""
    if available:
        return
    if IN_CI:
        pytest.fail(f"CI must provide {what}")
    pytest.skip(f"needs {what}")


def require_tool(name: str) -> str:
    """Path of a program."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    require(path, name)
    assert path is not None
    return path


def require_root() -> None:
    require(os.geteuid() == 0, "root")


def require_namespaces() -> None:
    """The two-sided lab."""
    ask = "from netwatch.lab.stage import why_not; print(why_not())"
    refusal = subprocess.check_output([sys.executable, "-c", ask], text=True).strip()
    require(not refusal, f"user namespaces ({refusal})")


def free_port() -> int:
    """A TCP port of 127.0.0.1 where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


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


def eventually(question: Callable[[], T | None], patience: float = 20.0, pause: float = 0.05) -> T:
    """The first answer that is not false.

    Args:
        question: asked again and again.
        patience: seconds after which it fails.
        pause: seconds between two questions.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(pause)
    raise AssertionError(f"it did not happen within {patience} s")
