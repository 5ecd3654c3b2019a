"""What the daemon's page shows of sites, targets and causes in a story."""

from __future__ import annotations

import hashlib

import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from netwatch.core.state import State
from netwatch.export.echo_counts import ROUND_TRIP_BUCKETS
from netwatch.export.exporter import Watched
from netwatch.export.inventory import InventoryMetrics
from netwatch.metrics import Registry, render
from tests.dashboards.history.story import Fault, Story
from tests.dashboards.history.tape import STEP, Tape, Values

REACHED = (State.UP, State.DEGRADED, State.MAINTENANCE)


async def write_inventory(tape: Tape, story: Story) -> None:
    """The series that follow from the inventory alone, by the daemon's own exporters."""
    registry = Registry()
    InventoryMetrics(registry, "state-dc").watch(Watched.of(story.inventory))
    for family in text_string_to_metric_families((await render(registry)).decode()):
        for sample in family.samples:
            tape.add(sample.name, sample.labels, sample.value)


def write_states(tape: Tape, story: Story) -> None:
    """Sites, levels and targets."""
    tape.add("up", {}, 1.0)
    tape.add("netwatch_vantage_ok", {}, story.sees())
    for site_id, states in story.sites.items():
        labels = {"site": site_id}
        tape.add("netwatch_site_state", labels, states)
        tape.add("netwatch_site_flapping", labels, 0.0)
        tape.add("netwatch_site_state_change_timestamp_seconds", labels, changed(tape, states))
        for state in State:
            spent = np.cumsum(states == state) * float(STEP)
            tape.add("netwatch_site_state_seconds_total", labels | {"state": state.label}, spent)
    for (site_id, target_id), states in story.targets.items():
        tape.add("netwatch_target_state", {"site": site_id, "target": target_id}, states)
    _write_rollups(tape, story)


def _write_rollups(tape: Tape, story: Story) -> None:
    sites = story.inventory.sites
    for tier in story.inventory.tiers:
        of_tier = [story.sites[id_] for id_, site in sites.items() if site.tier == tier]
        _write_counts(tape, "netwatch_tier_sites", {"tier": tier}, of_tier, story.length)
    for site_id in sites:
        if below := [story.sites[id_] for id_ in story.below(site_id)]:
            _write_counts(tape, "netwatch_site_below", {"site": site_id}, below, story.length)


def _write_counts(
    tape: Tape, name: str, labels: dict[str, str], states: list[Values], length: int
) -> None:
    together = np.array(states) if states else np.full((1, length), -1.0)
    for state in State:
        counts = (together == state).sum(axis=0).astype(float)
        tape.add(name, labels | {"state": state.label}, counts)


def changed(tape: Tape, states: Values) -> Values:
    """When the state of each sample began."""
    begins = np.concatenate([[True], states[1:] != states[:-1]])
    return np.maximum.accumulate(np.where(begins, tape.times, 0))


def write_echoes(tape: Tape, story: Story) -> None:
    """Echoes to every target: counters, round trips, loss and jitter."""
    for (site_id, target_id), states in story.targets.items():
        labels = {"site": site_id, "target": target_id}
        answered = np.isin(states, REACHED)
        share = np.zeros(story.length)
        if site_id in story.lossy:
            span, lost = story.lossy[site_id]
            share[span.samples] = lost
        received = np.where(answered, 3 * (1 - share), 0)
        lost_now = np.where(states == State.UNKNOWN, 0, 3 - received)
        tape.add("netwatch_icmp_received_total", labels, np.cumsum(received))
        tape.add("netwatch_icmp_lost_total", labels, np.cumsum(lost_now))
        tape.add("netwatch_icmp_loss_ratio", labels, np.where(answered, share, 1.0))
        middle = 0.002 + 0.02 * unit(f"{site_id}/{target_id}")
        _write_round_trips(tape, labels, middle, received)
        tape.add("netwatch_icmp_jitter_seconds", labels, middle / 20)
        _write_probes(tape, labels, states)


def _write_round_trips(tape: Tape, labels: dict[str, str], middle: float, count: Values) -> None:
    spread = 0.35 * np.sin(np.arange(len(count)) / 23 + 40 * middle)
    for bound in (*ROUND_TRIP_BUCKETS, np.inf):
        share = 1.0 if np.isinf(bound) else 1 / (1 + (middle * (1 + spread) / bound) ** 6)
        bucket = np.floor(np.cumsum(count * share))
        le = "+Inf" if np.isinf(bound) else str(bound)
        tape.add("netwatch_icmp_rtt_seconds_bucket", labels | {"le": le}, bucket)


def _write_probes(tape: Tape, labels: dict[str, str], states: Values) -> None:
    known = states != State.UNKNOWN
    answered = np.where(known, np.isin(states, REACHED).astype(float), np.nan)
    probe = labels | {"probe": "icmp"}
    tape.add("netwatch_probe_success", probe, answered)
    duration = 0.01 + 0.002 * np.sin(np.arange(len(states)) / 9)
    tape.add("netwatch_probe_duration_seconds", probe, np.where(answered == 1, duration, np.nan))
    failures = np.cumsum(np.where(known, 3 * (1 - np.nan_to_num(answered)), 0))
    if failures[-1]:
        reason = "timeout" if (states == State.DOWN).any() else "host_unreachable"
        tape.add("netwatch_probe_failures_total", probe | {"reason": reason}, failures)


def write_causes(tape: Tape, story: Story) -> None:
    """Root causes, and what each one affects."""
    for fault in story.faults:
        during = np.full(story.length, np.nan)
        during[fault.span.samples] = 1
        cause = {"cause": fault.cause}
        tape.add("netwatch_cause_state", cause, during * fault.state)
        tape.add("netwatch_cause_sites", cause, during * len(fault.sites))
        began = tape.start + 60 * fault.span.begin
        tape.add("netwatch_cause_start_timestamp_seconds", cause, during * began)
        labels = _cause_labels(fault)
        kind = labels["kind"]
        tape.add("netwatch_cause_info", labels, during)
        for site_id in fault.sites or (fault.site,):
            tape.add("netwatch_site_cause", {"site": site_id, "kind": kind} | cause, during)
    for window, span in story.works.items():
        during = np.full(story.length, np.nan)
        during[span.samples] = tape.start + 60 * span.end
        labels = {"window": f"work-{window}", "kind": "site", "id": window}
        tape.add("netwatch_maintenance_end_timestamp_seconds", labels, during)


def _cause_labels(fault: Fault) -> dict[str, str]:
    return {
        "cause": fault.cause,
        "kind": fault.kind,
        "site": fault.site,
        "target": fault.target,
        "link": fault.subject if fault.kind == "link" else "",
        "carrier": fault.carrier,
        "contract": fault.contract,
    }


def write_objectives(tape: Tape, story: Story) -> None:
    """How far the objectives of sites are reached; those of flows are Prometheus's own."""
    sites = story.inventory.sites
    for objective_id, objective in story.inventory.objectives.items():
        of_it = [story.sites[id_] for id_, site in sites.items() if site.tier in objective.tiers]
        if objective.kind == "exchange" or not of_it:
            continue
        states = np.array(of_it)
        known = (states != State.UNKNOWN).sum(axis=0)
        reached = np.isin(states, REACHED).sum(axis=0)
        ratio = np.where(known > 0, reached / np.maximum(known, 1), np.nan)
        tape.add("netwatch_objective_ratio", {"objective": objective_id}, ratio)


def unit(text: str) -> float:
    """A number from 0 to 1 that always is the same for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
