"""The rules that are shipped."""

from __future__ import annotations

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
