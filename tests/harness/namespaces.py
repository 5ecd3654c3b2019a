"""Programs of the tests that need a network of their own, with a firewall in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

from tests.harness.requirements import require_namespaces, require_tool


def told_by(module: str) -> dict[str, Any]:
    """What a program that enters its own namespaces prints last, as JSON."""
    require_tool("nft")
    require_tool("ip")
    require_namespaces()
    command = [sys.executable, "-m", module]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def tool_path(name: str) -> str:
    """Path of a program of Debian's, where PATH may lack the folders of the administrator."""
    path = shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    assert path is not None
    return path
