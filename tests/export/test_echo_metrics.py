from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from netwatch.core.check import Check
from netwatch.core.echo import LOCAL_ERROR, OK, REASONS, TIMEOUT, Discard, EchoResults
from netwatch.core.result import Outcome, Reason, StrayKind
from netwatch.core.streams import Rows, Streams
from netwatch.export import echo_counts
from netwatch.export.exporter import Watched
from netwatch.export.results import ResultMetrics
from netwatch.metrics import Registry, render
from netwatch.state.quality import Qualities
from tests.harness.builders import make_check, make_inventory, make_result

CHECKS = [make_check(site=site) for site in ("a", "b", "c")]
A, B, C = ((check.site, check.target) for check in CHECKS)


class Shown:
    """Echo metrics of some streams, and the page they are on."""

    def __init__(self, checks: list[Check]) -> None:
        self.streams = Streams()
        self.qualities = Qualities()
        self.registry = Registry()
        self.results = ResultMetrics(self.registry, self.streams, self.qualities)
        self.echoes = self.results.echoes
        self.watch(checks)

    def watch(self, checks: list[Check]) -> None:
        self.streams.watch(checks)
        self.qualities.grow(len(self.streams))
        self.results.watch(Watched.of(make_inventory(), checks))

    def rows(self, checks: list[Check]) -> Rows:
        return self.streams.rows(checks)

    def answer(self, checks: list[Check], round_trip: float = 0.004, ttl: int = 0) -> None:
        count = len(checks)
        trips, ttls = np.full(count, round_trip), np.full(count, ttl, np.uint8)
        reasons = np.full(count, OK, np.uint8)
        rows = self.rows(checks)
        self.echoes.settled(EchoResults(rows, reasons, np.zeros(count), 0.0, trips, ttls))

    def lose(self, checks: list[Check], reason: int = TIMEOUT, *, sent: bool = True) -> None:
        rows, reasons = self.rows(checks), np.full(len(checks), reason, np.uint8)
        self.echoes.settled(EchoResults(rows, reasons, np.zeros(len(checks)), 0.0, sent=sent))

    async def text(self) -> str:
        self.echoes.refresh()
        return (await render(self.registry)).decode()

    async def values(self, name: str) -> dict[tuple[str, ...], float]:
        """Values by site, target and further labels but probe; as another program reads them."""
        found = {}
        for family in text_string_to_metric_families(await self.text()):
            for sample in family.samples:
                if sample.name == name:
                    more = {k: v for k, v in sample.labels.items() if k not in {"site", "target"}}
                    assert more.pop("probe", "icmp") == "icmp"
                    place = sample.labels["site"], sample.labels["target"]
                    assert (*place, *more.values()) not in found, "a series stands there twice"
                    found[(*place, *more.values())] = sample.value
        return found


@pytest.fixture
def shown() -> Shown:
    return Shown(CHECKS)


async def test_counters_begin_at_0_and_nothing_else_is_claimed(shown: Shown) -> None:
    for name in ("sent", "received", "lost", "unknown", "late", "duplicate", "loss_runs"):
        assert await shown.values(f"netwatch_icmp_{name}_total") == {A: 0, B: 0, C: 0}
    for name in ("netwatch_probe_success", "netwatch_probe_duration_seconds"):
        assert await shown.values(name) == {}
    for name in ("reply_ttl", "path_mtu_bytes", "jitter_seconds", "loss_ratio"):
        assert await shown.values(f"netwatch_icmp_{name}") == {}


async def test_what_is_sent_is_received_lost_unknown_or_in_flight(shown: Shown) -> None:
    shown.echoes.sent(shown.rows(CHECKS))
    assert await shown.values("netwatch_icmp_in_flight") == {A: 1, B: 1, C: 1}
    shown.answer(CHECKS[:1])
    shown.lose(CHECKS[1:2])
    shown.lose(CHECKS[2:], LOCAL_ERROR)
    assert await shown.values("netwatch_icmp_in_flight") == {A: 0, B: 0, C: 0}
    assert await shown.values("netwatch_icmp_received_total") == {A: 1, B: 0, C: 0}
    assert await shown.values("netwatch_icmp_lost_total") == {A: 0, B: 1, C: 0}
    assert await shown.values("netwatch_icmp_unknown_total") == {A: 0, B: 0, C: 1}


