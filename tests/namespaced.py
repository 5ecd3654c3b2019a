"""Programs of the tests that need a network of their own, with a firewall in it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.tools import require_namespaces, require_tool


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
