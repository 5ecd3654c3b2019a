"""How often somebody is paged, counted: real daemon, Prometheus, Alertmanager, and a webhook."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.requirements import require_namespaces, require_tool
from tests.paging.province import BEHIND_THE_CORE, DISTRICTS
from tests.paging.watch import Watch, watching

pytestmark = pytest.mark.slow

CUT = "{at: 0s, cut: hub}"
TEN = DISTRICTS[:10]
"""Districts whose lines are cut, each for itself."""


def one_core_link_is_cut(home: Path) -> Watch:
    with watching(home, CUT, seed=51) as watch:
        watch.wait_for_pages(1)
        watch.be_quiet()
        watch.restart(signal.SIGTERM)
        watch.reload()
        watch.restart(signal.SIGKILL)
        # The one that is paged is still the one that is known.
        watch.wait_until(f'netwatch_cause_sites{{cause="link:hub-uplink"}} == {BEHIND_THE_CORE}')
    return watch


def ten_lines_are_cut(home: Path) -> Watch:
    faults = ", ".join(f"{{at: 0s, cut: {district}}}" for district in TEN)
    with watching(home, faults, seed=52) as watch:
        watch.wait_for_pages(len(TEN))
        watch.be_quiet()
    return watch


def the_collector_is_cut_off(home: Path) -> Watch:
    with watching(home, "{at: 25s, blind: state-dc}", seed=53) as watch:
        watch.wait_for_pages(1)
        watch.be_quiet()
    return watch


def the_line_that_is_cut_is_worked_on(home: Path) -> Watch:
    with watching(home, CUT, seed=54, maintenance=True) as watch:
        watch.wait_until(f'sum(netwatch_tier_sites{{state="unreachable"}}) == {BEHIND_THE_CORE}')
        _wait_as_long_as_a_page_takes(watch)
    return watch


def nothing_is_cut(home: Path) -> Watch:
    with watching(home, "", seed=55) as watch:
        watch.wait_until(f'sum(netwatch_tier_sites{{state="up"}}) == {BEHIND_THE_CORE + 1}')
        watch.restart(signal.SIGTERM)
        watch.reload()
        watch.restart(signal.SIGKILL)
        _wait_as_long_as_a_page_takes(watch)
    return watch


def _wait_as_long_as_a_page_takes(watch: Watch) -> None:
    """Until what is wrong would have been paged: no ``for`` of a page is longer than 1 min."""
    watch.wait_until("count_over_time(netwatch_vantage_ok[5m]) > 40")
    watch.be_quiet()


STORIES: list[Callable[[Path], Watch]] = [
    one_core_link_is_cut,
    ten_lines_are_cut,
    the_collector_is_cut_off,
    the_line_that_is_cut_is_worked_on,
    nothing_is_cut,
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Watch]]:
    """Tells a story, which all began at once: each mostly waits."""
    require_namespaces()
    require_tool("prometheus")
    require_tool("prometheus-alertmanager")
    with ThreadPoolExecutor(len(STORIES)) as pool:
        futures: dict[Callable[[Path], Watch], Future[Watch]] = {
            story: pool.submit(story, tmp_path_factory.mktemp(story.__name__)) for story in STORIES
        }

        def tell(story: Callable[[Path], Watch]) -> Watch:
            watch = futures[story].result()
            print(f"\n{story.__name__}: {watch}")
            return watch

        yield tell


def causes(watch: Watch) -> list[str]:
    """What each page is about: its alert, and the cause that it names."""
    return sorted(
        " ".join(filter(None, (alert["labels"]["alertname"], alert["labels"].get("cause"))))
        for page in watch.pages()
        for alert in page.alerts
    )


def test_one_core_link_is_one_page_over_restart_reload_and_kill(told: Callable[..., Watch]) -> None:
    watch = told(one_core_link_is_cut)
    assert [page.status for page in watch.pages()] == ["firing"]
    assert causes(watch) == ["NetwatchLinkDown link:hub-uplink"]
    (alert,) = watch.pages()[0].alerts
    # It goes out seconds after the cause is named, when those behind are still asked: how many of
    # them have been heard by then is a matter of the machine's speed.
    behind = re.search(r"(\d+) điểm mất kết nối", alert["annotations"]["summary"])
    assert behind
    assert 1 < int(behind[1]) <= BEHIND_THE_CORE
    assert "VNPT, hợp đồng HD-hub." in alert["annotations"]["description"]


def test_ten_cuts_are_ten_pages(told: Callable[..., Watch]) -> None:
    watch = told(ten_lines_are_cut)
    assert [page.status for page in watch.pages()] == ["firing"] * len(TEN)
    assert causes(watch) == sorted(f"NetwatchLinkDown link:{each}-uplink" for each in TEN)


def test_a_collector_that_is_cut_off_is_one_page_and_none_for_any_site(
    told: Callable[..., Watch],
) -> None:
    watch = told(the_collector_is_cut_off)
    assert [page.status for page in watch.pages()] == ["firing"]
    assert causes(watch) == ["NetwatchVantageBlind"]


def test_planned_work_pages_nobody(told: Callable[..., Watch]) -> None:
    assert told(the_line_that_is_cut_is_worked_on).pages() == []


def test_restart_reload_and_kill_page_nobody_while_all_is_well(
    told: Callable[..., Watch],
) -> None:
    assert told(nothing_is_cut).pages() == []


def test_the_heartbeat_is_sent_though_the_daemon_is_away(told: Callable[..., Watch]) -> None:
    messages = told(one_core_link_is_cut).receivers.messages
    assert [each for each in messages if each.receiver == "heartbeat"]
