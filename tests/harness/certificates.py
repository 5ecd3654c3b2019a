"""Certificates as config/vantage/certificates.sh makes them; docs/vantages.md tells how."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.harness.requirements import require_tool

SCRIPT = Path(__file__).parents[2] / "config" / "vantage" / "certificates.sh"


def make(directory: Path, host: str, *vantages: str) -> Path:
    """An authority, the gate's certificate for this host, and one for each vantage."""
    require_tool("openssl")
    directory.mkdir()
    steps = [["authority"], ["request", "gate"], ["centre", "gate", host]]
    for vantage in vantages:
        steps += [["request", vantage], ["vantage", vantage]]
    for step in steps:
        subprocess.run([SCRIPT, *step], cwd=directory, check=True, capture_output=True)
    return directory


def renew(directory: Path) -> None:
    """A new key and certificate of the same authority."""
    for step in (["request", "gate"], ["centre", "gate", "127.0.0.1"]):
        subprocess.run([SCRIPT, *step], cwd=directory, check=True, capture_output=True)
