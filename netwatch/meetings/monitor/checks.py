"""Which checks a round makes, and when each of them begins, so that no line is disturbed.

Pure: nothing is launched here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from netwatch.core.check import Check

MAX_SITE_BITRATE = 64_000.0
"""Bits a second that the checks of a site take, each way, on average over a round."""

MAX_RESULT_DELAY = 1.0
"""Seconds from the timeout of a check to its result, at most."""


def checks_for(rooms: Collection[str], checks: Iterable[Check]) -> list[Check]:
    """The checks of rooms (``site/target``) and the media streams to their sites, in order."""
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
    """When each check begins, in seconds of a round, so that all have ended within ``seconds``.

    The checks of one site are far apart: the first check of every site begins before the second of
    any. A check that takes too long is left out, and so are the costliest of a site that would be
    asked for more than ``MAX_SITE_BITRATE``; they are still measured in their regular slots.
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
