"""What the rules of months cost Prometheus, with three days behind them that they look back on.

``python -m tests.bench.months [SITES]``: 1 200 when nothing is said.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.table import row
from tests.harness.ports import free_port
from tests.harness.prometheus import Prometheus, launched
from tests.harness.requirements import require_tool
from tests.harness.shipped_rules import DIRECTORY, read

EVERY = 240
DAYS = 3
TRIES = 5
TIMES = ("available", "lost", "maintenance")
CPU = "process_cpu_seconds_total"


def lines(sites: int, now: int) -> Iterator[str]:
    """What the rules have recorded, as OpenMetrics."""
    month = time.strftime("%Y-%m", time.gmtime(now + 25200))
    moments = range(now - DAYS * 86400, now, EVERY)
    for at in moments:
        yield f'instance:netwatch_month_read:timestamp{{instance="a"}} {at} {at}\n'
    for site in range(sites):
        for what in TIMES:
            own = f'instance="a",site="s{site}",time="{what}"'
            sums = f"site:netwatch_counted_seconds:sum{{{own}}}"
            by_month = f'site:netwatch_month_seconds:sum{{{own},tier="c",month="{month}"}}'
            for at in moments:
                yield f"{sums} {at % 10**7} {at}\n"
                yield f"{by_month} {at % 10**6} {at}\n"
    yield "# EOF\n"


def processor_time(prometheus: Prometheus) -> float:
    """Seconds that it has used."""
    (found,) = (
        line for line in prometheus.own_metrics().splitlines() if line.startswith(f"{CPU} ")
    )
    return float(found.split()[1])


def main(sites: int) -> None:
    """Ask for what the rules ask for, and print what that took."""
    now = int(time.time()) // EVERY * EVERY
    (group,) = read(DIRECTORY / "rules" / "months.yml")["groups"]
    with TemporaryDirectory() as name:
        home = Path(name)
        with (home / "past").open("w", encoding="utf-8") as out:
            out.writelines(lines(sites, now))
        command = [require_tool("promtool"), "tsdb", "create-blocks-from", "openmetrics"]
        subprocess.run(
            [*command, home / "past", home / "data"], check=True, stdout=subprocess.DEVNULL
        )
        (home / "prometheus.yml").write_text("{}\n", encoding="utf-8")
        with launched(home, f"127.0.0.1:{free_port()}") as prometheus:
            before = processor_time(prometheus)
            for _ in range(TRIES):
                for rule in group["rules"]:
                    prometheus.get("query", query=rule["expr"], time=str(now - 60))
            used = (processor_time(prometheus) - before) / TRIES
    row(f"Rules of months, {sites} sites: CPU an evaluation", f"{used:.2f} s", f"every {EVERY} s")
    row(
        "the same as a share of one core",
        f"{used / EVERY:.2%}",
        f"12 000 sites: × {12000 / sites:g}",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1200)
