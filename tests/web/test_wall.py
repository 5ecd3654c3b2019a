"""The wall: everything on one screen, nothing cut where it matters, old figures told as old."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from playwright.async_api import Page, expect

from netwatch.web.status import FlowView, SiteView, Status
from tests.harness.status_source import FakeSource, calm
from tests.web.driver import LIMIT, open_live, page

pytestmark = pytest.mark.slow

SCREEN = {"width": 1920, "height": 1080}

OUTSIDE = """() => [...document.querySelectorAll("#view-wall *")]
  .filter((e) => e.checkVisibility() && !e.closest("[hidden]"))
  .filter((e) => { const { right, bottom, width } = e.getBoundingClientRect();
    return width && (right > innerWidth + 0.5 || bottom > innerHeight + 0.5); })
  .map((e) => `${e.tagName} ${e.textContent.slice(0, 40)}`)"""

CUT = """() => [...document.querySelectorAll("#wall-tiles li span, #wall-cards h3")]
  .filter((e) => [e, e.parentElement].some((each) => each.scrollWidth > each.clientWidth + 1))
  .map((e) => e.textContent)"""

SMALLEST = """() => Math.min(...["cards", "counts", "tiles ul", "foot"]
  .flatMap((part) => [...document.querySelectorAll(`#wall-${part} *`)])
  .filter((e) => e.checkVisibility() && e.textContent.trim() && !e.children.length)
  .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""

WITHOUT_COMMON = """async (names) =>
  (await import("/static/names.js")).withoutCommon(names)"""

SHORTENED = """async ([names, max]) =>
  (await import("/static/names.js")).shortened(names, max)"""


def without_violation(status: Status) -> None:
    for flow in cast("list[FlowView]", status["flows"]):
        if flow["state"] == "violated":
            flow["state"] = "as_expected"


def one_level(status: Status) -> None:
    """A province of two levels: 120 communes right below its centre, two of them down."""
    sites = cast("list[SiteView]", status["sites"])
    for site in sites:
        if site["tier"] == "commune":
            site.update({"parent": "ttdl", "name_vi": f"{site['name_vi']} Thượng Hạ"})
    without_violation(status)


async def show(opened: Page, port: int) -> None:
    expect.set_options(timeout=LIMIT)
    await open_live(opened, f"http://127.0.0.1:{port}/?wall")
    await expect(opened.locator("#wall-tiles section")).not_to_have_count(0)


@pytest.mark.parametrize("change", [None, without_violation, calm, one_level])
@pytest.mark.parametrize(
    "size", [SCREEN, {"width": 3840, "height": 2160}, {"width": 1366, "height": 768}]
)
async def test_it_fits_the_screen(
    port: int, source: FakeSource, change: Callable[[Status], None] | None, size: dict[str, int]
) -> None:
    source.change = change
    async with page(viewport=size) as opened:
        await show(opened, port)
        assert await opened.evaluate(OUTSIDE) == []
        assert await opened.evaluate("document.documentElement.scrollHeight") <= size["height"]
        assert await opened.evaluate(CUT) == []
        if size == SCREEN:
            assert await opened.evaluate(SMALLEST) >= 24


async def test_the_worst_stands_first(port: int, source: FakeSource) -> None:
    source.change = without_violation
    async with page(viewport=SCREEN) as opened:
        await show(opened, port)
        cards = opened.locator("#wall-cards h3")
        assert (await cards.all_text_contents())[:2] == ["Cổng dịch vụ công 3", "Huyện Nam Sách"]
        first = opened.locator("#wall-cards article").nth(1)
        await expect(first).to_contain_text("kéo theo 20 địa điểm")
        await expect(first).to_contain_text("Viettel · hợp đồng HD-03")
        await expect(opened.locator("#wall-counts")).to_contain_text("255")
        await expect(opened.locator("#wall-violated")).to_be_hidden()


async def test_a_violation_fills_it_and_hides_nothing_for_ever(port: int) -> None:
    async with page(viewport=SCREEN) as opened:
        await show(opened, port)
        filled = opened.locator("#wall-violated")
        await expect(filled).to_contain_text("Luồng bị vi phạm")
        await expect(filled).to_contain_text("Họp trực tuyến 6")
        await expect(filled).to_contain_text("Ngoài ra: 1 luồng bị đứt, 24 địa điểm có sự cố")
        box = await filled.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (SCREEN["width"], SCREEN["height"])


async def test_all_is_well_is_said_only_when_it_is(port: int, source: FakeSource) -> None:
    source.change = calm
    async with page(viewport=SCREEN) as opened:
        await show(opened, port)
        await expect(opened.locator("#wall-cards")).to_have_text("Không có sự cố")
        source.vantage_ok = False
        await expect(opened.locator("#wall-cards")).to_have_text("Điểm đo bị cô lập")


async def test_paths_that_are_longer_than_usual_are_one_card(port: int, source: FakeSource) -> None:
    def detour(status: Status) -> None:
        calm(status)
        status["longer_paths"] = [
            {"site": site, "target": "router", "hops": 2, "since": status["generated"] - 700}
            for site in ("huyen-5", "xa-5-3")
        ]

    source.change = detour
    async with page(viewport=SCREEN) as opened:
        await show(opened, port)
        card = opened.locator("#wall-cards article")
        await expect(card).to_have_count(1)
        await expect(card).to_contain_text("đường đi dài hơn thường ngày · 2 thiết bị")


async def test_old_figures_are_shown_as_old(port: int, source: FakeSource) -> None:
    async with page(viewport=SCREEN) as opened:
        await show(opened, port)
        await opened.route("**/status.json", lambda route: route.abort())
        await expect(opened.locator("#stale")).to_be_visible()
        await expect(opened.locator("#stale")).to_contain_text("không phải hiện tại")
        on_top = "document.elementFromPoint(960, 20).closest('#stale') !== null"
        assert await opened.evaluate(on_top)


async def test_names_are_short_where_they_are_alike(port: int) -> None:
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/")

        async def shortened(names: list[str], most: int) -> list[str]:
            return cast("list[str]", await opened.evaluate(SHORTENED, [names, most]))

        names = ["Trung tâm Y tế huyện Nam Sách", "Trung tâm Y tế huyện Nam Định"]
        short = await shortened(names, 16)
        assert [each[-4:] for each in short] == ["Sách", "Định"]
        assert max(map(len, short)) <= 16
        assert await shortened(["Sở Y tế", "Sở Tư pháp"], 12) == ["Sở Y tế", "Sở Tư pháp"]
        alike = [f"Văn phòng Đảng ủy xã {name} tỉnh Hải Dương" for name in ("An", "Am", "Ấm", "Án")]
        assert len(set(await shortened(alike, 14))) == 4
        offices = [
            "UBND huyện Gia Lộc",
            "UBND huyện Tứ Kỳ",
            "UBND huyện Nam Sách",
            "UBND thị xã An",
        ]
        assert await opened.evaluate(WITHOUT_COMMON, offices) == [
            "Gia Lộc",
            "Tứ Kỳ",
            "Nam Sách",
            "thị xã An",
        ]
        twins = [f"{kind} {name}" for kind in ("Xã", "Phường") for name in ("An", "Bình", "Cúc")]
        assert await opened.evaluate(WITHOUT_COMMON, twins) == twins
        (lone,) = await shortened(["Văn hóa Thể thao và Du lịch"], 12)
        assert lone.endswith("lịch")
        assert lone.startswith("Văn")
