"""Work announced and ended over HTTP: by who may act, from our own page, one after the other."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from netwatch.audit.log import AuditLog
from netwatch.maintenance.announcements import NAME, read_announcements
from netwatch.maintenance.desk import MaintenanceDesk
from tests.harness.builders import make_inventory
from tests.harness.served import HASH, PASSWORD, served
from tests.harness.status_source import FakeSource

LOGINS = f"basic_auth_users:\n  lan: {HASH}\n  minh: {HASH}\n  khach: {HASH}\n"
ORDER = {"place": "nam-sach", "reason": "Thay cáp", "from": "", "until": "", "for": "2h"} | {
    "repeat": ""
}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Answer = tuple[int, Any]


@dataclass
class Page:
    """Our page, as somebody has it open."""

    origin: str
    path: Path
    session: ClientSession

    async def token(self, user: str) -> str:
        async with self.session.get(f"{self.origin}/session.json", headers=_login(user)) as got:
            token: str | None = (await got.json())["token"]
            return token or ""

    async def post(self, path: str, content: object, user: str = "lan", **headers: str) -> Answer:
        given = {
            **_login(user),
            "Origin": self.origin,
            "X-Netwatch-Token": headers.pop("token", "") or await self.token(user),
            "Content-Type": "application/json",
        } | headers
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        async with self.session.post(self.origin + path, data=body, headers=given) as got:
            return got.status, await got.json()


def _login(user: str) -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[Page]:
    state = directory / "state"
    state.mkdir()
    desk = MaintenanceDesk(state / NAME, AuditLog(), make_inventory())
    source = FakeSource(maintenance_desk=desk)
    async with (
        served(directory, LOGINS, source, web_act_users="lan, minh") as server,
        ClientSession() as session,
    ):
        yield Page(f"http://127.0.0.1:{server.port}", state / NAME, session)


async def test_a_branch_is_announced_for_later_and_called_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    begins = datetime.fromtimestamp(time.time() + 86400, ZONE).replace(second=0, microsecond=0)
    order = ORDER | {"place": "branch:nam-sach", "from": f"{begins:%Y-%m-%dT%H:%M}"}
    async with opened(tmp_path) as page:
        status, made = await page.post("/maintenance", order)
        assert status == 200
        assert made == {
            "id": "announced-1",
            "place": "branch:nam-sach",
            "begins": begins.timestamp(),
            "ends": begins.timestamp() + 7200,
            "repeat": None,
            "reason": "Thay cáp",
            "author": "lan",
        }
        assert len(read_announcements(page.path)) == 1
        status, ended = await page.post("/maintenance/announced-1/end", {}, "minh")
        assert (status, ended["id"]) == (200, "announced-1")
        assert read_announcements(page.path) == []
    assert "audit maintenance-announced by lan (login) subject=branch:nam-sach" in caplog.text
    assert "audit maintenance-ended by minh (login) subject=branch:nam-sach" in caplog.text


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"place": "nam-sac"}, 404, "did you mean nam-sach?"),
        ({"for": "10 years"}, 400, "is not a duration"),
        ({"for": "3650d"}, 400, "for: must be more than 0 and at most 31d"),
        ({"from": "05/12/2039 22:00"}, 400, "from: must be within a year"),
        ({"from": "22:61"}, 400, "from: '22:61' is not a time"),
        ({"for": "", "until": "01/01/2020 00:00"}, 400, "until: is before the begin"),
        ({"reason": "a\nb"}, 400, "reason: "),
        ({"reason": ""}, 400, "reason: "),
        ({"repeat": "FREQ=SECONDLY", "until": "22:00"}, 400, "repeat: the rule"),
        ({"place": "<img src=x>"}, 404, "is not in the inventory"),
        ({"place": "\ud800\n"}, 404, "is not in the inventory"),
        ({"from": "\ud800"}, 400, "is not a time"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_both_languages(
    tmp_path: Path, changes: dict[str, str], status: int, said: str
) -> None:
    async with opened(tmp_path) as page:
        got, answer = await page.post("/maintenance", ORDER | changes)
        assert got == status
        assert said in answer["error"]["en"]
        assert answer["error"]["vi"]
        assert answer["error"]["vi"] != answer["error"]["en"]
        assert not page.path.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", {}, ORDER | {"more": ""}, ORDER | {"place": 5}, b"[" * 9000],
)
async def test_what_is_no_order_is_refused(tmp_path: Path, content: object) -> None:
    async with opened(tmp_path) as page:
        assert (await page.post("/maintenance", content))[0] == 400
        big = ORDER | {"reason": "x" * 1_000_000}
        assert (await page.post("/maintenance", big))[0] == 413
        assert not page.path.exists()


async def test_only_who_may_act_from_our_own_page_and_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as page:
        assert (await page.post("/maintenance", ORDER, "khach"))[0] == 403
        assert (await page.post("/maintenance", ORDER, Origin="http://other.example"))[0] == 403
        token = await page.token("lan")
        assert (await page.post("/maintenance", ORDER, token=token))[0] == 200
        replayed = ORDER | {"place": "an-lam"}
        assert (await page.post("/maintenance", replayed, token=token))[0] == 403
        assert (await page.post("/maintenance/announced-1/end", {}, "khach"))[0] == 403
        assert len(read_announcements(page.path)) == 1


async def test_two_at_once_are_told_who_was_first(tmp_path: Path) -> None:
    async with opened(tmp_path) as page:
        answers = await asyncio.gather(
            page.post("/maintenance", ORDER, "lan"), page.post("/maintenance", ORDER, "minh")
        )
        assert sorted(status for status, _ in answers) == [200, 409]
        (first,) = [answer["author"] for status, answer in answers if status == 200]
        (refused,) = [answer["error"] for status, answer in answers if status == 409]
        assert f"is announced already as announced-1 ({first}); end that first" in refused["en"]
        assert f"đã được báo rồi: announced-1 ({first})" in refused["vi"]


async def test_what_is_not_announced_can_not_be_ended(tmp_path: Path) -> None:
    async with opened(tmp_path) as page:
        status, answer = await page.post("/maintenance/announced-9/end", {})
        assert (status, answer["error"]["en"]) == (
            404,
            "announced-9: is not announced; run netwatch maintenance list",
        )


async def test_a_disk_that_cannot_be_written_is_told_without_its_paths(tmp_path: Path) -> None:
    async with opened(tmp_path) as page:
        page.path.parent.rename(tmp_path / "gone")
        status, answer = await page.post("/maintenance", ORDER)
        assert status == 503
        assert str(tmp_path) not in str(answer)
