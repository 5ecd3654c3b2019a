"""``netwatch inventory prometheus FILE``: scrapes in as many parts as this inventory needs."""

from __future__ import annotations

import argparse
import copy
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from netwatch.configuration import Configuration, read_configuration
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.streams import is_stream
from netwatch.disk.reading import read_file
from netwatch.metrics.parts import MAX_SHARES, FamilyGroup, MetricsPart
from netwatch.settings import Settings

MAX_LINES = 400_000
"""Series of one part, as they are estimated: ``prometheus.yml`` allows 2.5 times that."""

LINES_A_SITE, LINES_A_CHECK, LINES_A_STREAM = 25, 8, 30
"""Series of one site with its line, of one check, and of the echoes to one target."""

LINES_A_POLL = 500
"""Series of one device: those of a switch with 16 ports, more than most sites' devices have."""

MAX_OCTETS = 1 << 20
"""Of the file."""

_JOBS = {
    "netwatch": (FamilyGroup.STATES, FamilyGroup.ECHOES),
    "netwatch-devices": (FamilyGroup.DEVICES,),
}
"""The jobs that are divided, and what each reads."""


def add_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action and its argument."""
    text = "prometheus.yml đọc /metrics theo từng phần / reads a large page in parts"
    action = actions.add_parser("prometheus", help=text, description=text)
    action.add_argument("file", type=Path, metavar="FILE", help="prometheus.yml")


def print_scrapes(settings: Settings, options: argparse.Namespace) -> int:
    """Print the file, with its jobs divided where the page is too large for one scrape; returns 0.

    Raises:
        ConfigError: the inventory or the file is wrong, or the page is too large for all parts.
    """
    lines = expected_lines(read_configuration(settings))
    text = _read(options.file)
    if sum(lines.values()) > MAX_LINES:
        text = _head(options.file, lines) + divided(options.file, text, lines)
    print(text, end="")
    return 0


def expected_lines(configuration: Configuration) -> dict[FamilyGroup, int]:
    """About how many series the page has; rather more than less."""
    checks = configuration.measured
    streams = sum(map(is_stream, checks))
    polls = sum(check.params.traits.reads_interfaces for check in checks)
    sites = len(configuration.written.sites)
    return {
        FamilyGroup.STATES: LINES_A_SITE * sites + LINES_A_CHECK * len(checks),
        FamilyGroup.ECHOES: LINES_A_STREAM * streams,
        FamilyGroup.DEVICES: LINES_A_POLL * polls,
    }


def divided(file: Path, text: str, lines: dict[FamilyGroup, int]) -> str:
    """A ``prometheus.yml`` whose jobs read parts of so many series.

    Raises:
        ConfigError: it has no such jobs, or one part would still be too large.
    """
    try:
        content: dict[str, Any] = yaml.safe_load(text)
        jobs = [job for base in content["scrape_configs"] for job in _divide(base, lines)]
        names = {base["job_name"] for base in content["scrape_configs"]}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise _refused(file, f"is no prometheus.yml: {str(error).splitlines()[0]}") from error
    if missing := _JOBS.keys() - names:
        raise _refused(file, f"has no job {min(missing)}, as the shipped file has")
    content["scrape_configs"] = jobs
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)


def _divide(base: dict[str, Any], lines: dict[FamilyGroup, int]) -> Iterator[dict[str, Any]]:
    """The jobs that read what one reads; the first has its name, and all series have its label."""
    if base["job_name"] not in _JOBS:
        yield base
        return
    for number, part in enumerate(_parts(base["job_name"], lines)):
        job = copy.deepcopy(base)
        job["params"] = {**job.get("params", {}), "part": [str(part)]}
        if number:
            job["job_name"] = f"netwatch-{part}"
            same = {"target_label": "job", "replacement": base["job_name"]}
            job["metric_relabel_configs"] = [*job.get("metric_relabel_configs", ()), same]
        yield job


def _parts(job: str, lines: dict[FamilyGroup, int]) -> Iterator[MetricsPart]:
    for group in _JOBS[job]:
        shares = max(1, math.ceil(lines[group] / MAX_LINES))
        if shares > MAX_SHARES:
            raise ConfigError(
                [
                    Problem(
                        "inventory", f"{lines[group]} series of {group}: too many for one collector"
                    )
                ]
            )
        yield from (MetricsPart(group, share, shares) for share in range(1, shares + 1))


def _read(file: Path) -> str:
    try:
        return read_file(file, MAX_OCTETS).decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise _refused(file, f"can't be read: {reason}") from error


def _head(file: Path, lines: dict[FamilyGroup, int]) -> str:
    told = ", ".join(f"{count} {group}" for group, count in lines.items())
    return f"# Made of {file.name} by: netwatch inventory prometheus. Series at the most: {told}.\n"


def _refused(file: Path, message: str) -> ConfigError:
    return ConfigError([Problem(str(file), message)])
