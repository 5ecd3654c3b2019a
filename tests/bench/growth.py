"""How each cost grows with the sites: ``python -m tests.bench.growth [SITES …]``. Ends by itself.

The whole daemon in a process and a network of its own for each number of sites, which is then cut
in half, and made blind. Costs are CPU of that process. The exponent is that of the power of the
number of sites by which a cost grows: 1 is linear, 2 quadratic.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tests.bench.table import row
from tests.harness.exponent import MAX_EXPONENT, exponent

SITES = (300, 3_000, 12_000, 30_000)

MAX_HELD = 0.02
"""Seconds for which a step may hold the event loop with 12 000 sites."""

Figures = Mapping[str, float]
"""Seconds by what was done: ``start`` is CPU, ``start held`` the longest step."""


def main(sizes: Sequence[int]) -> None:
    """Measure every size, then print a row for each cost."""
    found = {sites: measured(sites) for sites in sizes}
    for cost in found[sizes[0]]:
        costs = {sites: figures[cost] for sites, figures in found.items()}
        figures = " / ".join(_figure(cost, value) for value in costs.values())
        row(cost, figures, "" if cost.endswith("held") else _judged(costs))


def measured(sites: int) -> Figures:
    """The figures of one daemon."""
    command = [sys.executable, "-m", "tests.bench.growing", str(sites)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, float] = json.loads(answer.splitlines()[-1])
    print(f"{sites} sites: {figures}", file=sys.stderr, flush=True)
    return figures


def _figure(cost: str, value: float) -> str:
    return f"{value * 1e3:.0f} ms" if cost.endswith("held") else f"{value:.3f}"


def _judged(costs: Mapping[int, float]) -> str:
    power = exponent(costs)
    if power is None:
        return ""
    return f"exponent {power:.2f}{': a fault' if power > MAX_EXPONENT else ''}"


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SITES)
