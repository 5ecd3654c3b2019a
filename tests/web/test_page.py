"""The status page in a real browser."""

from __future__ import annotations

import asyncio
import html
import re
import time
from pathlib import Path

import pytest

import netwatch.web
from netwatch.core.result import Reason
from netwatch.flows.transition import Doubt
from netwatch.meetings.readiness import FindingKind
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from netwatch.web.status import Status
from tests.harness.status_source import HOSTILE, FakeSource, build
from tests.web.browser import Tab, browse

pytestmark = pytest.mark.slow


def text_of(dom: str, element_id: str) -> str:
    match = re.search(
        rf'id="{element_id}"[^>]*>(.*?)</(?:p|strong|span|b|h1|time)>', dom, re.DOTALL
    )
    assert match, f"no #{element_id}"
    return html.unescape(match[1])


def test_every_reason_has_its_words() -> None:
    words = (Path(netwatch.web.__file__).parent / "static/reasons.js").read_text(encoding="utf-8")
    reasons = re.search(r"const REASONS = \{(.*?)\};", words, re.DOTALL)
    assert reasons
    assert set(re.findall(r"^  (\w+):", reasons[1], re.MULTILINE)) == set(Reason)


def test_every_doubt_has_its_words() -> None:
    words = (Path(netwatch.web.__file__).parent / "static/words.js").read_text(encoding="utf-8")
    doubts = re.search(r"const DOUBTS = \{(.*?)\n\};", words, re.DOTALL)
    assert doubts
    assert set(re.findall(r"^  (\w+):", doubts[1], re.MULTILINE)) == set(Doubt)


def test_every_finding_of_a_room_has_its_words() -> None:
    words = (Path(netwatch.web.__file__).parent / "static/meetings.js").read_text(encoding="utf-8")
    findings = re.search(r"const FINDINGS = \{(.*?)\};", words, re.DOTALL)
    assert findings
    told = set(re.findall(r'^  "?([\w-]+)"?:', findings[1], re.MULTILINE))
    assert told >= {kind.value for kind in FindingKind}


async def test_the_whole_province_is_on_the_page(port: int, tmp_path: Path) -> None:
    dom = await browse(f"http://127.0.0.1:{port}/", tmp_path)
    assert len(set(re.findall(r'<details class="site[^"]*" id="site-([^"]+)"', dom))) == 281
    assert text_of(dom, "title") == "Giám sát mạng tỉnh Hải Dương"
    assert text_of(dom, "sentence") == (
        "281 địa điểm: 2 mất kết nối, 20 không tới được, 2 suy giảm, 1 chưa rõ, 1 bảo trì, "
        "255 thông suốt"
    )
    assert "kéo theo 20 địa điểm không tới được" in dom
    assert "đường truyền huyen-5-uplink (VNPT)" in dom
    assert dom.count("nghi đứt") == 1
    assert "nguyên nhân: đường truyền huyen-3-uplink · Viettel · hợp đồng HD-03" in dom
    assert "do đường truyền huyen-3-uplink" in dom
    assert "đường đi tới được 10.16.0.1, chặng 2; cổng ttdl/router Gi0/3: tầng dưới ngừng" in dom
    assert "the path ends at 10.16.0.1, hop 2; interface ttdl/router Gi0/3: lowerLayerDown" in dom
    assert dom.count("chập chờn") == 1
    assert "Thay bộ chuyển mạch, đến " in dom
    assert "router, codec: mất gói 12,4 %" in dom
    assert dom.count("một chiều, đo từ đây") == 1
    assert dom.count("ngoài lịch") == 1
    assert 'id="fresh" data-fresh="live"' in dom
    assert re.search(r'id="stale"[^>]* hidden=""', dom)
    assert re.search(r'id="blind"[^>]* hidden=""', dom)


