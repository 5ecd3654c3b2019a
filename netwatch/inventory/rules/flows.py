"""No exchange is both demanded and forbidden."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from netwatch.core.params import ProbeParams
from netwatch.inventory.credentials import CREDENTIAL_KINDS
from netwatch.inventory.plan import parameters
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake


def flows(view: View) -> Iterator[Mistake]:
    """Two flows that measure the same have the same expectation; none of them logs in."""
    first: dict[tuple[str, str, str, ProbeParams], str] = {}
    for flow_id, flow in view.inventory.flows.items():
        if flow.check.probe in CREDENTIAL_KINDS:
            message = f"{flow.check.probe} logs in, so it can't tell whether a way is open; use tcp"
            yield view.mistake(message, "flows", flow_id, "check", "probe")
        try:
            params = parameters(flow.check, view.schemas)
        except (KeyError, ValidationError):
            continue  # told by the rule for checks
        other_id = first.setdefault((flow.vantage, flow.to, flow.check.probe, params), flow_id)
        if view.inventory.flows[other_id].expect != flow.expect:
            place = view.source.place("flows", other_id)
            yield view.mistake(
                f"{flow_id} expects {flow.expect}, but {other_id} ({place}) expects the opposite"
                " of the same exchange; remove one of them",
                *("flows", flow_id),
            )
