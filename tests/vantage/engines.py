"""Real Prometheus processes with the configuration and the flags that are shipped, in less time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.harness.prometheus import Prometheus
from tests.harness.waiting import eventually
from tests.vantage.network import Network

ROOT = Path(__file__).parents[2]

FASTER = 360
"""How much faster time goes for what is kept and for how long: three hours are half a minute."""

SCRAPES = {"scrape_interval": "500ms", "scrape_timeout": "500ms"}
"""Only 30 times faster, for the daemon's sake."""

FEWER = FASTER // 30
"""So there are as many times fewer samples, and the agent keeps as many times fewer in memory."""

_HOURS = {"h": 1, "d": 24}

Samples = dict[str, list[tuple[float, str]]]
"""Of each series, by its labels: every time and value."""


@dataclass(frozen=True)
class Engine:
    """A Prometheus that can be started again on what it has kept.

    Attributes:
        network: where it runs.
        home: its files.
        listen: ``address:port``.
        flags: besides those that say this.
    """

    network: Network
    home: Path
    listen: str
    flags: tuple[str, ...]

    def write(self, configuration: dict[str, Any]) -> None:
        """Give it its configuration."""
        self.home.mkdir()
        (self.home / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")

    @contextmanager
    def running(self) -> Iterator[Prometheus]:
        """From when it is ready to the end of the block."""
        log = self.home / "log"
        log.touch()
        before = log.read_text().count("Server is ready")
        where = f"--config.file={self.home}/prometheus.yml", f"--web.listen-address={self.listen}"
        with self.network.running(["prometheus", *where, *self.flags], log) as process:

            def ready() -> bool:
                assert process.poll() is None, log.read_text()
                return log.read_text().count("Server is ready") > before

            eventually(ready)
            yield Prometheus(f"http://{self.listen}")


def centre(network: Network, home: Path, listen: str, netwatch: str) -> Engine:
    """The Prometheus of the centre: what is shipped, without the rules and their receivers."""
    engine = Engine(
        network,
        home,
        listen,
        (
            f"--storage.tsdb.path={home}/data",
            # What is older than half of this is out of order; the default is not written anywhere.
            f"--storage.tsdb.min-block-duration={_sooner('2h')}",
            *_flags("drop-ins/prometheus-centre.conf", "--web.enable"),
        ),
    )
    shipped = _read("config/prometheus/prometheus.yml")
    shipped["global"] = dict(SCRAPES)
    del shipped["alerting"], shipped["rule_files"]
    shipped["scrape_configs"][0]["static_configs"] = [{"targets": [netwatch]}]
    tsdb = shipped["storage"]["tsdb"]
    tsdb["out_of_order_time_window"] = _sooner(tsdb["out_of_order_time_window"])
    engine.write(shipped)
    return engine


def reference(network: Network, home: Path, listen: str) -> Engine:
    """Takes all that an agent beside it writes, and is never away."""
    flags = f"--storage.tsdb.path={home}/data", "--web.enable-remote-write-receiver"
    engine = Engine(network, home, listen, flags)
    engine.write({})
    return engine


def agent(network: Network, home: Path, listen: str, **ends: Any) -> Engine:
    """The agent of a vantage: what is shipped, and besides the centre a reference to write to.

    Args:
        network: the vantage's.
        home: its files.
        listen: for its own metrics.
        **ends: ``netwatch``, the daemon's address; ``centre``, ``tls`` and ``reference``, where to
            write to and how.
    """
    flags = _flags("netwatch-agent.service", "--enable|--storage.agent.(?!path)")
    engine = Engine(network, home, listen, (f"--storage.agent.path={home}/data", *flags))
    shipped = _read("config/vantage/prometheus.yml")
    shipped["global"] |= SCRAPES
    shipped["scrape_configs"][0]["static_configs"] = [{"targets": [ends["netwatch"]]}]
    [write] = shipped["remote_write"]
    write |= {"url": ends["centre"], "tls_config": write["tls_config"] | ends["tls"]}
    queue = write["queue_config"]
    queue |= {key: queue[key] // FEWER for key in ("capacity", "max_samples_per_send")}
    second = {key: write[key] for key in ("write_relabel_configs", "metadata_config")}
    prompt = {"queue_config": {"batch_send_deadline": "500ms"}}
    shipped["remote_write"].append(
        second | prompt | {"name": "reference", "url": ends["reference"]}
    )
    engine.write(shipped)
    return engine


def samples(store: Prometheus, selector: str, begin: float, end: float) -> Samples:
    """Everything of these series between two moments (Unix seconds)."""
    length = f"{(end - begin) * 1000:.0f}ms"
    found = store.get("query", query=f"{selector}[{length}]", time=f"{end:.3f}")["result"]
    return {
        " ".join(f"{key}={value}" for key, value in sorted(series["metric"].items())): [
            (at, value) for at, value in series["values"]
        ]
        for series in found
    }


def _flags(unit: str, which: str) -> list[str]:
    """Flags of a shipped unit that begin so; durations are as many times shorter."""
    text = (ROOT / "systemd" / unit).read_text(encoding="utf-8")
    found = re.findall(rf"((?:{which})[^\s=]*)(?:=(\S+))?", text)
    assert found, f"{unit} has no {which}"
    return [f"{name}={_sooner(value)}" if value else name for name, value in found]


def _sooner(value: str) -> str:
    """A duration of hours or days, as many times shorter; what is none as it is."""
    match = re.fullmatch(r"(\d+)([hd])", value)
    return f"{int(match[1]) * _HOURS[match[2]] * 3600 // FASTER}s" if match else value


def _read(path: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return content
