"""Which series there are of echo streams, and what each of them shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from netwatch.core.echo import REASONS, Discard
from netwatch.core.result import Outcome
from netwatch.export.echo_counts import (
    BUCKETS,
    DUPLICATE,
    LATE,
    LOST,
    PATH_MTU,
    REASON,
    RECEIVED,
    ROUND_TRIP_BUCKETS,
    RUN,
    RUN_MAX,
    RUNS,
    SENT,
    SUCCESS,
    TTL,
    TTL_CHANGES,
    UNKNOWN,
    UNSENT,
    Counts,
    Snapshot,
)
from netwatch.export.row_family import Column
from netwatch.metrics import number

Show = Callable[[Snapshot], Column]


def _count(place: int, now: Snapshot) -> Column:
    column: Column = now.counts[place]
    return column


def _not_0(place: int, now: Snapshot) -> Column:
    """A column in which 0 means that nothing is known, and shows nothing."""
    column = now.counts[place].astype(np.int64)
    return np.where(column > 0, column, -1)


def _success(now: Snapshot) -> Column:
    success: Column = now.counts[SUCCESS].astype(np.int64) - 1
    return success


def _in_flight(now: Snapshot) -> Column:
    in_flight: Column = now.counts[SENT] - _sum(now.counts[[RECEIVED, LOST, UNKNOWN]])
    return in_flight


def _up_to(bucket: int, now: Snapshot) -> Column:
    return _sum(now.counts[BUCKETS : BUCKETS + bucket + 1])


def _sum(columns: Counts) -> Column:
    """The sum of counters; it overflows as each of them does."""
    total: Column = columns.sum(axis=0, dtype=columns.dtype)
    return total


COUNTERS: dict[str, tuple[str, Show]] = {
    "netwatch_icmp_sent_total": ("Echoes sent.", partial(_count, SENT)),
    "netwatch_icmp_received_total": ("Echoes answered in time.", partial(_count, RECEIVED)),
    "netwatch_icmp_lost_total": (
        "Echoes that were refused, or not answered in time.",
        partial(_count, LOST),
    ),
    "netwatch_icmp_unknown_total": (
        "Echoes whose reply this machine may have dropped itself.",
        partial(_count, UNKNOWN),
    ),
    "netwatch_icmp_late_total": ("Echoes answered after their timeout.", partial(_count, LATE)),
    "netwatch_icmp_duplicate_total": ("Echoes answered once more.", partial(_count, DUPLICATE)),
    "netwatch_icmp_loss_runs_total": (
        "Runs of losses, of one echo or more.",
        partial(_count, RUNS),
    ),
    "netwatch_icmp_ttl_changes_total": (
        "Times that replies began to come with another time to live: the path changed.",
        partial(_count, TTL_CHANGES),
    ),
}

GAUGES: dict[str, tuple[str, Show]] = {
    "netwatch_icmp_in_flight": ("Echoes whose fate is not known yet.", _in_flight),
    "netwatch_icmp_loss_run": ("Echoes lost in a row up to now.", partial(_count, RUN)),
    "netwatch_icmp_loss_run_max": ("Most echoes ever lost in a row.", partial(_count, RUN_MAX)),
    "netwatch_icmp_reply_ttl": (
        "Time to live, or hop limit, of the last reply.",
        partial(_not_0, TTL),
    ),
    "netwatch_icmp_path_mtu_bytes": (
        "Longest packet of the path, as a router said of an echo that was too long for it.",
        partial(_not_0, PATH_MTU),
    ),
    "netwatch_icmp_jitter_seconds": (
        "RFC 3550 jitter of the round trips.",
        lambda now: now.jitter,
    ),
    "netwatch_icmp_loss_ratio": (
        "Share of the last 60 echoes that were lost.",
        lambda now: now.loss_ratio,
    ),
}

_LIMITS = (*map(number, ROUND_TRIP_BUCKETS), "+Inf")

ROUND_TRIP: dict[str, Show] = {
    **{f'_bucket{{le="{limit}",': partial(_up_to, bucket) for bucket, limit in enumerate(_LIMITS)},
    "_count{": partial(_count, RECEIVED),
    "_sum{": lambda now: now.round_trip_sum,
}

_PROBE = 'probe="icmp",'

PROBE_SUCCESS: dict[str, Show] = {f"{{{_PROBE}": _success}
PROBE_DURATION: dict[str, Show] = {f"{{{_PROBE}": lambda now: now.round_trip}
PROBE_RESULTS: dict[str, Show] = {
    f'{{outcome="{Outcome.SUCCESS}",{_PROBE}': partial(_count, RECEIVED),
    f'{{outcome="{Outcome.FAILURE}",{_PROBE}': partial(_count, LOST),
    f'{{outcome="{Outcome.INVALID}",{_PROBE}': lambda now: _sum(now.counts[[UNKNOWN, UNSENT]]),
}
PROBE_FAILURES: dict[str, Show] = {
    f'{{{_PROBE}reason="{reason}",': partial(_not_0, REASON + code)
    for code, reason in enumerate(REASONS)
}

DISCARDS = {
    Discard.REJECTED: (
        "netwatch_icmp_rejected_total",
        "ICMP messages that belong to no echo under way: forged, malformed, from elsewhere.",
    ),
    Discard.CLOCK: (
        "netwatch_icmp_clock_discards_total",
        "Receive time stamps that could not be true, because the clock was stepped.",
    ),
    Discard.OVERFLOW: (
        "netwatch_icmp_socket_overflows_total",
        "ICMP messages that the kernel dropped, because they were not read in time.",
    ),
}
