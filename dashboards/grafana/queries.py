"""PromQL that several panels share. Nothing here needs more than Prometheus 2.42."""

from __future__ import annotations

from netwatch.core.state import State

SITES = 'netwatch_site_info{tier=~"$tier",network=~"$network"}'
"""The sites that the variables of the dashboard choose."""

THIS_SITE = 'site="$site"'

THESE_TARGETS = f'{THIS_SITE},target=~"$target"'
"""The chosen targets of the chosen site."""

NAMED_SITES = (
    f"{SITES} * on (tier) group_left (tier_vi) "
    'label_replace(netwatch_tier_info, "tier_vi", "$1", "name_vi", "(.*)")'
)
"""The chosen sites with the Vietnamese names of their tiers."""

FLOW_STATE = """label_replace(
  flow:netwatch_flow:state
    * on (flow) group_left (name_vi, name, from, to, expect, probe) netwatch_flow_info,
  "site", "$1", "to", "([^/]+)/.*"
)"""
"""The keys of ``words.FLOWS``, for every flow of the inventory, with the site that is called."""

CELL_STATE = f"""(
  max by (from, site) ({FLOW_STATE} > 1) or min by (from, site) ({FLOW_STATE})
) * on (site) group_left (name_vi) netwatch_site_info"""
"""The worst state of all flows from a vantage to a site; unknown is worse than as expected."""

VIOLATIONS = "increase(netwatch_flow_violations_total[{window}])"
"""How often what must stay blocked passed; to be formatted with a window."""

CAUSES_BY_NAME = (
    "max by (cause) (netwatch_cause_state)"
    " * on (cause) group_left (kind, site, carrier, contract)"
    " max by (cause, kind, site, carrier, contract) (netwatch_cause_info)"
    " * on (site) group_left (name_vi, name) netwatch_site_info"
)
"""State of what is at fault, with the name of the first site that it silences."""

OBJECTIVE_NAMES = "on (objective) group_left (name_vi, name) netwatch_objective_info"
"""Behind a ``*``: gives the series of an objective its names."""

LINES = 'netwatch_link_info{carrier=~"$carrier"}'
"""The lines that the variables of the dashboard choose."""

THIS_LINE = 'link="$link"'

_TIME_COUNTED = "up|degraded|down|unreachable"


def chosen(expr: str, which: str = SITES, by: str = "site") -> str:
    """The series of the chosen sites or lines."""
    return f"({expr}) and on ({by}) ({which})"


def named(expr: str) -> str:
    """Series of one value a chosen site, with the names of the site."""
    return f"({expr}) * on (site) group_left (name_vi, name, tier_vi, network) ({NAMED_SITES})"


def count_in(state: State) -> str:
    """How many of the chosen sites are in this state; no data when no site is known at all."""
    return f"sum({chosen(f'netwatch_site_state == bool {int(state)}')})"


def loss(selector: str) -> str:
    """Share of the echoes that were lost; nothing where the fate of none is known."""
    received, lost = (
        f"rate(netwatch_icmp_{which}_total{{{selector}}}[$__rate_interval])"
        for which in ("received", "lost")
    )
    return f"{lost} / ({lost} + {received} > 0)"


def quantile(share: float, selector: str) -> str:
    """A quantile of the round trips to each target."""
    buckets = f"rate(netwatch_icmp_rtt_seconds_bucket{{{selector}}}[$__rate_interval])"
    return f"histogram_quantile({share}, sum by (target, le) ({buckets}))"


def reasons(selector: str, by: str) -> str:
    """Probes that fail now, each with the reason that was most frequent in the last five minutes.

    Args:
        selector: which series to look at; may be empty.
        by: labels, each combination of which gets one probe and one reason at most.
    """
    failing = f"netwatch_probe_success{{{selector}}} == 0"
    failures = f"increase(netwatch_probe_failures_total{{{selector}}}[5m])"
    counted = (
        "sum by (site, target, probe, reason) "
        f"({failures} and on (site, target, probe) {failing}) > 0"
    )
    return f"topk by ({by}) (1, {counted})"


def availability(selector: str, window: str) -> str:
    """Share of the measured time in which it was reachable; maintenance counts neither way."""

    def seconds(states: str) -> str:
        metric = f'netwatch_site_state_seconds_total{{{selector},state=~"{states}"}}'
        return f"sum by (site) (increase({metric}[{window}]))"

    return f"{seconds('up|degraded')} / ({seconds(_TIME_COUNTED)} > 0)"


def interface(metric: str) -> str:
    """One value an interface of the chosen targets."""
    return f"max by (target, ifIndex, ifName) ({metric}{{{THESE_TARGETS}}})"


def interface_rate(metric: str, window: str = "$__rate_interval") -> str:
    """Growth a second of a counter of each interface of the chosen targets."""
    return f"max by (target, ifIndex, ifName) (rate({metric}{{{THESE_TARGETS}}}[{window}]))"


def at_ends(expr: str) -> str:
    """Sum over the interfaces that a line is plugged into, as far as they are known."""
    within = f"sum by (site, target, ifName) ({expr})"
    plugged = "link:netwatch_interface:info * on (site, target, ifName) group_left ()"
    return f"sum by (link) ({plugged} {within})"
