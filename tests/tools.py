"""What system tests need from the machine: skipped where absent, a failure in CI."""

from __future__ import annotations

import os
import shutil

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
