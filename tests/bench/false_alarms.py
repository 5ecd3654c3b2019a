"""How often a sound line would be called down: ``python -m tests.bench.false_alarms [ECHOES]``.

Losses are independent (5 % of echoes), or come in bursts: a line that is silent 5 % of the time,
for exponential times of mean D (Gilbert and Elliott, in continuous time). For each rule, the chance
that a regular echo begins a false ``down`` is computed, and simulated from bursts that have begun.
With ECHOES, so many echoes go through the state table itself, in virtual time.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from itertools import pairwise
from math import exp

import numpy as np

from netwatch.core.state import State
from tests.bench.table import row
from tests.harness.failing_network import Key, Network, Watch, slots

LOSS = 0.05
BURSTS = (0.1, 0.3, 0.5, 1.0)
"""Mean seconds of a burst."""

TRIALS = 2_000_000

OLD = (0.0, 5.0, 10.0, 15.0, 20.0)
RETRY = (0.0, 1.0, 2.0, 3.0, 4.0)
SUSPICION = (0.0, 0.3, 1.1, 1.9, 2.7, 3.5, 4.3, 5.1, 5.9)
"""Seconds from the regular echo to each one that must be lost: the question at the first late
echo, then one each two ticks, until 8 are lost over 5.5 s."""

RULES = {"5 slots of 5 s": OLD, "5 × 1 s": RETRY, "8 over 5.5 s": SUSPICION}


def computed(offsets: tuple[float, ...], burst: float | None) -> float:
    """The chance that an echo is lost and all after it, by their offsets in seconds."""
    if burst is None:
        return LOSS ** len(offsets)
    chance, memory = LOSS, burst * (1 - LOSS)
    for before, after in pairwise(offsets):
        chance *= LOSS + (1 - LOSS) * exp(-(after - before) / memory)
    return chance


def simulated(offsets: tuple[float, ...], burst: float | None) -> float:
    """The same, from ``TRIALS`` bursts of which the first echo is known to be lost."""
    chance = np.random.default_rng(1)
    alive = np.ones(TRIALS, np.bool_)
    calm = 0.0 if burst is None else burst * (1 - LOSS) / LOSS
    ends = np.zeros(TRIALS) if burst is None else chance.exponential(burst, TRIALS)
    for offset in offsets[1:]:
        if burst is None:
            alive &= chance.random(TRIALS) < LOSS
            continue
        # Where the burst is over, go on through calm and burst until past this echo.
        while (over := np.flatnonzero(alive & (ends <= offset))).size:
            begins = ends[over] + chance.exponential(calm, over.size)
            alive[over] = begins <= offset
            ends[over] = begins + chance.exponential(burst, over.size)
    return LOSS * float(alive.mean())


def measured(echoes: int, burst: float | None) -> tuple[int, int, float]:
    """Echoes sent, targets that went down, and echoes beyond the slots as a share of those in them.

    Five lines, with two devices behind each, lose echoes; nothing is really cut.
    """
    network = Network([0] * 5, [], [1] + [2] * 5, canaries=("s0/codec-0",))
    keys = list(network.keys())
    intervals = [5.0 if key[1] == "router" else 10.0 for key in keys]
    chance = random.Random(7)  # noqa: S311
    watched = Watch(
        network, slots(network, [chance.random() for _ in keys], intervals), by_rows=True
    )
    watched.set_down_after(5)
    watched.run(60)
    watched.loses = independent(chance) if burst is None else bursts(chance, burst)
    rate, down = sum(1 / interval for interval in intervals), 0
    for _ in range(max(1, round(echoes / rate / 100))):
        watched.run(100)
        down += sum(state in {State.DOWN, State.UNREACHABLE} for state in watched.states().values())
    slots_passed = rate * (watched.now - 60)
    return round(slots_passed), down, sum(watched.asked.values()) / slots_passed


def independent(chance: random.Random) -> Callable[[Key, float], bool]:
    """Loses each echo by itself."""
    return lambda _key, _due: chance.random() < LOSS


def bursts(chance: random.Random, burst: float) -> Callable[[Key, float], bool]:
    """Loses all echoes to a site while its line is silent."""
    calm = burst * (1 - LOSS) / LOSS
    spans: dict[str, tuple[float, float]] = {}

    def loses(key: Key, due: float) -> bool:
        begin, end = spans.get(key[0], (0.0, 0.0))
        while end < due:
            begin = end + chance.expovariate(1 / calm)
            end = begin + chance.expovariate(1 / burst)
        spans[key[0]] = begin, end
        return begin <= due

    return loses


def main() -> None:
    """Print the table."""
    for name, offsets in RULES.items():
        for burst in (None, *BURSTS):
            kind = "independent" if burst is None else f"bursts of {burst:g} s"
            by_chance = simulated(offsets, burst)
            row(f"{name}, {kind}", f"{computed(offsets, burst):.0e}", f"{by_chance:.1e} simulated")
    if len(sys.argv) > 1:
        for burst in (None, 0.3):
            kind = "independent" if burst is None else f"bursts of {burst:g} s"
            echoes, down, extra = measured(int(sys.argv[1]), burst)
            row(f"{echoes} echoes, {kind}", f"{down} down", f"{extra:+.1%} echoes")


if __name__ == "__main__":
    main()
