"""The JSON Schema: the shipped inventories are right by it, and mistakes are underlined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from netwatch.inventory.model import Inventory
from netwatch.inventory.schema import inventory_schema
from netwatch.probes import schemas

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted(
    file
    for folder in CONFIG.rglob("*")
    if folder.is_dir() and "inventory" in folder.name
    for file in folder.rglob("*.yaml")
)


@pytest.fixture(scope="module")
def judge() -> Draft202012Validator:
    schema = inventory_schema(schemas())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def complaints(judge: Draft202012Validator, text: str) -> list[str]:
    """What an editor would underline; it takes dates for text, as JSON has none."""
    tree = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return [error.message for error in judge.iter_errors(tree)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CONFIG)))
def test_the_shipped_files_are_right(file: Path, judge: Draft202012Validator) -> None:
    assert complaints(judge, file.read_text(encoding="utf-8")) == []


def test_every_section_and_every_probe_is_known() -> None:
    schema = inventory_schema(schemas())
    assert set(schema["properties"]) == set(Inventory.model_fields)
    assert "required" not in schema, "each file has some of the sections"
    assert {f"check-{kind}" for kind in schemas()} <= set(schema["$defs"])


SITE = "sites: {{a: {{tier: t, name_vi: A, {}}}}}"
CHECK = "classes: {{c: {{match: {{roles: [r]}}, checks: [{}]}}}}"


@pytest.mark.parametrize(
    "text",
    [
        SITE.format("targets: {router: 10.1.1.1}"),
        SITE.format("targets: {router: {address: 10.1.1.1, role: x, class: c}}"),
        SITE.format("uplink: {carrier: VNPT, capacity: 20M, contract: 12345}"),
        SITE.format("state: planned, since: 2027-01-31, formerly: [b]"),
        CHECK.format("{probe: icmp, interval: 500ms, timeout: 400ms}"),
        CHECK.format("{probe: tcp, interval: 30s, port: 1720}"),
        CHECK.format('{probe: tcp, interval: 30s, port: "1720"}'),
        "credentials: {a: {version: 2c, community: x}, b: {version: 3, user: u, auth_key: k}}",
        "contracts: {a: {carrier: V, number: 017, availability: 99.5%, hours: 06:00-22:00}}",
    ],
)
def test_what_netwatch_takes_an_editor_takes(text: str, judge: Draft202012Validator) -> None:
    assert complaints(judge, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "site: {}",
        SITE.format("teir: t"),
        SITE.format("targets: {router: {role: x}}"),
        SITE.format("uplink: {carrier: VNPT}"),
        SITE.format("uplink: {carrier: VNPT, capacity: fast}"),
        SITE.format("state: old"),
        SITE.format("since: 31/01/2027"),
        SITE.format("coordinates: [20.9]"),
        CHECK.format("{probe: imcp, interval: 5s}"),
        CHECK.format("{probe: icmp, interval: 5}"),
        CHECK.format("{probe: icmp, interval: 5s, port: 7}"),
        CHECK.format("{probe: tcp, interval: 5s}"),
        "credentials: {a: {version: 1, community: x}}",
    ],
)
def test_what_netwatch_refuses_is_underlined(text: str, judge: Draft202012Validator) -> None:
    assert complaints(judge, text)


def test_no_default_is_given_in_a_form_that_nobody_writes() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert "default" not in node
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(inventory_schema(schemas()))
