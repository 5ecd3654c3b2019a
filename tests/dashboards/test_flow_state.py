"""What tables of flows show, asked of Prometheus' own test engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from dashboards.grafana.flows import FLOW_RANK
from tests.harness.requirements import require_tool

RULES = Path(__file__).parents[2] / "config/prometheus/rules/exchange.yml"
AS_EXPECTED, UNKNOWN, BROKEN, VIOLATED = range(4)

FLOWS = (
    ("mail", "state-dc", "pass", "1x60", AS_EXPECTED),
    ("f101", "party-office", "pass", "1x20 _x40", UNKNOWN),  # silent for three minutes
    ("f102", "party-office", "pass", "0x60", BROKEN),
    ("f103", "party-office", "blocked", "0x60", VIOLATED),
    ("f104", "party-office", "blocked", "_x60", UNKNOWN),  # never spoke
)


def test_what_is_not_known_now_is_unknown(tmp_path: Path) -> None:
    told = {"name": "N", "name_vi": "T", "to": "dc/mail", "probe": "tcp"}
    series, shown = [], []
    for flow, vantage, expect, values, state in FLOWS:
        info = told | {"flow": flow, "from": vantage, "expect": expect}
        series.append({"series": f"netwatch_flow_info{_braced(info)}", "values": "1x60"})
        seen = {
            "flow": flow,
            "vantage": vantage,
            "expect": expect,
            "from": vantage,
            "to": "dc/mail",
        }
        series.append({"series": f"netwatch_flow_as_expected{_braced(seen)}", "values": values})
        shown.append({"labels": _braced(info | {"site": "dc"}), "value": state})
    ask = {"expr": FLOW_RANK, "eval_time": "8m", "exp_samples": shown}
    case = {"interval": "15s", "input_series": series, "promql_expr_test": [ask]}
    test = tmp_path / "test.yml"
    content = {"rule_files": [str(RULES)], "evaluation_interval": "15s", "tests": [case]}
    test.write_text(yaml.safe_dump(content), encoding="utf-8")
    command = [require_tool("promtool"), "test", "rules", str(test)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _braced(labels: dict[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
