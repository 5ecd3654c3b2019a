"""Planned work announced and ended in a browser, with real clicks."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from netwatch.audit.log import AuditLog
from netwatch.maintenance.announcements import NAME, Announcement, read_announcements
from netwatch.maintenance.desk import MaintenanceDesk
from netwatch.web.status import PlannedWork, Status
from tests.harness.builders import make_inventory
from tests.harness.served import HASH, PASSWORD, served
from tests.harness.status_source import FakeSource
from tests.web.driver import LIMIT, open_live, page

pytestmark = pytest.mark.slow

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LOGINS = f"basic_auth_users:\n  lan: {HASH}\n  khach: {HASH}\n"


class Announced:
    """Shows in the status what stands in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Announcement]:
        return list(read_announcements(self.path)) if self.path.exists() else []

    def __call__(self, status: Status) -> None:
        status["planned_work"] = [_planned(each) for each in self.read()]
        for site, (id_, name) in zip(
            status["sites"], [("nam-sach", "Huyện Thử"), ("an-lam", "Huyện Thử")], strict=False
        ):
            site.update({"id": id_, "name_vi": name, "parent": None})


def _planned(each: Announcement) -> PlannedWork:
    return {
        "id": each.id,
        "state": "under-way",
        "announced": True,
        "reason": each.reason,
        "author": each.author,
        "begins": each.begins,
        "ends": each.ends,
        "sites": [each.name],
        "targets": [],
        "links": [],
        "count": 1,
    }


async def announce(opened: Page, place: str, scope: str, reason: str, begin: str = "") -> None:
    await opened.get_by_text("Thông báo bảo trì").click()
    await opened.get_by_label("Phạm vi").select_option(scope)
    await opened.get_by_label("Nơi bảo trì").fill(place)
    await opened.get_by_label("Lý do").fill(reason)
    await opened.get_by_label("Bắt đầu").fill(begin)
    await opened.get_by_label("Kéo dài").select_option("1 giờ")
    await opened.get_by_role("button", name="Thông báo").click()


async def test_a_branch_is_announced_for_later_and_ended(tmp_path: Path) -> None:
    expect.set_options(timeout=LIMIT)
    state = tmp_path / "state"
    state.mkdir()
    announced = Announced(state / NAME)
    desk = MaintenanceDesk(state / NAME, AuditLog(), make_inventory())
    source = FakeSource(maintenance_desk=desk, change=announced)
    login = {"username": "lan", "password": PASSWORD}
    async with (
        served(tmp_path, LOGINS, source, web_act_users="lan") as server,
        page(http_credentials=login) as opened,
    ):
        await open_live(opened, f"http://127.0.0.1:{server.port}/")
        begin = (datetime.now(ZONE) + timedelta(days=2)).replace(hour=22, minute=30)
        typed = begin.strftime("%Y-%m-%dT%H:%M")
        await announce(
            opened, "Huyện Thử (nam-sach)", "Địa điểm và mọi cấp dưới", "Thay cáp", typed
        )
        works = opened.locator("#planned-list > li")
        await expect(works).to_have_count(1)
        await expect(works).to_contain_text("Thay cáp")
        await expect(works).to_contain_text(begin.strftime("22:30:00 %d/%m/%Y"))
        (kept,) = announced.read()
        assert (kept.kind, kept.name, kept.author) == ("branch", "nam-sach", "lan")
        assert kept.begins == begin.replace(second=0, microsecond=0).timestamp()
        assert kept.ends - kept.begins == 3600
        await works.get_by_role("button", name="Kết thúc").click()
        await expect(works).to_have_count(0)
        assert announced.read() == []


async def test_a_place_that_is_none_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    expect.set_options(timeout=LIMIT)
    state = tmp_path / "state"
    state.mkdir()
    desk = MaintenanceDesk(state / NAME, AuditLog(), make_inventory())
    login = {"username": "lan", "password": PASSWORD}
    async with (
        served(tmp_path, LOGINS, FakeSource(maintenance_desk=desk), web_act_users="lan") as server,
        page(http_credentials=login) as opened,
    ):
        await open_live(opened, f"http://127.0.0.1:{server.port}/")
        await announce(opened, "Huyện Không Có", "Một địa điểm", "Thay cáp")
        said = opened.locator("#planned-form .said")
        await expect(said).to_contain_text("Huyện Không Có")
        await expect(opened.get_by_label("Lý do")).to_have_value("Thay cáp")


async def test_who_may_only_look_sees_no_form(tmp_path: Path) -> None:
    expect.set_options(timeout=LIMIT)
    login = {"username": "khach", "password": PASSWORD}
    async with (
        served(tmp_path, LOGINS, FakeSource(), web_act_users="lan") as server,
        page(http_credentials=login) as opened,
    ):
        await open_live(opened, f"http://127.0.0.1:{server.port}/")
        await expect(opened.locator("#problem-list li")).not_to_have_count(0)
        await expect(opened.locator("form")).to_have_count(0)
