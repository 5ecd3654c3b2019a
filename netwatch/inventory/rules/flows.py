"""No flow is both required and forbidden, and the way back of a flow leads back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pydantic import ValidationError

from netwatch.inventory.borders import FlowKey, flow_key, required_flows, vantages_of
from netwatch.inventory.checks import CheckSpec
from netwatch.inventory.flows import Border
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake, SourcePosition


def flows(view: View) -> Iterator[Mistake]:
    """Flows that try the same have the same expectation; none of them logs in."""
    first: dict[FlowKey, str] = {}
    for flow_id, flow in view.inventory.flows.items():
        if view.needs_credential(flow.check.probe):
            message = f"{flow.check.probe} logs in, so it can't tell whether a way is open; use tcp"
            yield view.mistake(message, "flows", flow_id, "check", "probe")
        key = _key_of(view, flow.vantage, flow.to, flow.check)
        if key is None:
            continue
        other_id = first.setdefault(key, flow_id)
        if view.inventory.flows[other_id].expect != flow.expect:
            place = view.source.place("flows", other_id)
            yield view.mistake(
                f"{flow_id} expects {flow.expect}, but {other_id} ({place}) expects the opposite"
                " of the same exchange; remove one of them",
                *("flows", flow_id),
            )


def ways_back(view: View) -> Iterator[Mistake]:
    """The way back of a flow is another one that must pass, of another vantage."""
    for flow_id, flow in view.inventory.flows.items():
        if flow.back is not None:
            yield from _way_back(view, flow.back, {flow.vantage}, "flows", flow_id, "back")
    for border_id, border in view.inventory.borders.items():
        vantages = {*vantages_of(border, view.inventory)}
        for position, service in enumerate(border.services):
            if service.back is not None:
                path = ("borders", border_id, "services", position, "back")
                yield from _way_back(view, service.back, vantages, *path)


def _way_back(view: View, name: str, there: set[str], *path: str | int) -> Iterator[Mistake]:
    back = view.inventory.flows.get(name)
    if back is None:
        if not view.source.has("flows", name):  # else its own mistake is reported
            remedy = view.near(name, "flows")
            yield view.mistake(f"flow {name!r} does not exist; {remedy}", *path)
    elif back.expect != "pass":
        yield view.mistake(f"{name} expects {back.expect}; name a flow that must pass", *path)
    elif back.vantage in there:
        message = f"{name} begins at {back.vantage} too; name one of the other direction"
        yield view.mistake(message, *path)


def borders(view: View) -> Iterator[Mistake]:
    """A border is crossed by somebody, is described once, and agrees with the single flows."""
    for border_id, border in view.inventory.borders.items():
        known = all(view.source.has("networks", network) for network in border.source)
        if known and not vantages_of(border, view.inventory):
            networks = ", ".join(border.source)
            message = f"no vantage stands in {networks}; add one, or remove the border"
            yield view.mistake(message, "borders", border_id, "from")
        for position, service in enumerate(border.services):
            if view.needs_credential(service.check.probe):
                message = f"{service.check.probe} logs in, so it can't tell whether a way is open"
                path = ("borders", border_id, "services", position, "check", "probe")
                yield view.mistake(f"{message}; use tcp", *path)
        yield from _against_flows(view, border_id, border)
    for (first_id, first), (second_id, second) in combinations(view.inventory.borders.items(), 2):
        if {*first.source} & {*second.source} and {*first.to} & {*second.to}:
            place = view.source.place("borders", first_id)
            message = f"{second_id} joins networks that {first_id} ({place}) joins; make them one"
            yield view.mistake(message, "borders", second_id)


def _against_flows(view: View, border_id: str, border: Border) -> Iterator[Mistake]:
    """Written flows that contradict a border: they block a service, or require what isn't one."""
    inventory = view.inventory
    required: dict[FlowKey, SourcePosition] = {}
    for needed in required_flows(border, inventory):
        key = _key_of(view, needed.vantage, needed.to, needed.service.check)
        if key is not None:
            place = view.source.place("borders", border_id, "services", needed.position)
            required.setdefault(key, place)
    vantages = set(vantages_of(border, inventory))
    for flow_id, flow in inventory.flows.items():
        site = inventory.sites.get(flow.to.partition("/")[0])
        key = _key_of(view, flow.vantage, flow.to, flow.check)
        if flow.vantage not in vantages or site is None or site.network not in border.to or not key:
            continue
        if flow.expect == "blocked" and key in required:
            yield view.mistake(
                f"{flow_id} expects blocked, but border {border_id} ({required[key]}) has it among"
                " its services; remove one of them",
                *("flows", flow_id),
            )
        if flow.expect == "pass" and key.tcp_port is not None and key not in required:
            place = view.source.place("borders", border_id)
            yield view.mistake(
                f"{flow_id} expects pass, but is none of the services of border {border_id}"
                f" ({place}); add it there, or remove it",
                *("flows", flow_id),
            )


def _key_of(view: View, vantage: str, to: str, check: CheckSpec) -> FlowKey | None:
    try:
        return flow_key(vantage, to, check, view.schemas)
    except (KeyError, ValidationError):
        return None  # reported by the rule for checks