async def test_the_next_meeting_names_its_rooms_the_worst_first(port: int, tmp_path: Path) -> None:
    dom = await browse(f"http://127.0.0.1:{port}/", tmp_path)
    start = dom.index('id="meeting-list"')
    told = re.sub("<[^>]+>", "", dom[start : dom.index('id="flows"')])
    for words in (
        "Giao ban trực tuyến",
        "còn 43 phút",
        "1 chưa sẵn sàng",
        "11 chưa rõ",
        "huyen-4-uplink: cần 24 Mbit/s, còn 18 Mbit/s",
        "7 đường truyền chưa rõ mức sử dụng",
        "không tới được (icmp: không trả lời)",
        "mất gói 2,1 % · MOS 3,2",
        "và 3 phòng nữa",
    ):
        assert words in told, words
    assert told.index("không tới được") < told.index("đường truyền kém") < told.index("không đo")


async def test_hostile_names_are_text(port: int, tmp_path: Path) -> None:
    dom = await browse(f"http://127.0.0.1:{port}/#site-xa-1-7", tmp_path)
    assert dom.count(html.escape(HOSTILE, quote=False)) >= 4
    assert HOSTILE not in dom
    assert "<img src=x" not in dom
    assert (
        "<title>1 luồng bị vi phạm, 1 luồng bị đứt, 24 địa điểm có sự cố,"
        " phòng họp chưa sẵn sàng · Mạng tỉnh Hải Dương</title>"
    ) in dom


async def test_a_link_to_a_site_opens_it_and_what_is_above(port: int, tmp_path: Path) -> None:
    dom = await browse(f"http://127.0.0.1:{port}/#site-xa-1-7", tmp_path)
    opened = re.findall(r'<details class="site[^"]*" id="site-([^"]+)"[^>]* open=""', dom)
    assert opened == ["huyen-1", "xa-1-7"]
    assert "không đạt · không trả lời" in dom


async def test_the_page_says_when_the_daemon_is_gone(tmp_path: Path) -> None:
    class Seen(FakeSource):
        def __init__(self) -> None:
            super().__init__()
            self.seen = asyncio.Event()

        def status(self) -> Status:
            self.seen.set()
            return super().status()

    source = Seen()
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(create_app(source), listener):
        browsing = asyncio.create_task(browse(f"http://127.0.0.1:{port}/", tmp_path, seconds=60))
        await source.seen.wait()
    dom = await browsing
    assert "Không liên lạc được với netwatch." in text_of(dom, "stale-vi")
    assert "không phải hiện tại" in text_of(dom, "stale-vi")
    assert "router, codec: mất gói 12,4 %" in dom
    assert 'id="fresh" data-fresh="old"' in dom
    assert '<body data-view="overview" class="old">' in dom
    assert not re.search(r'id="stale"[^>]* hidden=""', dom)
    assert "<title>Số liệu cũ" in dom


async def test_the_page_says_when_data_stand_still(tmp_path: Path) -> None:
    class Frozen(FakeSource):
        def status(self) -> Status:
            return frozen

    frozen = build(time.time())
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(create_app(Frozen()), listener):
        dom = await browse(f"http://127.0.0.1:{port}/", tmp_path, seconds=20)
    assert "netwatch không đưa ra số liệu mới." in text_of(dom, "stale-vi")
    assert "router, codec: mất gói 12,4 %" in dom
    assert 'id="fresh" data-fresh="old"' in dom


async def test_a_blind_collector_is_told(port: int, source: FakeSource, tmp_path: Path) -> None:
    source.vantage_ok = False
    dom = await browse(f"http://127.0.0.1:{port}/", tmp_path)
    assert re.search(r'id="blind" role="alert">', dom)


STICKING_OUT = """[...document.querySelectorAll("body *")]
    .filter((e) => !e.closest(".hidden, .sprite, .site:not([open]) > .inside"))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
    .map((e) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 30)}`)"""


