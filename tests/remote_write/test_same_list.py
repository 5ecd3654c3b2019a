"""The exit of a vantage and the gate of the centre have one list."""

from __future__ import annotations

from pathlib import Path

import yaml

from netwatch.remote_write.allowlist import LABELS, NAMES

SHIPPED = Path(__file__).parents[2] / "config" / "vantage" / "prometheus.yml"


def test_what_may_leave_is_what_may_enter() -> None:
    [write] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["remote_write"]
    names, ids, labels = write["write_relabel_configs"]
    assert (names["source_labels"], names["action"]) == (["__name__"], "keep")
    assert sorted(names["regex"].split("|")) == sorted(NAMES.split("|"))
    assert (ids["source_labels"], ids["action"]) == (["site", "flow"], "keep")
    assert ids["regex"] == f"({LABELS['site']})?;({LABELS['flow']})?"
    assert labels["action"] == "labelkeep"
    assert {*labels["regex"].split("|")} == {"__name__", "vantage", "from", *LABELS}
