"""Two Prometheis and two Alertmanagers by the files that are shipped for a pair, sooner."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.harness import alertmanager
from tests.harness.ports import free_port
from tests.harness.processes import process
from tests.harness.prometheus import SHIPPED, Prometheus
from tests.harness.requirements import require_tool

SOON = "2s"
"""Between two scrapes and two evaluations, and how long alerts wait or are kept."""

RULES = ("recording.yml", "causes.yml", "alarms.yml")
PATIENCE = 120.0


def _address() -> str:
    return f"127.0.0.1:{free_port()}"


@dataclass
class Machine:
    """One of the two.

    Attributes:
        home: of its files.
        prometheus: host:port of its Prometheus.
        alertmanager: host:port of its Alertmanager.
        cluster: host:port where the other Alertmanager reaches this one.
    """

    name: str
    home: Path
    prometheus: str = field(default_factory=_address)
    alertmanager: str = field(default_factory=_address)
    cluster: str = field(default_factory=_address)

    def ask(self) -> Prometheus:
        """Its Prometheus."""
        return Prometheus(f"http://{self.prometheus}")


@dataclass
class Pair:
    """Both machines and what runs on them, by ``prometheus`` or ``alertmanager`` and name."""

    machines: dict[str, Machine]
    stack: ExitStack
    running: dict[tuple[str, str], subprocess.Popen[bytes]] = field(default_factory=dict)

    def kill(self, what: str, name: str) -> None:
        """As a power loss does."""
        self.running[what, name].send_signal(signal.SIGKILL)
        self.running[what, name].wait(30)

    def begin(self, what: str, name: str) -> None:
        """Start it, or start it again with what it kept."""
        machine = self.machines[name]
        (other,) = (each for each in self.machines.values() if each is not machine)
        home = machine.home / what
        if what == "alertmanager":
            listen = machine.alertmanager
            command = alertmanager.command(home, listen, machine.cluster, other.cluster)
        else:
            listen = machine.prometheus
            command = _prometheus(home, listen)
        words = [str(word) for word in command]
        entered = process(words, home, lambda: alertmanager.is_ready(listen), PATIENCE)
        self.running[what, name] = self.stack.enter_context(entered)


@contextmanager
def watching(home: Path, collector: str, receivers: str) -> Iterator[Pair]:
    """Both machines watch the collector at this address; all receivers are at the other."""
    machines = {name: Machine(name, home / name) for name in "ab"}
    with ExitStack() as stack:
        pair = Pair(machines, stack)
        for machine in machines.values():
            (machine.home / "alertmanager").mkdir(parents=True)
            configuration = alertmanager.hooked(receivers, alertmanager.SOONER)
            alertmanager.write(machine.home / "alertmanager", configuration)
            _write_prometheus(machine.home / "prometheus", machines, collector)
            pair.begin("alertmanager", machine.name)
        for name in machines:
            pair.begin("prometheus", name)
        yield pair


def _write_prometheus(home: Path, machines: dict[str, Machine], collector: str) -> None:
    (home / "rules").mkdir(parents=True)
    configuration = _read(SHIPPED / "pair" / "prometheus.yml")
    configuration["global"] = {
        "scrape_interval": SOON,
        "scrape_timeout": SOON,
        "evaluation_interval": SOON,
    }
    (to,) = configuration["alerting"]["alertmanagers"]
    to["static_configs"] = [{"targets": [each.alertmanager for each in machines.values()]}]
    jobs = {job["job_name"]: job for job in configuration["scrape_configs"]}
    for name in ("netwatch", "netwatch-devices"):
        jobs[name]["static_configs"][0]["targets"] = [collector]
    for what in ("prometheus", "alertmanager"):
        for each in jobs[what]["static_configs"]:
            each["targets"] = [getattr(machines[each["labels"]["instance"]], what)]
    (home / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    for name in RULES:
        rules = _read(SHIPPED / "rules" / name)
        for group in rules["groups"]:
            group["interval"] = SOON
            for rule in group["rules"]:
                rule |= {key: SOON for key in ("for", "keep_firing_for") if key in rule}
        (home / "rules" / name).write_text(yaml.safe_dump(rules), encoding="utf-8")


def _prometheus(home: Path, listen: str) -> list[str | Path]:
    return [
        require_tool("prometheus"),
        f"--config.file={home}/prometheus.yml",
        f"--storage.tsdb.path={home}/data",
        f"--web.listen-address={listen}",
    ]


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
