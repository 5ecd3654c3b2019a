"""The outcome that follows from a router's pings. Pure; takes any values that a router may send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from netwatch.core.facts import MEDIA_LOSS, MEDIA_ROUND_TRIP
from netwatch.core.result import Outcome, Reason
from netwatch.media.figures import quantile, statistics
from netwatch.probes.remote_ping.read import Reading, ResultRow
from netwatch.probes.tasks import Measured
from netwatch.snmp.dates import unix_time
from netwatch.snmp.remote_ping import RemotePing
from netwatch.snmp.restart import UPTIME_WRAP
from netwatch.snmp.values import Value

Key = tuple[str, Value]
"""Key and time of a probe, which tell it from all others that the router ever sent."""

_MAX_AHEAD = {"uptime": 1.0, "date": 120.0}
"""Seconds by which a probe may lie in the future, by the kind of clock that says when it was."""

_MAX_RESPONSE_TIME = 3600.0
"""Seconds; an answer that took longer is not believed."""


class UnbelievableError(Exception):
    """The router reports what can't be true. Its text is shown to people."""


@dataclass(frozen=True, slots=True)
class Ping:
    """One probe of the router.

    Attributes:
        age: seconds since then, at least 0.
        reason: what became of it; None when the router did not send it.
        response: seconds that the answer took; None without an answer, or when it isn't known.
    """

    key: Key
    age: float
    reason: Reason | None
    response: float | None


def pings(mib: RemotePing, reading: Reading, now: float, zone: timedelta) -> list[Ping]:
    """The probes of an operation, the oldest first.

    Args:
        mib: how the router reports them.
        reading: what it reported.
        now: Unix time, seconds.
        zone: how far the router's time is ahead of UTC, where it does not say so itself.

    Raises:
        UnbelievableError: a value is of a wrong kind, or a probe lies in the future.
    """
    found = [_ping(mib, reading, row, now, zone) for row in reading.rows]
    return sorted(found, key=lambda ping: -ping.age)


def judged(
    mib: RemotePing, reading: Reading, all_pings: Collection[Ping], max_age: float, seen: set[Key]
) -> Measured:
    """The outcome and the facts of the probes that are new and young enough.

    Args:
        mib: how the router reports its operations.
        reading: what it reported of this one.
        all_pings: its probes, the oldest first.
        max_age: seconds after which a probe proves nothing about the present.
        seen: probes that were judged before.
    """
    new = [ping for ping in all_pings if ping.key not in seen and ping.age <= max_age]
    tried = [ping for ping in new if ping.reason is not None]
    if not tried:
        return Measured(Outcome.INVALID, Reason.NO_RESULT, detail=_why(mib, reading, all_pings))
    answered = [ping for ping in tried if ping.reason is Reason.OK]
    lost = MEDIA_LOSS.sample(1 - len(answered) / len(tried), "round-trip")
    detail = f"the router got {len(answered)} answers to {len(tried)} pings"
    if not answered:
        reason = tried[-1].reason or Reason.TIMEOUT
        return Measured(Outcome.FAILURE, reason, detail=detail, facts=(lost,))
    times = [ping.response for ping in answered if ping.response is not None]
    if not times:
        return Measured(Outcome.SUCCESS, Reason.OK, detail=detail, facts=(lost,))
    trips = [MEDIA_ROUND_TRIP.sample(value, label) for label, value in statistics(times).items()]
    duration = quantile(times, 0.5)
    return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail, facts=(lost, *trips))


def address_of(target: Value) -> str | None:
    """The address of a target in octets; None when there is none."""
    if not isinstance(target, bytes) or len(target) not in {4, 16}:
        return None
    return str(ip_address(target))


def _why(mib: RemotePing, reading: Reading, all_pings: Collection[Ping]) -> str:
    """Why there is nothing to judge, for people."""
    state = mib.state.words.get(reading.state) if isinstance(reading.state, int) else None
    suffix = f"; the operation is {state}" if state else ""
    if not all_pings:
        return f"the router has no results, or keeps no history of them{suffix}"
    youngest = min(all_pings, key=lambda ping: ping.age)
    if youngest.reason is None:
        return f"the router could not try, for a reason of its own{suffix}"
    return f"no newer result; the last is {youngest.age:.0f} s old{suffix}"


def _ping(mib: RemotePing, reading: Reading, row: ResultRow, now: float, zone: timedelta) -> Ping:
    if type(row.status) is not int:
        raise UnbelievableError("the outcome of a ping is no number")
    if mib.time.clock == "uptime":
        age = _age_by_uptime(reading.uptime, row.time)
    else:
        age = _age_by_date(reading.date, row.time, now, zone)
    if age < -_MAX_AHEAD[mib.time.clock]:
        raise UnbelievableError(f"a ping lies {-age:.0f} s in the future; set the router's clock")
    reason = mib.outcomes.get(row.status)
    return Ping((row.key, row.time), max(age, 0.0), reason, _response(mib, row, reason))


def _response(mib: RemotePing, row: ResultRow, reason: Reason | None) -> float | None:
    if reason is not Reason.OK or row.response is None:
        return None
    if (
        type(row.response) is not int
        or not 0 <= row.response * mib.response.scale <= _MAX_RESPONSE_TIME
    ):
        raise UnbelievableError("the time of an answer is no time")
    return row.response * mib.response.scale


def _age_by_uptime(uptime: Value, time: Value) -> float:
    """Seconds from ``time`` to ``uptime``, TimeTicks of 32 bits that wrap after 497 days.

    Raises:
        UnbelievableError: one of them is no such number.
    """
    if type(uptime) is not int or type(time) is not int:
        raise UnbelievableError("the time of a ping, or sysUpTime, is no number")
    if not (0 <= uptime < UPTIME_WRAP and 0 <= time < UPTIME_WRAP):
        raise UnbelievableError("the time of a ping, or sysUpTime, is no number of 32 bits")
    age = (uptime - time) % UPTIME_WRAP / 100
    return age - UPTIME_WRAP / 100 if age > UPTIME_WRAP / 200 else age


def _age_by_date(date: Value, time: Value, now: float, zone: timedelta) -> float:
    """Seconds since ``time``, by the router's own clock where it shows one, else by ours.

    Raises:
        UnbelievableError: ``time`` is no date.
    """
    moment = unix_time(time, zone)
    if moment is None:
        raise UnbelievableError("the time of a ping is no date (RFC 2579)")
    own = unix_time(date, zone)
    return (now if own is None else own) - moment
