"""What the page calls a problem: in the list, its count, the tab's title and its icon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from netwatch.web.status import Status
from tests.harness.status_source import FakeSource, build, calm
from tests.web.browser import Tab

pytestmark = pytest.mark.slow

LIST = "document.getElementById('problem-list').textContent"
TOTAL = "document.getElementById('problems-total').textContent"
ICON = "document.getElementById('icon').getAttribute('href')"
TITLE = "document.title"
CALM = "Không có sự cố"


def change_flow(**changes: object) -> Callable[[Status], None]:
    return lambda status: cast("list[dict[str, Any]]", status["flows"])[0].update(changes)


def change_site(**changes: object) -> Callable[[Status], None]:
    return lambda status: cast("list[dict[str, Any]]", status["sites"])[9].update(changes)


def room(readiness: str) -> Callable[[Status], None]:
    def change(status: Status) -> None:
        meeting = build(status["generated"])["meetings"][0]
        meeting["counts"] = {"ready": 3, readiness: 1}
        status["meetings"] = [meeting]

    return change


def nobody_knows_the_collector(status: Status) -> None:
    status["vantage_ok"] = None


def blind(status: Status) -> None:
    status["vantage_ok"] = False


async def show(tab: Tab, port: int, source: FakeSource, *changes: Callable[[Status], None]) -> None:
    def change(status: Status) -> None:
        for each in (calm, *changes):
            each(status)

    source.change = change
    await tab.open(f"http://127.0.0.1:{port}/")
    await tab.until("document.title.includes('Mạng')")


async def test_all_is_well_when_all_is_known_to_be(tab: Tab, port: int, source: FakeSource) -> None:
    await show(tab, port, source)
    assert CALM in await tab.evaluate(LIST)
    assert await tab.evaluate(TITLE) == "Thông suốt · Mạng tỉnh Hải Dương"
    assert await tab.evaluate(ICON) == "/static/icon.svg"
    assert await tab.evaluate(TOTAL) == ""


@pytest.mark.parametrize(
    ("change", "word", "title", "icon"),
    [
        (change_flow(state="violated"), "bị vi phạm", "1 luồng bị vi phạm", "down"),
        (change_flow(state="broken"), "bị đứt", "1 luồng bị đứt", "down"),
        (room("not_ready"), "chưa sẵn sàng", "phòng họp chưa sẵn sàng", "degraded"),
        (room("at_risk"), "có rủi ro", "phòng họp chưa sẵn sàng", "degraded"),
        (room("unknown"), "1 phòng họp chưa rõ", "Có chỗ chưa rõ", "unknown"),
        (change_site(state="down"), "mất kết nối", "1 địa điểm có sự cố", "down"),
        (change_site(state="unknown"), "1 địa điểm chưa rõ", "Có chỗ chưa rõ", "unknown"),
        (change_site(state="asleep"), "1 địa điểm chưa rõ", "Có chỗ chưa rõ", "unknown"),
        (change_flow(state="unknown"), "1 luồng chưa rõ", "Có chỗ chưa rõ", "unknown"),
        (change_flow(state="strange"), "1 luồng chưa rõ", "Có chỗ chưa rõ", "unknown"),
        (blind, "điểm đo đang bị cô lập", "Điểm đo bị cô lập", "unknown"),
        (nobody_knows_the_collector, "chưa rõ điểm đo", "Chưa rõ", "unknown"),
    ],
)
async def test_nothing_is_called_well_that_is_not(  # noqa: PLR0913, PLR0917 (a row of the table)
    tab: Tab,
    port: int,
    source: FakeSource,
    change: Callable[[Status], None],
    word: str,
    title: str,
    icon: str,
) -> None:
    await show(tab, port, source, change)
    shown = await tab.evaluate(LIST)
    assert word in shown
    assert CALM not in shown
    assert (await tab.evaluate(TITLE)).startswith(title)
    assert await tab.evaluate(ICON) == f"/static/icon-{icon}.svg"


async def test_a_flow_off_its_schedule_is_no_problem(
    tab: Tab, port: int, source: FakeSource
) -> None:
    await show(tab, port, source, change_flow(state="unknown", doubt="off_schedule"))
    assert CALM in await tab.evaluate(LIST)


async def test_the_worst_comes_first_and_all_are_counted(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    marks = "[...document.querySelectorAll('#problem-list .mark')].map((e) => e.textContent)"
    assert await tab.evaluate(marks) == [
        "bị vi phạm",
        "bị đứt",
        "mất kết nối",
        "mất kết nối",
        "nghi đứt",
        "suy giảm",
        "suy giảm",
        "phòng họp",
    ]
    assert await tab.evaluate(TOTAL) == "8"


async def test_paths_that_are_longer_than_usual_are_one_entry(
    tab: Tab, port: int, source: FakeSource
) -> None:
    def detour(status: Status) -> None:
        status["longer_paths"] = [
            {"site": site, "target": "router", "hops": 2, "since": status["generated"] - 700}
            for site in ("huyen-5", "xa-5-3")
        ]

    await show(tab, port, source, detour)
    marks = "[...document.querySelectorAll('#problem-list .mark')].map((e) => e.textContent)"
    assert await tab.evaluate(marks) == ["đường đi dài hơn"]
    assert "và 1 thiết bị nữa" in await tab.evaluate(LIST)
    assert await tab.evaluate(TOTAL) == "1"
    assert CALM not in await tab.evaluate(LIST)


async def test_what_an_unstable_path_loses_is_one_entry(
    tab: Tab, port: int, source: FakeSource
) -> None:
    def lose(status: Status) -> None:
        root = "path:huyen-5/router"
        states = {"huyen-5": "degraded", "xa-5-3": "unreachable", "xa-5-4": "degraded"}
        for site in cast("list[dict[str, Any]]", status["sites"]):
            if site["id"] in states:
                site.update({"state": states[site["id"]], "root": root})
        fault = next(iter(build(status["generated"])["faults"]))
        at = {"site": "huyen-5", "target": "router", "behind": 1, "evidence": None}
        known = {"root": root, "kind": "path", "id": "huyen-5/router", "state": "degraded", **at}
        cast("dict[str, Any]", fault).update(known)
        status["faults"] = [fault]

    await show(tab, port, source, lose)
    marks = "[...document.querySelectorAll('#problem-list .mark')].map((e) => e.textContent)"
    assert await tab.evaluate(marks) == ["suy giảm"]
    said = await tab.evaluate(LIST)
    assert "đường đến huyen-5/router không ổn định" in said
    assert "kéo theo 1 địa điểm" in said


async def test_what_a_suspicion_explains_is_in_its_one_entry(
    tab: Tab, port: int, source: FakeSource
) -> None:
    def doubt(status: Status) -> None:
        status["suspected"] = build(status["generated"])["suspected"]
        now = status["generated"]
        for site in status["sites"]:
            if site["parent"] == "huyen-5":
                site.update({"state": "degraded", "since": now - 2})
            if site["id"] == "xa-5-3":
                site["since"] = now - 4000  # was so long before

    await show(tab, port, source, doubt)
    marks = "[...document.querySelectorAll('#problem-list .mark')].map((e) => e.textContent)"
    assert await tab.evaluate(marks) == ["nghi đứt", "suy giảm"]
    assert await tab.evaluate(TOTAL) == "2"