async def test_nothing_sticks_out_of_any_screen(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/#site-xa-1-7")
    for width in (360, 390, 768, 1024, 1280, 1440, 1920, 3840):
        await tab.resize(width)
        assert await tab.evaluate(STICKING_OUT) == [], width
        assert await tab.evaluate("document.documentElement.scrollWidth") <= width


VISIBLE = """[...document.querySelectorAll("details.site")]
    .filter((e) => e.checkVisibility()).map((e) => e.id.slice(5))"""


async def test_search_without_marks_opens_what_is_above(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    before = await tab.evaluate(VISIBLE)
    await tab.evaluate(
        """const s = document.getElementById("search");
        s.value = "xa cam giang 13"; s.dispatchEvent(new Event("input"))"""
    )
    assert await tab.evaluate(VISIBLE) == ["huyen-6", "xa-6-13"]
    assert await tab.evaluate("document.getElementById('found').textContent") == "1 địa điểm"
    await tab.evaluate("document.getElementById('clear').click()")
    assert await tab.evaluate(VISIBLE) == before
    assert await tab.evaluate("document.getElementById('found').textContent") == ""


async def test_filter_by_state(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    await tab.evaluate("document.querySelector('.tile[data-tone=degraded]').click()")
    assert await tab.evaluate(VISIBLE) == ["so-5", "huyen-6", "xa-6-2"]
    pressed = "[...document.querySelectorAll('.tile[aria-pressed=true]')].map(e => e.dataset.tone)"
    assert await tab.evaluate(pressed) == ["degraded"]
    await tab.evaluate("document.querySelector('.tile[data-tone=degraded]').click()")
    assert await tab.evaluate(pressed) == []


MATRIX = """[...document.querySelectorAll("#flow-matrix tbody tr")].map((row) =>
    [row.querySelector("th").textContent, ...[...row.querySelectorAll("td")].map((cell) =>
        [cell.dataset.state ?? null, ...[...cell.querySelectorAll(".chip")]
            .map((chip) => chip.textContent.trim())])])"""


async def test_the_matrix_says_who_reaches_whom_and_since_when(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    heads = "[...document.querySelectorAll('#flow-matrix thead th')].map((th) => th.textContent)"
    assert (await tab.evaluate(heads))[1:] == [HOSTILE, "Văn phòng Tỉnh ủy"]
    assert await tab.evaluate(MATRIX) == [
        [
            "Văn phòng Tỉnh ủy",
            ["broken", "1 bị đứt,", "1 chưa rõ,", "3 đúng như mong đợi,"],
            ["as_expected", "1 đúng như mong đợi,"],
        ],
        ["Huyện ủy Chí Linh", ["violated", "1 bị vi phạm,", "1 đúng như mong đợi,"], [None]],
    ]
    since = "document.querySelector('#flow-matrix td[data-state=violated] small').title"
    assert re.fullmatch(r"\d\d:\d\d:\d\d \d\d/\d\d/\d{4}", await tab.evaluate(since))
    shown = await tab.evaluate("document.getElementById('problem-list').textContent")
    assert f"lần đo cuối: không trả lời ({HOSTILE})" in shown


async def test_an_open_site_stays_open_and_fresh(tab: Tab, port: int, source: FakeSource) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    await tab.evaluate("document.querySelector('#site-so-5 > summary').click()")
    builds = source.builds
    shown = await tab.evaluate("document.getElementById('fresh-time').textContent")
    await tab.until(f"document.getElementById('fresh-time').textContent !== '{shown}'")
    assert source.builds > builds
    assert await tab.evaluate("document.getElementById('site-so-5').open") is True
    assert await tab.evaluate("document.querySelector('#site-so-5 .target .name').textContent")


async def test_nothing_is_said_on_the_console(tab: Tab, port: int) -> None:
    """A blocked script or style, or an error, would be."""
    await tab.open(f"http://127.0.0.1:{port}/#site-xa-1-7")
    assert tab.console == []
