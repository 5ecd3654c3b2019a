"""What reloads cost: ``python -m tests.bench.reloads [RELOADS]``, one a second, 300 sites."""

from __future__ import annotations

import re
import signal
import sys
import time

from tests.harness.daemon import inventory, running

TARGETS = 602
INTERVAL = 5.0


def slots(page: str) -> dict[str, float]:
    """How many slots of echoes were run, late and skipped."""
    found = re.findall(r'^netwatch_slots_total\{.*outcome="(\w+)".*\} (\S+)$', page, re.MULTILINE)
    return {outcome: float(value) for outcome, value in found}


def main(reloads: int) -> None:
    """Reload the same files again and again, and print what became of the slots meanwhile."""
    check = f"{{probe: icmp, interval: {INTERVAL:g}s, timeout: 2s}}"
    with running(inventory(TARGETS, check, 2)) as daemon:
        time.sleep(INTERVAL)
        before, cpu, began = slots(daemon.get("/metrics")), daemon.usage().cpu, time.monotonic()
        for _ in range(reloads):
            daemon.process.send_signal(signal.SIGHUP)
            time.sleep(1.0)
        after = slots(daemon.get("/metrics"))
        due = TARGETS * (time.monotonic() - began) / INTERVAL
        told = ", ".join(f"{key} {after[key] - before.get(key, 0.0):.0f}" for key in sorted(after))
        print(f"{reloads} reloads: {told} of {due:.0f}; {daemon.usage().cpu - cpu:.1f} s of CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
