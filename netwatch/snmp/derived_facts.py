"""Facts about a meeting endpoint that follow from what SNMP read of it."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.core.fact_rules import derive_facts
from netwatch.core.result import Readings, Sample
from netwatch.snmp.load import load_profile
from netwatch.snmp.profile import Scalar


def facts(profiles: Iterable[str], readings: Readings) -> tuple[Sample, ...]:
    """The facts that follow from a poll, by the rules of these profiles.

    Args:
        profiles: names of the profiles that were read.
        readings: what the poll gave; it must be complete, or a value that is missing would count
            as absent.
    """
    rules = [
        (rule, profile.objects[rule.of])
        for name in profiles
        for profile in [load_profile(name)]
        for rule in profile.facts
    ]
    if not rules:
        return ()
    wanted = {scalar.metric for _, scalar in rules}
    values: dict[str, list[float]] = {}
    for (metric, _), value in zip(readings.series, readings.values, strict=True):
        if metric in wanted:
            values.setdefault(metric, []).append(value)
    return derive_facts(
        (rule, _words(scalar, values.get(scalar.metric, []))) for rule, scalar in rules
    )


def _words(scalar: Scalar, values: Iterable[float]) -> list[str]:
    """Values as text: by the words that the profile has for them, else as numbers."""
    return [scalar.enum.get(int(value), f"{value:.15g}") for value in values]
