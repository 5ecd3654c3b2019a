"""Prints the rows of docs/benchmarks.md: each part is a module of its own, and can be run alone."""

from __future__ import annotations

import subprocess
import sys

PARTS = (
    *("echoes", "endurance", "snmp", "flows", "media", "rootcause", "meetings"),
    *("pages", "renderer", "page", "crowd", "report", "dashboards", "imports"),
    "discovery",
)


def main() -> None:
    """Run every measurement, one after the other, so that none disturbs another."""
    print("| what | figure | beside |\n|---|---|---|", flush=True)
    for part in PARTS:
        subprocess.run([sys.executable, "-m", f"tests.bench.{part}"], check=True)


if __name__ == "__main__":
    main()
