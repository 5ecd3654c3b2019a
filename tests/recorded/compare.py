"""Polls one recording and compares what would be exported with what net-snmp reads."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential
from netwatch.core.result import Outcome, Result
from netwatch.snmp import load_profile, profile_names
from netwatch.snmp.identify import AUTO, OBJECT_ID, profiles_for
from netwatch.snmp.load import profile_series
from tests.harness.snmp_polls import check, poll
from tests.recorded.agent import COMMUNITY
from tests.recorded.expected import Series, expected, read_text


@dataclass(frozen=True)
class Comparison:
    """What came of one recording.

    Attributes:
        object_id: the device's sysObjectID; empty when it has none.
        profiles: the profiles that are for this kind of device only.
        result: of the poll.
        exported: how many series.
        by_profile: how many of them each profile gave.
        differences: series that are missing, superfluous, or of another value.
    """

    object_id: str
    profiles: tuple[str, ...]
    result: Result
    exported: int
    by_profile: Counter[str]
    differences: tuple[str, ...]


async def compare(port: int) -> Comparison:
    """Poll what answers on this port of 127.0.0.1."""
    credential = CommunityCredential(SecretStr(COMMUNITY))
    result = await poll(check(port, credential, timeout=30.0, max_series=1_000_000))
    object_id = read_text(port, OBJECT_ID)
    chosen = profiles_for([AUTO], object_id or None)
    wanted = expected([load_profile(name) for name in chosen], port)
    exported = {(s.name, tuple(sorted(s.labels))): s.value for s in result.samples}
    base = profiles_for([AUTO], None)
    return Comparison(
        object_id=object_id,
        profiles=tuple(name for name in chosen if name not in base),
        result=result,
        exported=len(exported),
        by_profile=Counter(_OWNERS[name] for name, _ in exported),
        differences=tuple(_differences(wanted, exported)),
    )


def _owners() -> dict[str, str]:
    """The profile that each metric comes from."""
    return {
        series: name
        for name in profile_names()
        for series in (item.name for item in profile_series(load_profile(name)))
    }


_OWNERS = _owners()


def explain(comparison: Comparison) -> str:
    """The outcome in a few words."""
    result = comparison.result
    return (
        result.detail if result.outcome is Outcome.SUCCESS else f"{result.reason}: {result.detail}"
    )


def _differences(wanted: Series, exported: Series) -> list[str]:
    found = [f"missing {key} {wanted[key]}" for key in sorted(wanted.keys() - exported.keys())]
    found += [f"extra {key} {exported[key]}" for key in sorted(exported.keys() - wanted.keys())]
    for key in sorted(wanted.keys() & exported.keys()):
        if not math.isclose(wanted[key], exported[key], rel_tol=1e-12):
            found.append(f"{key}: {exported[key]} instead of {wanted[key]}")
    return found
