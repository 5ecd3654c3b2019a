"""Reads dashboards as Grafana does: which queries they hold, and what stands for a variable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = sorted((Path(__file__).parents[2] / "dashboards" / "grafana").glob("*.json"))

Value = str | Sequence[str]
"""What a variable stands for; several values are a sequence."""

RATE_INTERVAL = {"": "1m", "1m": "4m"}
"""``$__rate_interval`` by the least step of the query, with a scrape interval of 15 s.

Grafana takes the larger of 4 scrape intervals and step + scrape interval, where a query's own least
step counts as its scrape interval.
"""

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
"""``$1`` of label_replace is none."""


@dataclass(frozen=True)
class Query:
    """One query of a panel, its variables not yet replaced."""

    dashboard: str
    panel: str
    kind: str
    ref: str
    expr: str
    instant: bool
    step: str

    def __str__(self) -> str:
        return f"{self.dashboard}: {self.panel} [{self.ref}]"

    def with_values(self, values: Mapping[str, Value], time_range: str) -> str:
        builtin = {"__rate_interval": RATE_INTERVAL.get(self.step, ""), "__range": time_range}
        return substituted(self.expr, {**values, **builtin})


def dashboards() -> dict[str, Any]:
    """Every committed dashboard by its uid."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]
    return {dashboard["uid"]: dashboard for dashboard in read}


def queries(dashboard: Mapping[str, Any]) -> Iterator[Query]:
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield Query(
                dashboard["uid"],
                panel["title"],
                panel["type"],
                target["refId"],
                target["expr"],
                instant=bool(target.get("instant")),
                step=target.get("interval", ""),
            )


def annotation_queries(dashboard: Mapping[str, Any]) -> Iterator[Query]:
    """The events that are drawn over every panel with a time axis."""
    for events in dashboard["annotations"]["list"]:
        yield Query(
            dashboard["uid"],
            events["name"],
            "annotation",
            "events",
            events["expr"],
            instant=False,
            step=events["step"],
        )


def variable_queries(dashboard: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, query and regular expression of each variable that asks Prometheus."""
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]["query"], variable.get("regex", "")


def substituted(expr: str, values: Mapping[str, Value]) -> str:
    """The expression with every variable replaced; several values become an alternative.

    Raises:
        KeyError: there is no such variable.
    """

    def value(match: re.Match[str]) -> str:
        chosen = values[match[1] or match[2]]
        if isinstance(chosen, str):
            return chosen
        escaped = [re.sub(r"[$^*{}\[\]'+?.()|\\]", r"\\\\\g<0>", each) for each in chosen]
        return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"

    return _VARIABLE.sub(value, expr)


def options(rows: Sequence[str], regex: str) -> list[tuple[str, str]]:
    """Text and value of each choice that a variable offers, as its regular expression says."""
    if not regex:
        return [(row, row) for row in rows]
    pattern = re.compile(regex.strip("/").replace("(?<", "(?P<"))
    found = [pattern.search(row) for row in rows]
    groups = [match.groupdict() for match in found if match]
    return [(group["text"], group.get("value", group["text"])) for group in groups]
