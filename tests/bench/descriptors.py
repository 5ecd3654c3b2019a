"""3 000 checks of a daemon that may open 64 descriptors: ``python -m tests.bench.descriptors``.

1 500 servers take connections and say nothing: one check of each is over at once, the other one
holds a descriptor until its timeout, so that 50 are wanted at any moment where 32 may be had.
"""

from __future__ import annotations

import re
import resource
import socket
import time
from collections import Counter
from contextlib import ExitStack
from statistics import median

from tests.bench.table import row
from tests.harness.daemon import Daemon, address, inventory, running
from tests.harness.ports import free_port

ALLOWED = 64
SERVERS = 1500
INTERVAL = 30.0
ROUNDS = 8

CHECKS = (
    "{{probe: tcp, port: {0}, interval: {1:g}s, timeout: 1s}}, "
    "{{probe: smtp, port: {0}, interval: {1:g}s, timeout: 1s}}"
)
RESULTS = re.compile(
    r'^netwatch_probe_results_total{outcome="(.+)",probe="(.+)",site="(.+)",target=".+"} (\S+)$',
    re.MULTILINE,
)


def main() -> None:
    """Print the rows."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * SERVERS, 2 * SERVERS))
    port = free_port()
    with ExitStack() as open_:
        for number in range(SERVERS):
            place = address(number), port
            open_.enter_context(socket.create_server(place, backlog=4 * ROUNDS))
        wrap = ["/usr/bin/prlimit", f"--nofile={ALLOWED}:{ALLOWED}"]
        text = inventory(SERVERS, CHECKS.format(port, INTERVAL))
        daemon = open_.enter_context(running(text, wrap))
        time.sleep(INTERVAL)
        measured, refused = results(daemon)
        time.sleep(ROUNDS * INTERVAL)
        now, left_out = results(daemon)
        memory = daemon.usage().memory
    each = [now[check] - measured[check] for check in now]
    what = f"{2 * SERVERS} checks every {INTERVAL:.0f} s, {ALLOWED} descriptors, {ROUNDS} rounds"
    row(f"{what}: times that a check was measured", f"{min(each)} to {max(each)}", "")
    row("the same: half of the checks at least", f"{median(each):g}", "")
    total = left_out.total() - refused.total()
    row("the same: slots that were not measured", f"{total} of {sum(each) + total}", "")
    row("the same: memory", f"{memory / 2**20:.0f} MiB", "")


def results(daemon: Daemon) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """How often each check was measured, and how often not."""
    measured, refused = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for outcome, probe, site, value in RESULTS.findall(daemon.get("/metrics")):
        (refused if outcome == "invalid" else measured)[site, probe] += int(float(value))
    return measured, refused


if __name__ == "__main__":
    main()
