"""Evaluates the shipped rules over a tape, as Prometheus would have at the time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import yaml

from tests.dashboards.history.tape import STEP, Tape, Values
from tests.harness.prometheus import SHIPPED

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_NAME = re.compile(r"[a-zA-Z_:][\w:]*")
_CHOICE = re.compile(
    r"(?:\{\{ \$most := .+? -\}\} )?"
    r"\{\{ if (?P<if>.+) \}\}(?P<then>\w+)\{\{ else \}\}(?P<else>\w+)\{\{ end \}\}"
)
_BELOW = re.compile(r"lt (?:\$value|\(.*?\$value\)) ([\d.]+)")
_EQUAL = re.compile(r'eq \$labels\.(\w+) "(\w+)"')
"""The templates of a severity: one if all conditions hold, else the other. ``$most``: the largest
value until now, for which the largest of the whole story stands here."""

Key = tuple[tuple[str, str], ...]
Found = Mapping[Key, Values]


def record(tape: Tape, url: str) -> None:
    """Evaluate every rule over the times of the tape, and hand what comes out to Prometheus."""
    rules = list(_in_order(list(_shipped())))
    for rule in rules:
        made = Tape(tape.start, tape.length * STEP // rule["step"], rule["step"])
        if "record" in rule:
            _record(rule, made, url)
        else:
            _alert(rule, made, url)
        made.send(url)


def _shipped() -> Iterator[dict[str, Any]]:
    for path in sorted((SHIPPED / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            step = _step(group)
            yield from (rule | {"step": step} for rule in group["rules"])


def _step(group: dict[str, Any]) -> int:
    """Seconds between two moments: those of scrapes; the shipped ones where sums are carried on."""
    carried = any(rule.get("record") in _needs(rule) for rule in group["rules"])
    return max(STEP, _seconds(group["interval"])) if carried else STEP


def _in_order(rules: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rules after those whose series they read, alerts among them."""
    waiting, late = rules, _made_of_alerts(rules)
    while waiting:
        missing = {rule["record"] for rule in waiting if "record" in rule}
        if any("alert" in rule and not _needs(rule) & late for rule in waiting):
            missing.add("ALERTS")
        ready = [rule for rule in waiting if not _needs(rule) & missing - {rule.get("record")}]
        assert ready, f"rules need each other: {missing}"
        yield from ready
        waiting = [rule for rule in waiting if rule not in ready]


def _made_of_alerts(rules: list[dict[str, Any]]) -> set[str]:
    """Series that are there only when alerts are, and those made of them."""
    late, before = {"ALERTS"}, set[str]()
    while late != before:
        before = set(late)
        late |= {rule["record"] for rule in rules if "record" in rule and _needs(rule) & late}
    return late


def _needs(rule: dict[str, Any]) -> set[str]:
    return {*_NAME.findall(rule["expr"])}


def _record(rule: dict[str, Any], made: Tape, url: str) -> None:
    labels = {"__name__": rule["record"], **rule.get("labels", {})}
    if rule["record"] in _needs(rule):
        found = _step_by_step(rule, labels, made, url)
    else:
        found = evaluated(rule["expr"], made, url)
    for key, values in found.items():
        made.add_recorded({**dict(key), **labels}, values)


def _step_by_step(
    rule: dict[str, Any], labels: dict[str, str], made: Tape, url: str
) -> dict[Key, Values]:
    """A rule that reads what it made before: each time after the one before it."""
    for at in made.times:
        moment = Tape(int(at), 1, made.step)
        for key, values in evaluated(rule["expr"], moment, url).items():
            moment.add_recorded({**dict(key), **labels}, values)
        moment.send(url)
    return {}


def _alert(rule: dict[str, Any], made: Tape, url: str) -> None:
    """Which alerts stood when, by the waiting and the keeping of their rule."""
    for key, values in evaluated(rule["expr"], made, url).items():
        wait, keep = (_samples(rule.get(name, "0s")) for name in ("for", "keep_firing_for"))
        for state, during in _states(~np.isnan(values), wait, keep):
            labels = {"__name__": "ALERTS", "alertname": rule["alert"], "alertstate": state}
            own = dict(key) | {"severity": _severity(rule, dict(key), values)}
            made.add_recorded(own | labels, np.where(during, 1.0, np.nan))


def _states(holds: Any, wait: int, keep: int) -> Iterator[tuple[str, Any]]:
    pending, firing = np.zeros_like(holds), np.zeros_like(holds)
    held = left = 0
    for at, is_true in enumerate(holds):
        held = held + 1 if is_true else 0
        left = keep if held > wait else left - 1
        firing[at] = held > wait or (left >= 0 and at > 0 and firing[at - 1])
        pending[at] = is_true and not firing[at]
    yield from ((name, during) for name, during in (("pending", pending), ("firing", firing)))


def _severity(rule: dict[str, Any], labels: dict[str, str], values: Values) -> str:
    severity: str = rule["labels"]["severity"]
    if "{{" not in severity:
        return severity
    choice = _CHOICE.fullmatch(severity)
    assert choice, severity
    below = all(np.nanmax(values) < float(bound) for bound in _BELOW.findall(choice["if"]))
    equal = all(labels.get(label) == text for label, text in _EQUAL.findall(choice["if"]))
    return choice["then"] if below and equal else choice["else"]


def _samples(duration: str) -> int:
    return _seconds(duration) // STEP


def _seconds(duration: str) -> int:
    return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([smhd])", duration))


def evaluated(expr: str, times: Tape, url: str) -> dict[Key, Values]:
    """Values of an expression at the times of a tape, by labels; NaN where there is none."""
    asked = {"query": expr, "step": str(times.step)}
    asked |= {"start": str(times.start), "end": str(times.start + times.step * (times.length - 1))}
    with urlopen(f"{url}/api/v1/query_range", urlencode(asked).encode(), timeout=120) as answer:
        result = json.load(answer)["data"]["result"]
    found: dict[Key, Values] = {}
    for series in result:
        values = np.full(times.length, np.nan)
        at = [round((moment - times.start) / times.step) for moment, _ in series["values"]]
        values[at] = [float(value) for _, value in series["values"]]
        labels = {name: text for name, text in series["metric"].items() if name != "__name__"}
        found[tuple(sorted(labels.items()))] = values
    return found
