"""PromQL that several panels share. Nothing here needs more than Prometheus 2.42."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.grafana.words import NONE
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

SEES = 'max(netwatch_vantage_ok{job="netwatch"})'
"""1 while the collector sees, 0 while it is blind; nothing where there is no collector."""

RULES = 'max(ALERTS{alertname="NetwatchWatchdog"})'
"""1 where the rules are evaluated: one of them fires always."""

OBJECTIVE_NAMES = "on (objective) group_left (name_vi, name) netwatch_objective_info"
"""Behind a ``*``: gives the series of an objective its names."""

LINES = 'netwatch_link_info{carrier=~"$carrier"}'
"""The lines that the variables of the dashboard choose."""

THIS_LINE = 'link="$link"'

_TIME_COUNTED = "up|degraded|down|unreachable"


def ranked(metric: str, bad: str = "{}") -> str:
    """States as ranks: 5 down, 4 unreachable, 3 degraded, 2 unknown, 1 maintenance, 0 up.

    Args:
        metric: a metric of states, or an expression that is cheap.
        bad: what becomes of the series of ranks 3 to 5, which stand at ``{}``.
    """
    troubled = f"(({metric} > {State.UP:d}) < {State.MAINTENANCE:d}) + 1"
    return (
        bad.format(troubled) + f" or ({metric} == {State.UNKNOWN:d}) + 2"
        f" or ({metric} == {State.MAINTENANCE:d}) - 4"
        f" or ({metric} == {State.UP:d}) - 1"
    )


def spoken(expr: str, labels: Mapping[str, str], value: str = "0") -> str:
    """The series of ``expr``, or one that says that there is none, while the collector sees.

    Args:
        expr: what a table shows.
        labels: of the series that says so; ``site`` and ``link`` are a dash unless they stand here.
        value: of that series.
    """
    told = f'{value} * (max(netwatch_vantage_ok{{job="netwatch"}}) == 1)'
    for label, text in ({"site": NONE, "link": NONE} | dict(labels)).items():
        told = f'label_replace({told}, "{label}", "{text}", "", "")'
    return f"{expr} or on () {told}"


def counted(expr: str) -> str:
    """How many there are: 0 while the collector sees and there is none, -1 while it is blind."""
    return f"count({expr}) or 0 * ({SEES} == 1) or ({SEES} == 0) - 1"


def chosen(expr: str, which: str = SITES, by: str = "site") -> str:
    """The series of the chosen sites or lines."""
    return f"({expr}) and on ({by}) ({which})"


def named(expr: str) -> str:
    """Series of one value a chosen site, with the names of the site."""
    return f"({expr}) * on (site) group_left (name_vi, tier_vi, network) ({NAMED_SITES})"


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


def round_trips(selector: str, which: str = "") -> str:
    """How many round trips fell into each bucket; ``which`` ends the expression of the buckets."""
    buckets = f"increase(netwatch_icmp_rtt_seconds_bucket{{{selector}}}[$__rate_interval])"
    return f"sum by (le) ({buckets}{which})"


def reasons(selector: str, by: str) -> str:
    """Probes that fail now, each with the reason that was most frequent in the last five minutes.

    Args:
        selector: which series to look at; may be empty.
        by: labels, each combination of which gets one probe and one reason at most.
    """
    failing = f"netwatch_probe_success{{{selector}}} == 0"
    failures = f"increase(netwatch_probe_failures_total{{{selector}}}[5m])"
    told = (
        "sum by (site, target, probe, reason) "
        f"({failures} and on (site, target, probe) {failing}) > 0"
    )
    return f"topk by ({by}) (1, {told})"


def availability(selector: str, window: str) -> str:
    """Share of the measured time in which it was reachable; maintenance counts neither way."""

    def seconds(states: str) -> str:
        metric = f'netwatch_site_state_seconds_total{{{selector},state=~"{states}"}}'
        return f"sum by (site) (increase({metric}[{window}]))"

    return f"{seconds('up|degraded')} / ({seconds(_TIME_COUNTED)} > 0)"


def interface(metric: str) -> str:
    """The last value of every interface of the chosen targets, with its labels."""
    return f"max by (target, ifIndex, ifName) ({metric}{{{THESE_TARGETS}}})"


def interface_rate(metric: str, window: str = "$__rate_interval") -> str:
    """The rate of a counter of every interface of the chosen targets."""
    return f"max by (target, ifIndex, ifName) (rate({metric}{{{THESE_TARGETS}}}[{window}]))"


def at_ends(expr: str) -> str:
    """Sum over the interfaces that a line is plugged into, as far as they are known."""
    within = f"sum by (site, target, ifName) ({expr})"
    plugged = "link:netwatch_interface:info * on (site, target, ifName) group_left ()"
    return f"sum by (link) ({plugged} {within})"


def top(count: int, expr: str, by: str) -> str:
    """``expr`` over time, of those only that have the greatest values as the time shown ends.

    Which ones they are is decided once, so no line begins or ends because another one rises.
    """
    return f"({expr}) and on ({by}) topk({count}, max by ({by}) ({_at_the_end(expr)}))"


def _at_the_end(expr: str) -> str:
    # A subquery can't know how far apart the samples of the panel are.
    return f"last_over_time(({expr.replace('$__rate_interval', '5m')})[5m:1m] @ end())"
