"""Scrape configuration and rules for VictoriaMetrics, made of those for Prometheus.

VictoriaMetrics 1.79 (Debian 12) refuses some of their fields, and its vmalert knows neither
``keep_firing_for`` nor the time of a template. What they do is said in MetricsQL instead.

``python -m release.victoria`` writes ``config/victoria-metrics``; a test holds the files to this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PROMETHEUS = ROOT / "config" / "prometheus"
MADE = ROOT / "config" / "victoria-metrics"

STEP = 15
"""Seconds between two moments of a condition that is looked back on: an evaluation."""

HEAD = "# Made of config/prometheus by `python -m release.victoria`: change it there.\n"

_REFUSED = ("body_size_limit",)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_CLOCK = r'reReplaceAll "^(.{4})-(..)-(..) (.{5}).*"'
"""Takes apart what ``humanizeTimestamp`` says: 2026-11-30 07:30:00 +0000 UTC."""


def files() -> Iterator[tuple[Path, str]]:
    """Every file and its text."""
    yield MADE / "scrape.yml", HEAD + _dumped(scrape(_read(PROMETHEUS / "prometheus.yml")))
    for path in sorted((PROMETHEUS / "rules").glob("*.yml")):
        yield MADE / "rules" / path.name, HEAD + _dumped(rules(_read(path)))


def scrape(shipped: dict[str, Any]) -> dict[str, Any]:
    """The part of Prometheus' configuration that says what is read."""
    jobs = [
        {key: value for key, value in job.items() if key not in _REFUSED}
        for job in shipped["scrape_configs"]
    ]
    times = {key: shipped["global"][key] for key in ("scrape_interval", "scrape_timeout")}
    return {"global": times, "scrape_configs": jobs}


def rules(shipped: dict[str, Any]) -> dict[str, Any]:
    """The groups of a file, as vmalert takes them."""
    return {
        "groups": [
            group | {"rules": [_rule(rule) for rule in group["rules"]]}
            for group in shipped["groups"]
        ]
    }


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    made = {
        key: {name: _text(text) for name, text in value.items()}
        if key in {"labels", "annotations"}
        else value
        for key, value in rule.items()
        if key not in {"for", "keep_firing_for"}
    }
    keep = rule.get("keep_firing_for")
    if keep is None:
        return made | ({"for": rule["for"]} if "for" in rule else {})
    expr = rule["expr"]
    if "for" in rule:
        wait = _seconds(rule["for"])
        # True at every moment since then, as an alert that waits must be.
        count = f"count_over_time(({expr})[{wait + STEP}s:{STEP}s])"
        expr = f"({expr}) and {count} > {wait // STEP}"
    return made | {"expr": f"last_over_time(({expr})[{keep}:{STEP}s])"}


def _text(text: str) -> str:
    """A template, with times as vmalert can write them."""
    text = text.replace("| toTime -}}", "| humanizeTimestamp -}}")
    text = re.sub(
        r'\((\S+(?: \.)? \| value) \| toTime\)\.Format "15:04 02/01(/2006)?"',
        lambda found: f"{found[1]} | humanizeTimestamp | {_CLOCK} {_order(found[2])}",
        text,
    )
    return re.sub(
        r'(\$\w+)\.Format "15:04 02/01(/2006)?"',
        lambda found: f"{_CLOCK} {_order(found[2])} {found[1]}",
        text,
    )


def _order(year: str | None) -> str:
    return '"$4 $3/$2/$1"' if year else '"$4 $3/$2"'


def _seconds(duration: str) -> int:
    return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([smhd])", duration))


def _read(path: Path) -> Any:
    # By way of JSON, so that what stands there once and is used twice is written out.
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _dumped(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def main() -> None:
    """Write them."""
    for path, text in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
