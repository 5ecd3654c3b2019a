"""The rules that are shipped, and what the shipped configuration stores of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DIRECTORY = Path(__file__).parents[2] / "config" / "prometheus"
RULES = sorted((DIRECTORY / "rules").glob("*.yml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules() -> list[dict[str, Any]]:
    """Every rule, in the order of its file."""
    return [rule for path in RULES for group in read(path)["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    """The rule of each alert, by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def stored(labels: Mapping[str, str]) -> dict[str, str] | None:
    """The labels by which a series of our page is stored; None where it isn't.

    Args:
        labels: as on the page, with ``__name__``.
    """
    for job in _jobs():
        kept = {"job": job["job_name"], **job["static_configs"][0]["labels"], **labels}
        for config in job["metric_relabel_configs"]:
            text = ";".join(kept.get(name, "") for name in config["source_labels"])
            matches = re.fullmatch(config["regex"], text) is not None
            action = config.get("action", "replace")
            if action == "replace" and matches:
                kept[config["target_label"]] = config["replacement"]
            elif action == ("drop" if matches else "keep"):
                break
        else:
            return {name: text for name, text in kept.items() if text}
    return None


@cache
def _jobs() -> list[dict[str, Any]]:
    """The jobs that read netwatch: one its own series, the other those of devices."""
    jobs = read(DIRECTORY / "prometheus.yml")["scrape_configs"]
    return [job for job in jobs if job["job_name"].startswith("netwatch")]
