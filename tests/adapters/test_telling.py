"""Rules: when values make a fact true, when false, and when nothing is known."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from netwatch.core.fact_rules import DerivationRule, derive_facts


def facts(*found: tuple[dict[str, Any], list[str]]) -> dict[str, float]:
    samples = derive_facts(
        [(DerivationRule.model_validate(keys), values) for keys, values in found]
    )
    return {sample.name.removeprefix("netwatch_endpoint_"): sample.value for sample in samples}


ONLY_TRUE = {"true_if": ["yes"]}
BOTH = {"true_if": ["yes"], "false_if": ["no"]}


@pytest.mark.parametrize(
    ("rule", "values", "verdict"),
    [
        (ONLY_TRUE, ["yes"], 1),
        (ONLY_TRUE, ["other"], 0),
        (ONLY_TRUE, [], None),
        (BOTH, ["no"], 0),
        (BOTH, ["other"], None),
        ({"false_if": ["no"]}, ["other"], None),
        ({"above": "0"}, ["3"], 1),
        ({"above": "0"}, ["0"], 0),
        ({"above": "0"}, ["many"], None),
        ({"above": "0"}, ["nan"], None),
        ({"above": "0", "missing": "false"}, [], 0),
    ],
)
def test_what_a_value_means(rule: dict[str, Any], values: list[str], verdict: float | None) -> None:
    known = {} if verdict is None else {"in_call": verdict}
    assert facts(({"fact": "in_call", **rule}, values)) == known


def test_one_fault_is_enough_and_so_is_one_call() -> None:
    mixed = ["yes", "no"]
    assert facts(({"fact": "peripherals_ok", **BOTH}, mixed)) == {"peripherals_ok": 0}
    assert facts(({"fact": "in_call", **BOTH}, mixed)) == {"in_call": 1}
    registered = [
        ({"fact": "registered", **BOTH}, ["no"]),
        ({"fact": "registered", **BOTH}, ["yes"]),
    ]
    assert facts(*registered) == {"registered": 1}


def test_participants_are_added_up() -> None:
    rule = {"fact": "participants"}
    assert facts((rule, ["2", "3", "x"])) == {"participants": 5}
    assert facts((rule, [])) == {}
    assert facts(({**rule, "missing": "false"}, [])) == {"participants": 0}


@pytest.mark.parametrize(
    "keys",
    [
        {"fact": "ready"},
        {"fact": "ready", "true_if": ["x"], "above": "1"},
        {"fact": "participants", "above": "1"},
        {"fact": "ready", "above": "nan"},
    ],
)
def test_a_rule_that_says_nothing_or_two_things_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DerivationRule.model_validate(keys)
