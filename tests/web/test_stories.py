"""Incidents in a browser, over a journal: read, taken on and noted with real clicks."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.links import IncidentLinks
from tests.harness.incidents import Run, line, running
from tests.harness.served import HASH, PASSWORD, served
from tests.harness.status_source import HOSTILE, FakeSource
from tests.web.driver import LIMIT, open_live, page

pytestmark = pytest.mark.slow

LOGINS = f"basic_auth_users:\n  lan: {HASH}\n  khach: {HASH}\n"
CAUSE = {"cause": "link:huyen-3-uplink", "site": "huyen-3"}


@dataclass
class Story:
    """A line that is cut, and somebody who looks at it."""

    run: Run
    page: Page
    address: str
    id: str


@asynccontextmanager
async def story(directory: Path, user: str = "lan") -> AsyncIterator[Story]:
    expect.set_options(timeout=LIMIT)
    now = time.time()
    with running(directory, now) as run:
        run.at(now - 190_000, line(now - 190_010, "an-lam"))
        run.at(now - 180_000)
        run.at(now - 170_000)
        cut = run.at(now - 50, line(now - 60, "nam-sach", "an-lam", **CAUSE))
        run.written()
        source = FakeSource(
            desk=IncidentDesk(run.follower, IncidentLinks(runbooks="https://books.example.vn"))
        )
        login = {"username": user, "password": PASSWORD}
        async with (
            served(directory, LOGINS, source, web_act_users="lan") as server,
            page(http_credentials=login) as opened,
        ):
            yield Story(run, opened, f"http://127.0.0.1:{server.port}/", cut.id)


async def test_somebody_finds_takes_and_notes_an_incident(tmp_path: Path) -> None:
    async with story(tmp_path) as it:
        await open_live(it.page, it.address)
        problem = it.page.locator("#problem-list li").filter(has_text="Huyện Nam Sách")
        await problem.get_by_role("link", name="diễn biến").click()
        await expect(it.page.locator("#h-story")).to_contain_text("Đứt đường truyền Nam Sách")
        await expect(it.page.locator("#story-head")).to_contain_text("VNPT · hợp đồng HD-1")
        await expect(it.page.locator("#story-head")).to_contain_text("chưa ai nhận")
        await expect(it.page.locator("#story-behind")).to_contain_text("Xã An Lâm")
        runbook = it.page.get_by_role("link", name="Hướng dẫn xử lý")
        assert "NetwatchLinkDown" in (await runbook.get_attribute("href") or "")
        await it.page.get_by_label("Ghi chú khi nhận").fill("Đã gọi VNPT")
        await it.page.get_by_role("button", name="Tôi nhận xử lý").click()
        await expect(it.page.locator("#story-head")).to_contain_text("lan, ")
        await expect(it.page.locator("#story-take")).to_be_hidden()
        await it.page.get_by_label("Ghi chú", exact=True).fill(HOSTILE)
        await it.page.get_by_role("button", name="Ghi chú").click()
        await expect(it.page.locator("#story-line")).to_contain_text(HOSTILE)
        await expect(it.page.get_by_label("Ghi chú", exact=True)).to_have_value("")
        await it.page.get_by_role("link", name="Tất cả sự cố").click()
        taken = it.page.locator("#incident-list li").filter(has_text="lan đã nhận")
        await expect(taken).to_contain_text("đang xảy ra")
        await it.page.get_by_role("link", name="Tổng quan").click()
        await expect(problem).to_contain_text("lan đã nhận")
        await it.page.go_back()
        await expect(taken).to_be_visible()


async def test_who_may_only_look_sees_no_form(tmp_path: Path) -> None:
    async with story(tmp_path, "khach") as it:
        await open_live(it.page, f"{it.address}#/incident/{it.id}")
        await expect(it.page.locator("#story-line li")).not_to_have_count(0)
        await expect(it.page.locator("form")).to_have_count(0)


async def test_what_is_refused_is_told_and_nothing_written_is_lost(tmp_path: Path) -> None:
    async with story(tmp_path) as it:
        await open_live(it.page, f"{it.address}#/incident/{it.id}")
        note = it.page.get_by_label("Ghi chú", exact=True)
        await note.fill("một điều quan trọng")
        await it.page.route("**/session.json", lambda route: route.fulfill(json=FORGED))
        await it.page.get_by_role("button", name="Ghi chú").click()
        await expect(it.page.locator("#story-note .said")).to_contain_text("mã dùng một lần")
        await expect(note).to_have_value("một điều quan trọng")


FORGED = {"user": "lan", "may_act": True, "token": "forged"}


async def test_the_list_is_narrowed_by_time_and_carrier(tmp_path: Path) -> None:
    async with story(tmp_path) as it:
        await open_live(it.page, f"{it.address}#/incidents?days=7")
        items = it.page.locator("#incident-list > li")
        await expect(items).to_have_count(2)
        await it.page.get_by_role("link", name="24 giờ").click()
        await expect(it.page).to_have_url(f"{it.address}#/incidents?days=1")
        await it.page.get_by_role("link", name="30 ngày").click()
        await expect(items).to_have_count(2)
        await items.first.get_by_role("link", name="VNPT").click()
        await expect(it.page.locator("#incident-filters")).to_contain_text("nhà mạng VNPT")
        await expect(items).to_have_count(2)
        await open_live(it.page, f"{it.address}#/incidents?days=7&carrier=Mobi")
        await expect(it.page.locator("#incident-list")).to_contain_text("Không ghi nhận sự cố nào")


async def test_a_story_that_is_none_is_told(tmp_path: Path) -> None:
    async with story(tmp_path) as it:
        await open_live(it.page, f"{it.address}#/incident/none")
        await expect(it.page.locator("#view-incident")).to_contain_text("Không có sự cố này")
