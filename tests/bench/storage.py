"""What a year of the shipped province takes on Prometheus' disk, from some minutes of the demo.

``python -m tests.bench.storage [MINUTES]``: 60 when nothing is said; at least 20, for a block is
only written after 15. The configuration is the shipped one, its intervals too.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.bench.table import row
from tests.harness.demo import playing
from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.prometheus import SHIPPED, Prometheus
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

ROOT = SHIPPED.parents[1]
YEAR = 365 * 86400
BLOCK = "10m"
"""As long as a block is; 2 h as shipped, which packs better: a chunk has 120 samples at most."""

BLOCKS_A_YEAR = 13
"""Each with an index, once they are compacted to a tenth of the 400 days, 31 days at most."""


@contextmanager
def watching(home: Path) -> Iterator[Prometheus]:
    """The demo with its faults, and a Prometheus that reads it and itself."""
    faults = (ROOT / "config" / "lab" / "demo-faults.yaml").read_text(encoding="utf-8")
    (home / "faults.yaml").write_text(faults, encoding="utf-8")
    listen = f"127.0.0.1:{free_port()}"
    with playing(home, ROOT / "config" / "inventory", {"NETWATCH_STATE_DIR": str(home)}) as demo:
        shipped = yaml.safe_load((SHIPPED / "prometheus.yml").read_text(encoding="utf-8"))
        shipped["rule_files"] = [str(SHIPPED / "rules" / "*.yml")]
        # There is no Alertmanager here.
        jobs = [job for job in shipped["scrape_configs"] if job["job_name"] != "alertmanager"]
        shipped["scrape_configs"] = jobs
        for job in jobs:
            to = demo.listen if job["job_name"].startswith("netwatch") else listen
            job["static_configs"][0]["targets"] = [to]
        (home / "prometheus.yml").write_text(yaml.safe_dump(shipped), encoding="utf-8")
        command = [
            require_tool("prometheus"),
            f"--config.file={home}/prometheus.yml",
            f"--storage.tsdb.path={home}/data",
            f"--storage.tsdb.min-block-duration={BLOCK}",
            f"--web.listen-address={listen}",
        ]
        log = home / "prometheus.log"
        with program(command, log):
            eventually(lambda: "Server is ready" in log.read_text())
            yield Prometheus(f"http://{listen}")


def written(data: Path) -> tuple[float, float]:
    """Octets of chunks a sample, and of the index a series, in the blocks that were written."""
    chunks = index = samples = series = 0
    for meta in data.glob("*/meta.json"):
        stats = json.loads(meta.read_text(encoding="utf-8"))["stats"]
        samples, series = samples + stats["numSamples"], series + stats["numSeries"]
        chunks += sum(path.stat().st_size for path in (meta.parent / "chunks").iterdir())
        index += (meta.parent / "index").stat().st_size
    return chunks / samples, index / series


def value(prometheus: Prometheus, expr: str) -> float:
    """Of the only series that an expression has."""
    (found,) = prometheus.now(expr)
    return float(found["value"][1])


def main(minutes: int) -> None:
    """Measure, and print the rows of docs/benchmarks.md."""
    with TemporaryDirectory() as name, watching(Path(name)) as prometheus:
        time.sleep(60 * minutes)
        a_sample, of_index = written(Path(name) / "data")
        range_ = f"{minutes - 5}m"
        a_second = value(
            prometheus, f"sum(rate(prometheus_tsdb_head_samples_appended_total[{range_}]))"
        )
        scraped = value(prometheus, 'sum(scrape_samples_scraped{job="netwatch"}) / 15')
        series = value(prometheus, "sum(prometheus_tsdb_head_series)")
        memory = value(
            prometheus,
            f'max_over_time(process_resident_memory_bytes{{job="prometheus"}}[{range_}])',
        )
        busy = "prometheus_rule_group_last_duration_seconds"
        rules = value(prometheus, f"sum({busy} / prometheus_rule_group_interval_seconds)")
        families = prometheus.now("topk(12, count by (__name__, job) ({job=~'netwatch.*'}))")
    row("281 sites, shipped classes: series; samples a second", f"{series:.0f}; {a_second:.0f}")
    row("the same if all of the page were stored at each scrape", f"{scraped:.0f} samples a second")
    row("octets of chunks a sample; of the index a series", f"{a_sample:.2f}; {of_index:.0f}")
    year = a_sample * a_second * YEAR + of_index * series * BLOCKS_A_YEAR
    row("**a year of 300 sites**, GB", f"{year * 300 / 281 / 1e9:.0f}")
    row("Prometheus: resident memory at the most, MB", f"{memory / 1e6:.0f}", f"{minutes} min")
    row("share of one core's time in which rules are evaluated", f"{rules:.3f}")
    for family in families:
        metric = family["metric"]
        row(f"series of `{metric['__name__']}`", family["value"][1], metric["job"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
