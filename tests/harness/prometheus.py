"""A real Prometheus with the configuration that is shipped, in less time."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

SHIPPED = Path(__file__).parents[2] / "config" / "prometheus"
EVERY = "2s"
"""Between two scrapes, and between two evaluations of a rule."""

PATIENCE = "10s"
"""The longest that an alert waits before it fires; only those of ``AS_SHIPPED`` wait longer."""

AS_SHIPPED = ("NetwatchLinkDown", "NetwatchSeriesMissing")
"""Alerts whose time is measured, or that would fire while the daemon begins."""

_UNITS = {"s": 1, "m": 60, "h": 3600}


class Prometheus:
    """A running Prometheus."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its API.

        Raises:
            AssertionError: Prometheus refused; the message says why.
        """
        try:
            address = f"{self.url}/api/v1/{path}?{urlencode(parameters)}"
            with urlopen(address, timeout=120) as answer:
                return json.load(answer)["data"]
        except HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from None

    def now(self, expr: str) -> list[dict[str, Any]]:
        """The series of an instant query: ``metric`` and ``value`` of each."""
        data = self.get("query", query=expr)
        if data["resultType"] == "scalar":
            return [{"metric": {}, "value": data["result"]}]
        found: list[dict[str, Any]] = data["result"]
        return found

    def over_time(self, expr: str, seconds: float, step: str) -> list[dict[str, Any]]:
        """The series of a range query over the last seconds: ``metric`` and ``values`` of each."""
        end = time.time()
        data = self.get(
            "query_range", query=expr, start=str(end - seconds), end=str(end), step=step
        )
        found: list[dict[str, Any]] = data["result"]
        return found

    def own_metrics(self) -> str:
        """The page of its own metrics, as it is now and not as it was scraped."""
        with urlopen(f"{self.url}/metrics", timeout=60) as answer:
            page: str = answer.read().decode()
        return page

    def firing(self, alert: str) -> list[dict[str, str]]:
        """Labels of every alert of this name that fires now."""
        alerts = self.get("alerts")["alerts"]
        return [
            each["labels"]
            for each in alerts
            if each["labels"]["alertname"] == alert and each["state"] == "firing"
        ]

    def has_fired(self, alert: str) -> list[dict[str, str]]:
        """Labels of every alert of this name that fires or has fired."""
        fired = f'count_over_time(ALERTS{{alertname="{alert}",alertstate="firing"}}[30m])'
        return [series["metric"] for series in self.now(fired)]


@contextmanager
def running(directory: Path, netwatch: str) -> Iterator[Prometheus]:
    """Run Prometheus beside the netwatch at this address (host:port)."""
    write_configuration(directory, [netwatch, f"127.0.0.1:{free_port()}"])
    with launched(directory, f"127.0.0.1:{free_port()}") as prometheus:
        yield prometheus


@contextmanager
def launched(directory: Path, listen: str, *arguments: str) -> Iterator[Prometheus]:
    """Run Prometheus at an address (host:port) with the ``prometheus.yml`` of this directory."""
    log = directory / "prometheus.log"
    command = [
        require_tool("prometheus"),
        f"--config.file={directory}/prometheus.yml",
        f"--storage.tsdb.path={directory}/data",
        f"--web.listen-address={listen}",
        *arguments,
    ]
    with program(command, log):
        eventually(lambda: "Server is ready" in log.read_text())
        yield Prometheus(f"http://{listen}")


def write_configuration(directory: Path, targets: list[str]) -> None:
    """The shipped configuration with other targets and shorter times."""
    configuration = yaml.safe_load((SHIPPED / "prometheus.yml").read_text(encoding="utf-8"))
    configuration["global"] |= {
        "scrape_interval": EVERY,
        "scrape_timeout": EVERY,
        "evaluation_interval": EVERY,
    }
    del configuration["alerting"]
    point(configuration, "netwatch", targets)
    (directory / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    (directory / "rules").mkdir()
    for path in (SHIPPED / "rules").glob("*.yml"):
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group in rules["groups"]:
            group["interval"] = EVERY
            for rule in group["rules"]:
                if rule.get("alert") not in AS_SHIPPED and _seconds(rule.get("for", "0s")) > 10:
                    rule["for"] = PATIENCE
        (directory / "rules" / path.name).write_text(yaml.safe_dump(rules), encoding="utf-8")


def write_unchanged_rules(home: Path, listen: str, netwatch: str, told: str, every: str) -> None:
    """The shipped rules as they are, under a configuration with other intervals and addresses."""
    shutil.copytree(SHIPPED / "rules", home / "rules")
    configuration = yaml.safe_load((SHIPPED / "prometheus.yml").read_text(encoding="utf-8"))
    configuration["global"] = {
        "scrape_interval": every,
        "scrape_timeout": every,
        "evaluation_interval": every,
    }
    point(configuration, "netwatch", [netwatch])
    point(configuration, "prometheus", [listen])
    point(configuration, "alertmanager", [told])
    (to,) = configuration["alerting"]["alertmanagers"]
    to["static_configs"][0]["targets"] = [told]
    (home / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")


def point(configuration: Any, job: str, targets: list[str]) -> None:
    """Have the jobs of this name, or that begin so, read these addresses, as often as all else."""
    for each in configuration["scrape_configs"]:
        if each["job_name"].startswith(job):
            each["static_configs"] = [{"targets": targets}]
            each.pop("scrape_interval", None)


def rules() -> Iterator[tuple[str, str]]:
    """Name and expression of every shipped rule."""
    for path in sorted((SHIPPED / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                yield rule.get("alert") or rule["record"], rule["expr"]


def _seconds(duration: str) -> int:
    return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([smh])", duration))
