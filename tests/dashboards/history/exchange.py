"""What the daemons' pages show of flows between the Party's and the State's network."""

from __future__ import annotations

import numpy as np

from netwatch.core.state import State
from netwatch.inventory.flows import Flow
from netwatch.objectives import counted_flows
from tests.dashboards.history.page import changed, unit
from tests.dashboards.history.story import Story
from tests.dashboards.history.tape import Tape, Values

_DAY = 86400.0


def write_flows(tape: Tape, story: Story) -> None:
    """Every flow, of the vantage that measures it."""
    for vantage in {flow.vantage for flow in story.inventory.flows.values()} - {"state-dc"}:
        for name in ("up", "netwatch_vantage_ok"):
            _add(tape, name, {}, vantage, np.ones(story.length))
    for flow_id, flow in story.inventory.flows.items():
        _write_flow(tape, story, flow_id, flow)
    for objective_id, objective in story.inventory.objectives.items():
        for counted in counted_flows(objective, story.inventory):
            names = ("objective", "flow", "back", "site")
            labels = dict(zip(names, (objective_id, *counted), strict=True))
            tape.add("netwatch_objective_flow_info", labels, 1.0)


def _write_flow(tape: Tape, story: Story, flow_id: str, flow: Flow) -> None:
    as_expected = _as_expected(story, flow_id, flow)
    shown = {"flow": flow_id, "from": flow.vantage, "to": flow.to, "expect": flow.expect}
    _add(tape, "netwatch_flow_as_expected", shown, flow.vantage, as_expected)
    labels = {"flow": flow_id}
    passed = np.zeros(story.length)
    if flow_id in story.passed:
        passed[story.passed[flow_id].samples] = 1
    elif flow.expect == "blocked":
        blocked = np.where(np.isnan(as_expected), np.nan, 1.0)
        kind = "reject" if unit(flow_id) > 0.5 else "drop"
        _add(tape, "netwatch_flow_block", labels | {"block": kind}, flow.vantage, blocked)
    _add(tape, "netwatch_flow_violations_total", labels, flow.vantage, np.cumsum(passed))
    _add(tape, "netwatch_flow_scheduled", labels, flow.vantage, np.ones(story.length))
    name = "netwatch_flow_state_change_timestamp_seconds"
    _add(tape, name, labels, flow.vantage, changed(tape, np.nan_to_num(as_expected, nan=-1)))
    if flow.check.probe == "tls" or (flow.check.model_extra or {}).get("port") == "443":
        probe = labels | {"site": flow.to.partition("/")[0], "target": flow.to.partition("/")[2]}
        ends = tape.start + (5 + 300 * unit(flow_id)) * _DAY
        tape.add(
            "netwatch_tls_certificate_not_after_timestamp_seconds",
            probe | {"probe": "tcp:443"},
            ends,
        )


def _as_expected(story: Story, flow_id: str, flow: Flow) -> Values:
    site_id, _, target_id = flow.to.partition("/")
    target = story.targets[site_id, target_id]
    known = ~np.isin(target, (State.DOWN, State.UNREACHABLE))
    value = np.where(known, 1.0, np.nan)
    for spans in (story.broken, story.passed):
        if flow_id in spans:
            value[spans[flow_id].samples] = 0
    if flow.vantage == "state-dc":
        value[story.sees() == 0] = np.nan
    return value


def _add(tape: Tape, name: str, labels: dict[str, str], vantage: str, values: Values) -> None:
    tape.add(name, labels, values)
    if vantage != "state-dc":
        tape.series[-1][0].update(job=vantage, vantage=vantage)
