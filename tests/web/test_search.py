"""Finding a site by whatever somebody has of it, with the filter in the address."""

from __future__ import annotations

import pytest

from tests.web.browser import Tab

pytestmark = pytest.mark.slow

FOUND = """[...document.querySelectorAll("details.site:not(.dim)")]
    .filter((e) => e.checkVisibility()).map((e) => e.id.slice(5))"""
COUNT = "document.getElementById('found').textContent"


async def find(tab: Tab, words: str) -> None:
    await tab.until("document.getElementById('line-rest').textContent !== ''")
    await tab.evaluate(
        f"""const s = document.getElementById("search"); s.focus();
        s.value = {words!r}; s.dispatchEvent(new Event("input"))"""
    )


@pytest.mark.parametrize(
    ("words", "site"),
    [
        ("Xã Cẩm Giàng 13", "xa-6-13"),
        ("xa cam giang 13", "xa-6-13"),
        ("XA-6-13", "xa-6-13"),
        ("10.16.16.1", "so-15"),
        ("HD-016", "so-15"),
        ("700016", "so-15"),
        ("so-15-uplink", "so-15"),
    ],
)
async def test_a_site_is_found_by_whatever_is_known(
    tab: Tab, port: int, words: str, site: str
) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    await find(tab, words)
    assert site in await tab.evaluate(FOUND)
    assert await tab.evaluate(COUNT) == "1 địa điểm"


async def test_a_carrier_finds_the_sites_of_its_lines(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    await find(tab, "viettel sở")
    found = await tab.evaluate(FOUND)
    assert found
    assert all(site.startswith("so-") and int(site[3:]) % 3 == 0 for site in found)


async def test_the_filter_stands_in_the_address_and_back_goes_back(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    before = await tab.evaluate(FOUND)
    await tab.evaluate("document.querySelector('.tile[data-tone=down]').click()")
    await tab.until("location.hash === '#/?state=down'")
    await tab.until("document.getElementById('found').textContent === '2 địa điểm'")
    await find(tab, "nam sach")
    assert await tab.evaluate("location.hash") == "#/?q=nam+sach&state=down"
    assert await tab.evaluate(FOUND) == ["huyen-3"]
    await tab.open("about:blank")
    await tab.open(f"http://127.0.0.1:{port}/#/?q=nam+sach&state=down")
    await tab.until("document.getElementById('found').textContent === '1 địa điểm'")
    assert await tab.evaluate("document.getElementById('search').value") == "nam sach"
    await tab.evaluate("document.querySelector('.nav a').click()")
    await tab.until("document.getElementById('found').textContent === ''")
    assert await tab.evaluate(FOUND) == before
    await tab.evaluate("history.back()")
    await tab.until("document.getElementById('found').textContent === '1 địa điểm'")


async def test_the_keyboard_finds_opens_and_leaves(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    await tab.press("/")
    assert await tab.evaluate("document.activeElement.id") == "search"
    await find(tab, "xa cam giang 13")
    await tab.press("Enter")
    assert await tab.evaluate("document.activeElement.parentElement.id") == "site-xa-6-13"
    await tab.press("k")
    assert await tab.evaluate("document.activeElement.parentElement.id") == "site-huyen-6"
    await tab.press("j")
    assert await tab.evaluate("document.activeElement.parentElement.id") == "site-xa-6-13"
    await tab.press("Escape")
    await tab.until("document.getElementById('found').textContent === ''")
    assert await tab.evaluate("location.hash") == "#/"


async def test_the_first_tab_stop_leads_to_the_content(tab: Tab, port: int) -> None:
    await tab.open(f"http://127.0.0.1:{port}/")
    await tab.press("Tab")
    assert await tab.evaluate("document.activeElement.id") == "skip"
    await tab.press("Enter")
    assert await tab.evaluate("document.activeElement.id") == "main"
