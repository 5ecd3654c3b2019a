"""Every echo is accounted for: what netwatch counts is what the wire did, packet for packet."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterator

import pytest

from netwatch.export.echo_counts import ROUND_TRIP_BUCKETS
from tests.truth.province import CENTRE, INTERVAL, Site
from tests.truth.watched import Account, watched

pytestmark = pytest.mark.slow

ECHOES = 50
"""To each address, at least."""

CLOSE = 0.0002
"""Seconds by which a round trip may differ from the wire's own."""

INTERRUPTED = 0.02
"""Share of echoes whose sender may have been interrupted between its clock and the kernel."""

PATIENCE = 60.0
TIMEOUT = INTERVAL

KINDS = ("clear", "lossy", "bursty", "deaf", "twofold", "overtaken", "slow", "late", "cut", "all")
FAULTS = """
faults:
  - {at: 0s, loss: {site: lossy, ratio: 10%}}
  - {at: 0s, loss: {site: bursty, ratio: 30%, burst: 3}}
  - {at: 0s, loss: {site: deaf, ratio: 20%, way: back}}
  - {at: 0s, duplicate: {site: twofold, ratio: 25%}}
  - {at: 0s, reorder: {site: overtaken, ratio: 30%, by: 300ms}}
  - {at: 0s, delay: {site: slow, delay: 30ms, jitter: 20ms}}
  - {at: 0s, delay: {site: late, delay: 250ms, jitter: 50ms}}
  - {at: 5s, for: 3s, cut: cut}
  - {at: 0s, loss: {site: all, ratio: 10%}}
  - {at: 0s, duplicate: {site: all, ratio: 20%}}
  - {at: 0s, delay: {site: all, delay: 10ms}}
"""


def addresses(number: int) -> tuple[str, ...]:
    return (*(f"10.50.{number}.{host}" for host in range(1, 5)), f"fd50::{number}:1")


SITES = [Site(kind, addresses(number)) for number, kind in enumerate(KINDS, start=1)]
ADDRESSES = [*CENTRE.addresses, *(address for site in SITES for address in site.addresses)]


def of(kind: str) -> tuple[str, ...]:
    return SITES[KINDS.index(kind)].addresses


@pytest.fixture(scope="module")
def account(needs_namespaces: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with watched(tmp_path_factory.mktemp("counts"), SITES, FAULTS, TIMEOUT) as running:
        running.first_page()
        until = time.monotonic() + PATIENCE
        while not all(
            value >= ECHOES for _, value in running.page().series["netwatch_icmp_sent_total"]
        ):
            assert time.monotonic() < until, f"not {ECHOES} echoes each within {PATIENCE:.0f} s"
            time.sleep(0.5)
        yield running.settle()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_echo_is_accounted_for(account: Account, address: str) -> None:
    wire = account.counts[address]
    sent, received, late, duplicate = (
        account.said(f"netwatch_icmp_{name}_total", address)
        for name in ("sent", "received", "late", "duplicate")
    )
    assert sent == wire["seen"] >= ECHOES
    assert account.said("netwatch_probe_results_total", address, outcome="invalid") == 0

    never_back = wire["lost"] + wire["cut"] + wire["returned_lost"] + wire["returned_cut"]
    if not wire["duplicated"]:
        assert sent == received + late + never_back
    assert sent - received == account.said("netwatch_probe_failures_total", address)
    assert received + late == len(account.round_trips[address])
    assert received + late + duplicate == wire["returned"]
    assert duplicate == wire["duplicated"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_late_is_what_the_wire_kept_beyond_the_timeout(account: Account, address: str) -> None:
    trips = account.round_trips[address]
    surely, possibly = (sum(trip > TIMEOUT + by for trip in trips) for by in (CLOSE, -CLOSE))
    assert surely <= account.said("netwatch_icmp_late_total", address) <= possibly


def test_each_fault_did_what_this_story_is_about(account: Account) -> None:
    def wire(kind: str, what: str) -> int:
        return sum(account.counts[address][what] for address in of(kind))

    def trips(kind: str) -> list[float]:
        return [trip for address in of(kind) for trip in account.round_trips[address]]

    assert wire("lossy", "lost")
    assert wire("bursty", "lost")
    assert wire("deaf", "returned_lost")
    assert wire("twofold", "duplicated")
    assert wire("overtaken", "reordered")
    assert wire("cut", "cut")
    assert min(trips("slow")) > 0.03
    assert min(trips("late")) > TIMEOUT
    assert all(wire("all", what) for what in ("lost", "duplicated", "delayed"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "late"])
def test_the_round_trip_is_the_wires_own(account: Account, kind: str) -> None:
    in_time = [
        trip for address in of(kind) for trip in account.round_trips[address] if trip <= TIMEOUT
    ]
    said = account.page.total("netwatch_icmp_rtt_seconds_sum", site=kind)
    count = account.page.total("netwatch_icmp_rtt_seconds_count", site=kind)
    assert count == pytest.approx(len(in_time), abs=1)
    assert said / count == pytest.approx(sum(in_time) / len(in_time), abs=CLOSE)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "late"])
def test_the_histogram_is_the_wires_own(account: Account, kind: str) -> None:
    trips = sorted(trip for address in of(kind) for trip in account.round_trips[address])
    for edge in ROUND_TRIP_BUCKETS:
        if edge > TIMEOUT:
            break
        said = account.page.total("netwatch_icmp_rtt_seconds_bucket", site=kind, le=f"{edge:g}")
        fewest, most = (bisect_right(trips, edge + by) for by in (-CLOSE, CLOSE))
        assert fewest - INTERRUPTED * len(trips) <= said <= most, f"up to {edge} s"
