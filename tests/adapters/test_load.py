"""Adapters as files: what may stand in them, and what is said of mistakes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from netwatch.adapters import adapter_names, load_adapter
from netwatch.adapters.load import parse_adapter
from netwatch.core.errors import ConfigError
from netwatch.probes.api import ApiParams

PAGE = (Path(__file__).parents[2] / "docs/adapters.md").read_text(encoding="utf-8")

GOOD = """\
system: Our own MCU
questions:
  - path: /status
    tells:
      - {fact: ready, at: /state, true_if: [idle, "1"]}
"""


@pytest.mark.parametrize("name", adapter_names())
def test_every_adapter_that_is_shipped_can_be_read_and_is_reported(name: str) -> None:
    assert load_adapter(name).questions
    assert f"`{name}`" in PAGE


def test_a_file_of_ones_own_is_read_anew_when_it_changed(tmp_path: Path) -> None:
    file = tmp_path / "mcu.yaml"
    file.write_text(GOOD)
    assert load_adapter(str(file)).scheme == "https"
    file.write_text("scheme: http\n" + GOOD)
    os.utime(file, ns=(1, 1))
    assert load_adapter(str(file)).scheme == "http"
    assert ApiParams.model_validate({"adapter": str(file)}).qualifier == "mcu"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("path:", "pth:"), "mcu.yaml:3: path is missing; add it"),
        (("fact: ready", "fact: redy"), "mcu.yaml:5: fact must be "),
        (("/state", "state"), "mcu.yaml:5: at has characters that may not stand there"),
        (('true_if: [idle, "1"]', "tru_if: [x]"), "mcu.yaml:5: unknown key 'tru_if'; did you mean"),
        ((', true_if: [idle, "1"]', ""), "mcu.yaml:5: 0: needs either above, or true_if"),
        (("path: /status", "path: http://x/"), "mcu.yaml:3: path: 'http://x/' is not a path"),
        (("path: /status", "format: none\n    path: /s"), "reads nothing but status; give json or"),
        (
            ("path: /status", "format: xml\n    path: /s\n    root: ['<']"),
            "mcu.yaml:5: 0 has charac",
        ),
        (("path: /status", "path: /s\n    root: [a]"), "root is for format xml"),
        (("system: Our own MCU", "system: &x Our"), "mcu.yaml:1: anchor &x is not allowed"),
        (("system: Our own MCU", "login: digest"), "mcu.yaml:1: login must be 'none', 'basic'"),
        (("questions", "\tquestions"), "mcu.yaml:2: is not YAML"),
    ],
)
def test_a_mistake_is_reported_with_its_line(change: tuple[str, str], problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_adapter(GOOD.replace(*change).encode(), "mcu.yaml")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"adapter": "jitsi"}, "'jitsi': is no adapter"),
        ({"adapter": "/no/such.yaml"}, "/no/such.yaml: cannot be read"),
        ({"adapter": "cisco-xapi"}, "has login basic; add login"),
        ({"adapter": "jitsi-bridge", "login": "x"}, "has login none; remove login"),
        (
            {"adapter": "cisco-xapi", "login": "x", "scheme": "http"},
            "would send the secret in clear",
        ),
    ],
)
def test_a_check_that_cannot_be_made_is_refused(keys: dict[str, str], problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ApiParams.model_validate(keys)
    assert problem in str(caught.value)
