"""What tests need from the machine: skipped where it is absent, a failure in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

import pytest

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
    refusal = _why_no_namespaces()
    require(not refusal, f"user namespaces ({refusal})")


@cache
def _why_no_namespaces() -> str:
    """The reason, or nothing; asked in a process of its own, which enters them to find out."""
    ask = "from netwatch.lab.processes import missing_support; print(missing_support())"
    return subprocess.check_output([sys.executable, "-c", ask], text=True).strip()
