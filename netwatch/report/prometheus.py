"""Asks Prometheus' HTTP API for what the journal doesn't have; nothing depends on its answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlencode, urlsplit

from netwatch.core.result import Reason
from netwatch.core.timeline import Interval
from netwatch.inventory.former_ids import FormerIds
from netwatch.net.errors import NetworkError
from netwatch.net.http.client import HttpServer, http_client
from netwatch.net.peer import speak_to
from netwatch.report.account.history import Facts
from netwatch.report.measures import Measures

QUERY_TIMEOUT = 20.0
"""Seconds for one question, from the first packet to the last."""

MAX_ANSWER = 16 << 20
"""Octets of an answer: 12 000 sites take 1.3 MB."""

_MAX_HEADER_BYTES = 64 * 1024
"""Octets of an answer beyond its body."""

_LOST = "sum by (site) (increase(netwatch_icmp_lost_total[{range}]))"
_RECEIVED = "sum by (site) (increase(netwatch_icmp_received_total[{range}]))"
_SECONDS = "sum by (site) (increase(netwatch_icmp_rtt_seconds_sum[{range}]))"
_TRIPS = "sum by (site) (increase(netwatch_icmp_rtt_seconds_count[{range}]))"
_BUSY = "max by (link) (quantile_over_time(0.95, link:netwatch_utilisation:ratio5m[{range}]))"


class AskError(Exception):
    """Prometheus gave no answer that can be used; says why in a few words."""


async def measures_of(
    url: str, facts: Facts, period: Interval, former: FormerIds | None = None
) -> Measures:
    """What Prometheus knows of a period; with the reason in it where that is nothing.

    Args:
        url: of Prometheus, by its address, as ``http://127.0.0.1:9090``.
        facts: whose figures are wanted; what it says of others is left out.
        period: in milliseconds.
        former: ids of before, under which Prometheus has what was counted then.
    """
    now = former or FormerIds()
    try:
        lost, received, seconds, trips = [
            _added(await _ask(url, query, "site", period), now)
            for query in (_LOST, _RECEIVED, _SECONDS, _TRIPS)
        ]
        busy = await _ask(url, _BUSY, "link", period)
    except AskError as error:
        return Measures(missing=(f"Prometheus: {error}", f"Prometheus: {error}"))
    found = Measures(
        _of(_shares(lost, _plus(lost, received)), facts.sites, 1.0),
        _of(_shares(seconds, trips), facts.sites, sys.float_info.max),
        _of(_highest(busy, now), facts.lines, sys.float_info.max),
        None,
    )
    if not (found.loss or found.round_trip or found.busy):
        nothing = "Prometheus không có số liệu của kỳ này", "Prometheus has nothing of this period"
        return Measures(missing=nothing)
    return found


def _added(values: Iterable[tuple[str, float]], former: FormerIds) -> dict[str, float]:
    """What was counted at each site, under all ids that it had."""
    sums: dict[str, float] = {}
    for site, value in values:
        present = former.site(site)
        sums[present] = sums.get(present, 0.0) + value
    return sums


def _plus(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {site: one[site] + other[site] for site in one.keys() & other.keys()}


def _shares(part: Mapping[str, float], whole: Mapping[str, float]) -> list[tuple[str, float]]:
    """Of each site of which both are known, and the whole is not nothing."""
    return [(site, part[site] / whole[site]) for site in part if whole.get(site)]


def _highest(values: Iterable[tuple[str, float]], former: FormerIds) -> list[tuple[str, float]]:
    found: dict[str, float] = {}
    for link, value in values:
        present = former.link(link)
        found[present] = max(found.get(present, value), value)
    return list(found.items())


def _of(
    values: Iterable[tuple[str, float]], known: Collection[str], maximum: float
) -> dict[str, float]:
    """Those that can be true; a figure that is no number is left out too."""
    return {id_: value for id_, value in values if id_ in known and 0 <= value <= maximum}


async def _ask(url: str, query: str, label: str, period: Interval) -> list[tuple[str, float]]:
    """One question, and the number for each value of a label.

    Raises:
        AskError: there is no answer that can be used.
    """
    seconds = max(1, (period[1] - period[0]) // 1000)
    asked = {"query": query.format(range=f"{seconds}s"), "time": str(period[1] / 1000)}
    asked["timeout"] = f"{QUERY_TIMEOUT - 2:g}s"
    body = await _get(url, f"/api/v1/query?{urlencode(asked)}")
    try:
        answer = json.loads(body)
        if answer["status"] != "success":
            raise AskError(f"refuses the question ({str(answer.get('errorType'))[:40]!r})")
        return [
            (str(each["metric"][label]), float(each["value"][1]))
            for each in answer["data"]["result"]
            if label in each["metric"]
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise AskError("answers something that is not of its API") from None


async def _get(url: str, path: str) -> bytes:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    server = HttpServer(parts.scheme, port, host, "system")
    try:
        async with (
            speak_to(host, QUERY_TIMEOUT, MAX_ANSWER + _MAX_HEADER_BYTES) as peer,
            http_client(peer, server) as client,
        ):
            response = await client.get(parts.path.rstrip("/") + path, max_body=MAX_ANSWER)
    except NetworkError as error:
        raise AskError(_why(error)) from None
    if response.status not in {200, 400, 422, 503}:
        raise AskError(f"status {response.status}")
    if not response.whole:
        raise AskError(f"answers more than {MAX_ANSWER >> 20} MiB")
    return response.body


def _why(error: NetworkError) -> str:
    """What went wrong, in a few words."""
    if error.reason in {Reason.TIMEOUT, Reason.SILENT, Reason.TARPIT}:
        return f"no answer within {QUERY_TIMEOUT:g} s"
    return f"{error.reason} {error.detail}".strip()
