"""Which checks are made for a meeting at once, and when each of them, so that no line is disturbed.

Pure: nothing is launched here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from netwatch.core.check import Check

MAX_SITE_BITRATE = 64_000.0
"""Bits a second that a site may be asked with, on average over a round, each way."""

MAX_RESULT_DELAY = 1.0
"""Seconds beyond a timeout in which its result comes in."""


def checks_for(rooms: Collection[str], checks: Iterable[Check]) -> list[Check]:
    """Those of rooms (``site/target``), and the streams to their sites; a target's first first."""
    sites = {room.partition("/")[0] for room in rooms}
    return [
        check
        for check in checks
        if check.flow is None
        and (
            f"{check.site}/{check.target}" in rooms
            or (check.site in sites and check.params.traits.media_stream)
        )
    ]


def spread(checks: Iterable[Check], seconds: float) -> list[tuple[float, Check]]:
    """Each check with the second at which it begins, so that all have ended within ``seconds``.

    The checks of one site lie far apart: all first ones go before the second ones. What takes too
    long, or would go beyond the budget of a site, is left out, the costliest first; it has its
    regular slots still.
    """
    by_site: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        if check.timeout + MAX_RESULT_DELAY <= seconds:
            by_site[check.site].append(check)
    placed = [
        (place, check)
        for members in by_site.values()
        for place, check in enumerate(_affordable(members, seconds * MAX_SITE_BITRATE))
    ]
    placed.sort(key=lambda item: item[0])  # stable: sites keep their order
    plan = [
        (number / len(placed) * (seconds - MAX_RESULT_DELAY - check.timeout), check)
        for number, (_, check) in enumerate(placed)
    ]
    return sorted(plan, key=lambda item: item[0])


def _affordable(checks: list[Check], bits: float) -> list[Check]:
    kept = set()
    for check in sorted(checks, key=lambda check: check.params.bits):
        bits -= check.params.bits
        if bits < 0:
            break
        kept.add(check.id)
    return [check for check in checks if check.id in kept]
