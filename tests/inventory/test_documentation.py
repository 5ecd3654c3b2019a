"""docs/configuration.md is whole and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from netwatch import probes
from netwatch.inventory import (
    checks,
    contracts,
    flows,
    logins,
    maintenance,
    meetings,
    model,
    window,
)
from netwatch.inventory.load import load_inventory
from netwatch.settings import Settings
from tests.inventory.province import SCHEMAS, write

PAGE = (Path(__file__).parents[2] / "docs/configuration.md").read_text(encoding="utf-8")

MODELS = [
    each
    for module in (model, checks, contracts, flows, meetings, maintenance, window, logins)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, BaseModel) and each.__module__ == module.__name__
]


@pytest.mark.parametrize("schema", MODELS, ids=lambda schema: schema.__name__)
def test_every_key_of_the_grammar_is_documented(schema: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in schema.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()


def test_every_key_of_every_probe_is_documented() -> None:
    keys = {key for kind in probes.kinds().values() for key in kind.params.model_fields}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()


def test_every_setting_is_documented_with_its_default() -> None:
    for name, field in Settings.model_fields.items():
        assert f"| `{name}` | `{field.default}` |" in PAGE


def test_the_whole_example_loads(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    inventory = load_inventory(write(tmp_path, example=example), SCHEMAS)
    assert inventory.sites["an-lam"].name == "An Lam commune"
