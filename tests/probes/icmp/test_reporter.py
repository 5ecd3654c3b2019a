"""Which row a single echo has, and that reloads leave none behind."""

from __future__ import annotations

import numpy as np

from netwatch.core.check import Check
from netwatch.core.echo import TIMEOUT, EchoResults
from netwatch.core.result import Result, Stray, StrayKind
from netwatch.core.streams import Rows
from netwatch.probes.icmp.echoes import Echoes
from netwatch.probes.icmp.reporter import Reporter
from netwatch.probes.icmp.streams import destination_of
from tests.harness.builders import make_check

NOBODY: Rows = np.zeros(0, np.int64)
SIZE = 56


def _single(number: int) -> Check:
    return make_check(address=f"127.0.0.{number % 200 + 1}", flow=f"flow-{number}")


def _lost(row: int) -> EchoResults:
    return EchoResults(np.array([row]), np.array([TIMEOUT], np.uint8), np.zeros(1), 1.0)


def test_a_check_keeps_its_row_as_long_as_echoes_of_it_are_known() -> None:
    reports: list[Result | Stray] = []
    reporter = Reporter(reports.append)
    first, second = _single(1), _single(2)
    rows = reporter.single_row(first), reporter.single_row(second)
    reporter.free_single_rows(np.array([rows[0]]))
    assert reporter.single_row(first) == rows[0]
    reporter.stray(np.array([rows[0]]), StrayKind.LATE)
    reporter.settled(_lost(rows[0]))
    assert [report.check for report in reports] == [first, first]


def test_a_free_row_goes_to_another_check() -> None:
    reports: list[Result | Stray] = []
    reporter = Reporter(reports.append)
    row = reporter.single_row(_single(1))
    reporter.free_single_rows(NOBODY)
    assert reporter.single_row(_single(2)) == row
    reporter.settled(_lost(row))
    assert [report.check for report in reports] == [_single(2)]


def test_no_two_checks_have_one_row() -> None:
    reporter = Reporter(lambda _: None)
    rows = [reporter.single_row(_single(number)) for number in range(5)]
    reporter.free_single_rows(np.array(rows[1:3]))
    again = [reporter.single_row(_single(number)) for number in (1, 2, 5, 6, 7, 8)]
    assert again[:2] == rows[1:3]
    assert len(set(again)) == len(again)
    assert all(row < 0 for row in again)


def test_reloads_with_other_checks_need_no_more_rows() -> None:
    """Each reload has another single check; its echo is lost, and forgotten."""
    reporter, echoes = Reporter(lambda _: None), Echoes()
    lowest = 0
    for reload in range(200):
        reporter.free_single_rows(echoes.used_rows())
        check = _single(reload)
        row = np.array([reporter.single_row(check)])
        lowest = min(lowest, int(row[0]))
        numbers, _ = echoes.reserve(1)
        now = reload * 20_000_000_000
        to = destination_of(check)
        echoes.add(numbers, row, np.zeros(1), to, SIZE, np.array([now]))
        slots = echoes.overdue(now + int(to.timeouts[0]))
        echoes.close(slots, answered=False)
        assert int(row[0]) in echoes.used_rows()
        echoes.forget(now + 15_000_000_000)
    assert lowest >= -2, "rows of checks that a reload took out are kept for ever"


def test_rows_of_echoes_under_way_are_used() -> None:
    echoes = Echoes()
    numbers, _ = echoes.reserve(3)
    to = destination_of(_single(1))
    for place, row in enumerate((-2, 7, -2)):
        echoes.add(
            numbers[place : place + 1],
            np.array([row]),
            np.zeros(1),
            to,
            SIZE,
            np.zeros(1, np.int64),
        )
    assert echoes.used_rows().tolist() == [-2, 7]
    echoes.drop(np.array([7]))
    assert echoes.used_rows().tolist() == [-2]
