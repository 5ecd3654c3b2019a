"""The map in a browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.harness.status_source import FakeSource
from tests.web.driver import LIMIT, open_live, page

pytestmark = pytest.mark.slow

CHECK = """async () => {
  const { layout, nearestTowards } = await import("/static/layout.js");
  const pairs = "a- ba cb dx xd ee fg ga".split(" ").map(([id, parent]) => [id, parent]);
  const sites = pairs.map(([id, parent]) => ({ id, parent }));
  const [a, b] = [{ coordinates: [21, 106] }, { coordinates: [20.9, 106.3] }];
  const placed = new Map(Object.entries({ a, b }));
  const { points, isGuessed, outline } = layout(sites, placed, [[[106, 20.8], [106.4, 21.1]]]);
  const bare = layout(sites, new Map(), []);
  const near = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < 60;
  return {
    all: points.size, guessed: [...isGuessed].sort(), lines: outline.length,
    ring: near(points.get("c"), points.get("b")) && near(points.get("g"), points.get("a")),
    east: points.get("b").x > points.get("a").x, south: points.get("b").y > points.get("a").y,
    inside: [...points.values(), ...bare.points.values()]
      .every(({ x, y }) => x > 0 && x < 1200 && y > 0 && y < 800),
    apart: new Set([...points.values()].map(({ x, y }) => `${x.toFixed()} ${y.toFixed()}`)).size,
    right: nearestTowards(points, "a", [1, 0]) !== null,
  };
}"""


async def test_sites_stand_where_they_are_or_around_their_parent(port: int) -> None:
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/")
        assert await opened.evaluate(CHECK) == {
            "all": 8,
            "guessed": ["c", "d", "e", "f", "g", "x"],
            "lines": 1,
            "ring": True,
            "east": True,
            "south": True,
            "inside": True,
            "apart": 8,
            "right": True,
        }


async def test_every_site_is_on_the_map_with_its_shape(port: int) -> None:
    expect.set_options(timeout=LIMIT)
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/#/map")
        sites = opened.locator("#map .map-site")
        await expect(sites).to_have_count(281)
        down = opened.locator("#map .map-site[data-id=huyen-3]")
        await expect(down).to_have_attribute("aria-label", "Huyện Nam Sách: mất kết nối")
        await expect(down.locator("use")).to_have_attribute("href", "#i-down")
        await expect(opened.locator("#map-legend")).to_contain_text("20 không tới được")
        await expect(opened.locator("#map .map-label").first).to_have_text("Huyện Nam Sách")
        await expect(opened.locator("#map .map-site[tabindex='0']")).to_have_count(1)


async def test_the_keyboard_walks_over_the_map_and_opens_a_site(port: int) -> None:
    expect.set_options(timeout=LIMIT)
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/#/map")
        await opened.locator("#map .map-site[tabindex='0']").focus()
        await expect(opened.locator("#map-detail")).to_contain_text("Huyện Nam Sách")
        await opened.keyboard.press("ArrowDown")
        await expect(opened.locator("#map-detail .map-name")).not_to_have_text("Huyện Nam Sách")
        chosen = await opened.evaluate("document.activeElement.dataset.id")
        assert chosen != "huyen-3"
        await opened.keyboard.press("Enter")
        await expect(opened).to_have_url(f"http://127.0.0.1:{port}/#site-{chosen}")
        await expect(opened.locator(f"#site-{chosen}")).to_have_attribute("open", "")


async def test_search_on_the_map_leaves_what_is_found(port: int) -> None:
    expect.set_options(timeout=LIMIT)
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/#/map?q=nam+sach")
        lit = opened.locator("#map .map-site:not(.dim)")
        await expect(lit).to_have_count(22)
        await opened.get_by_role("searchbox").fill("10.16.16.1")
        await expect(lit).to_have_count(1)
        await expect(opened).to_have_url(f"http://127.0.0.1:{port}/#/map?q=10.16.16.1")


async def test_the_map_follows_the_states(port: int, source: FakeSource) -> None:
    expect.set_options(timeout=LIMIT)
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/#/map")
        place = opened.locator("#map .map-site[data-id=so-3]")
        await expect(place).to_have_attribute("data-tone", "up")
        source.change = lambda status: list(status["sites"])[4].update({"state": "strange"})  # type: ignore[typeddict-item]
        await expect(place).to_have_attribute("data-tone", "unknown")
