"""docs/import.md is true to the letter."""

from __future__ import annotations

import pytest

from netwatch.imports.answers import EXPLAINED
from netwatch.inventory.yaml import parse
from tests.harness.namespaces import told_by
from tests.harness.requirements import require_tool
from tests.imports.page import PAGE, file_of, steps


def test_every_section_of_a_mapping_file_is_told() -> None:
    assert [name for name in EXPLAINED if f"`{name}`" not in PAGE] == []


@pytest.mark.slow  # a daemon and Prometheus, until an alert fires
def test_from_the_sheet_to_the_first_alert() -> None:
    require_tool("prometheus")
    said = told_by("tests.imports.first_alert")
    for number, step in enumerate(steps()[:-2]):
        assert said[f"{number} {step.command}"] == step.shown, step.command
    answered = parse(file_of("yaml").encode(), "page").root
    draft = parse(said["draft"].encode(), "draft").root
    assert {name: list(each) for name, each in draft.items()} == {
        name: list(each) for name, each in answered.items()
    }
    assert [alert["cause"] for alert in said["alerts"]] == ["link:nam-sach-an-lam-uplink"]
    assert any("An Lâm" in line for line in said["incidents"])