async def test_what_did_not_leave_is_invalid_and_not_sent(shown: Shown) -> None:
    shown.lose(CHECKS[:1], LOCAL_ERROR, sent=False)
    results = await shown.values("netwatch_probe_results_total")
    assert results[*A, Outcome.INVALID] == 1
    assert sum(results.values()) == 1
    assert set((await shown.values("netwatch_icmp_sent_total")).values()) == {0}
    assert set((await shown.values("netwatch_icmp_in_flight")).values()) == {0}


async def test_losses_are_told_by_reason_and_in_runs(shown: Shown) -> None:
    unreachable = REASONS.index(Reason.HOST_UNREACHABLE)
    for reasons in ([TIMEOUT, unreachable, TIMEOUT], [TIMEOUT], []):
        for reason in reasons:
            shown.lose(CHECKS[:1], reason)
        shown.answer(CHECKS[:1])
    shown.lose(CHECKS[:1])
    failures = await shown.values("netwatch_probe_failures_total")
    assert failures == {(*A, Reason.TIMEOUT): 4, (*A, Reason.HOST_UNREACHABLE): 1}
    assert (await shown.values("netwatch_icmp_loss_run"))[A] == 1
    assert (await shown.values("netwatch_icmp_loss_run_max"))[A] == 3
    assert (await shown.values("netwatch_icmp_loss_runs_total"))[A] == 3


async def test_the_last_result_is_shown_until_it_is_too_old(shown: Shown) -> None:
    shown.answer(CHECKS[:2], 0.004)
    shown.lose(CHECKS[1:2])
    assert await shown.values("netwatch_probe_success") == {A: 1, B: 0}
    assert await shown.values("netwatch_probe_duration_seconds") == {A: 0.004}
    shown.lose(CHECKS[:1], LOCAL_ERROR)
    assert (await shown.values("netwatch_probe_success"))[A] == 1, "nothing was measured"
    for check in CHECKS[:2]:
        shown.results.forget(check)
    assert await shown.values("netwatch_probe_success") == {}
    assert await shown.values("netwatch_probe_duration_seconds") == {}


async def test_round_trips_are_a_histogram(shown: Shown) -> None:
    for round_trip in (0.0004, 0.001, 0.0011, 7.0):
        shown.answer(CHECKS[:1], round_trip)
    buckets = await shown.values("netwatch_icmp_rtt_seconds_bucket")
    assert [buckets[*A, le] for le in ("0.0005", "0.001", "0.002", "1.0", "+Inf")] == [
        1,
        2,
        3,
        3,
        4,
    ]
    assert (await shown.values("netwatch_icmp_rtt_seconds_count"))[A] == 4
    assert (await shown.values("netwatch_icmp_rtt_seconds_sum"))[A] == pytest.approx(7.0025)


async def test_strays_are_counted_each(shown: Shown) -> None:
    shown.echoes.stray(shown.rows([CHECKS[0], CHECKS[0], CHECKS[1]]), StrayKind.DUPLICATE)
    shown.echoes.stray(shown.rows([CHECKS[2]]), StrayKind.LATE)
    assert await shown.values("netwatch_icmp_duplicate_total") == {A: 2, B: 1, C: 0}
    assert await shown.values("netwatch_icmp_late_total") == {A: 0, B: 0, C: 1}


async def test_another_way_is_noticed(shown: Shown) -> None:
    for ttl in (57, 57, 0, 58):
        shown.answer(CHECKS[:1], ttl=ttl)
    assert await shown.values("netwatch_icmp_reply_ttl") == {A: 58}
    assert (await shown.values("netwatch_icmp_ttl_changes_total"))[A] == 1


