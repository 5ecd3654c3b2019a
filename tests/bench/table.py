"""The rows of docs/benchmarks.md."""

from __future__ import annotations


def row(what: str, figure: str, of: str = "") -> None:
    """Print what was measured as soon as it is known."""
    print(f"| {what} | {figure} | {of} |", flush=True)