async def test_a_path_mtu_is_shown_while_a_router_says_so(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.echoes.path_mtu(int(shown.rows(CHECKS)[0]), 1400)
    assert await shown.values("netwatch_icmp_path_mtu_bytes") == {A: 1400}
    monkeypatch.setattr(echo_counts, "MAX_PATH_MTU_AGE", -1.0)
    assert await shown.values("netwatch_icmp_path_mtu_bytes") == {}


async def test_what_could_not_be_used_is_counted(shown: Shown) -> None:
    shown.echoes.discarded(Discard.REJECTED, 5)
    shown.echoes.discarded(Discard.OVERFLOW, 2)
    text = await shown.text()
    assert "\nnetwatch_icmp_rejected_total 5.0\n" in text
    assert "\nnetwatch_icmp_clock_discards_total 0.0\n" in text
    assert "\nnetwatch_icmp_socket_overflows_total 2.0\n" in text


async def test_a_full_counter_begins_anew_and_the_others_go_by_it(shown: Shown) -> None:
    row = int(shown.rows(CHECKS)[0])
    counts = shown.echoes._counts._counts
    counts[[echo_counts.SENT, echo_counts.RECEIVED], row] = 2**32 - 2
    counts[[echo_counts.BUCKETS, echo_counts.BUCKETS + 1], row] = 2**31 - 1
    for _ in range(5):
        shown.echoes.sent(shown.rows(CHECKS))
    for _ in range(3):
        shown.answer(CHECKS)
    assert (await shown.values("netwatch_icmp_received_total"))[A] == 1
    assert (await shown.values("netwatch_icmp_in_flight"))[A] == 2
    assert (await shown.values("netwatch_icmp_rtt_seconds_bucket"))[*A, "+Inf"] == 1


async def test_one_page_is_of_one_moment(shown: Shown) -> None:
    shown.answer(CHECKS)
    shown.echoes.refresh()
    shown.lose(CHECKS)
    text = (await render(shown.registry)).decode()
    assert 'netwatch_icmp_lost_total{site="a",target="router"} 0.0\n' in text
    assert 'netwatch_icmp_lost_total{site="a",target="router"} 1.0\n' in await shown.text()


async def test_nothing_is_shown_of_a_moment_that_is_over(shown: Shown) -> None:
    shown.answer(CHECKS)
    shown.echoes.refresh()
    shown.echoes.release()
    text = (await render(shown.registry)).decode()
    assert 'site="a"' not in text
    assert (await shown.values("netwatch_icmp_received_total"))[A] == 1


async def test_a_stream_that_stays_keeps_its_counters_and_another_begins_at_0(
    shown: Shown,
) -> None:
    shown.answer(CHECKS)
    new = make_check(site="d")
    shown.watch([CHECKS[1], new])
    received = await shown.values("netwatch_icmp_received_total")
    assert received == {B: 1, ("d", "router"): 0}
    assert await shown.values("netwatch_probe_success") == {B: 1}


async def test_rows_and_cells_of_a_name_stand_together(shown: Shown) -> None:
    tcp = make_check("tcp:25", site="a")
    shown.watch([*CHECKS, tcp])
    shown.results.report(make_result(tcp, Outcome.SUCCESS))
    shown.answer(CHECKS[:1])
    text = await shown.text()
    assert text.count("# TYPE netwatch_probe_success gauge\n") == 1
    assert 'netwatch_probe_success{probe="tcp:25",site="a",target="router"} 1.0\n' in text
    assert 'netwatch_probe_success{probe="icmp",site="a",target="router"} 1.0\n' in text


@settings(max_examples=50, deadline=None)
@given(
    name=st.text(max_size=20),
    count=st.sampled_from([0, 1, 999_999, 1_000_000, 4_123_456_789]),
    round_trip=st.floats(0, 1e9),
)
async def test_another_program_reads_what_was_counted(
    name: str, count: int, round_trip: float
) -> None:
    check = make_check(site=name)
    shown = Shown([check])
    row = int(shown.rows([check])[0])
    shown.answer([check], round_trip)
    shown.echoes._counts._counts[[echo_counts.SENT, echo_counts.RECEIVED], row] = count
    shown.echoes._counts._counts[echo_counts.BUCKETS, row] = count
    values = list((await shown.values("netwatch_icmp_sent_total")).items())
    assert [value for _, value in values] == [count]
    (place,) = (key for key, _ in values)
    buckets = await shown.values("netwatch_icmp_rtt_seconds_bucket")
    is_first = round_trip <= echo_counts.ROUND_TRIP_BUCKETS[0]
    assert buckets[*place, "+Inf"] == count + (not is_first)
    (total,) = (await shown.values("netwatch_icmp_rtt_seconds_sum")).values()
    assert math.isclose(total, round_trip, rel_tol=1e-9, abs_tol=1e-9)
