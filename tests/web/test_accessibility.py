"""No view keeps anybody from using it, as far as axe-core can tell, in light and in dark."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.links import IncidentLinks
from tests.harness.incidents import line, running
from tests.harness.served import HASH, PASSWORD, served
from tests.harness.status_source import FakeSource
from tests.web.driver import LIMIT, open_live, page

pytestmark = pytest.mark.slow

LOGINS = f"basic_auth_users:\n  lan: {HASH}\n"
CUT = {"cause": "link:huyen-3-uplink", "site": "huyen-3"}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

# By name: what stands behind the address, what is waited for, what is opened there.
VIEWS = {
    "overview": ("#site-so-5", "#site-so-5[open] .strip", "Thông báo bảo trì"),
    "filtered": ("#/?q=nam+sach&state=down", "#clear", None),
    "incidents": ("#/incidents?days=30", "#incident-list .incident", None),
    "story": ("#/incident/{id}", "#story-line li", None),
    "no story": ("#/incident/none", "#view-incident [data-tone]", None),
    "map": ("#/map", ".map-site", None),
    "wall": ("?wall", "#wall-tiles li", None),
}


@asynccontextmanager
async def looked_at(
    directory: Path, scheme: Literal["light", "dark"], width: int = 1280
) -> AsyncIterator[tuple[Page, str, str]]:
    """A page, the address of the server, and the id of an incident."""
    now = time.time()
    with running(directory, now) as run:
        cut = run.at(now - 50, line(now - 60, "nam-sach", "an-lam", **CUT))
        run.written()
        source = FakeSource(
            desk=IncidentDesk(run.follower, IncidentLinks(runbooks="https://books.example.vn"))
        )
        settings = {"web_act_users": "lan", "grafana_url": "https://grafana.example.vn"}
        async with (
            served(directory, LOGINS, source, **settings) as server,
            page(
                http_credentials={"username": "lan", "password": PASSWORD},
                color_scheme=scheme,
                viewport={"width": width, "height": 900},
                bypass_csp=True,  # for axe alone, which comes in as a script of the page
            ) as opened,
        ):
            yield opened, f"http://127.0.0.1:{server.port}/", cut.id


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(tmp_path: Path, scheme: Literal["light", "dark"]) -> None:
    expect.set_options(timeout=LIMIT)
    found = {}
    async with looked_at(tmp_path, scheme) as (opened, address, id_):
        for view, (place, ready, unfolded) in VIEWS.items():
            await opened.goto("about:blank")
            await open_live(opened, address + place.replace("{id}", id_))
            await opened.wait_for_selector(ready, state="attached")
            if unfolded:
                await opened.get_by_text(unfolded).click()
            results = await Axe().run(opened, options=RULES)
            for each in results.response["violations"]:
                nodes = [node["html"][:120] for node in each["nodes"][:3]]
                found[view, each["id"]] = each["help"], nodes
    assert found == {}


async def test_axe_finds_nothing_on_a_phone(tmp_path: Path) -> None:
    async with looked_at(tmp_path, "light", width=390) as (opened, address, _):
        await open_live(opened, address)
        results = await Axe().run(opened, options=RULES)
        assert [each["id"] for each in results.response["violations"]] == []


async def test_on_a_phone_the_search_stands_on_top(tmp_path: Path) -> None:
    async with looked_at(tmp_path, "light", width=390) as (opened, address, _):
        await open_live(opened, address)
        box = await opened.get_by_role("searchbox").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 250
        assert box["height"] >= 44


async def test_print_shows_the_whole_matrix_black_on_white_with_the_date(tmp_path: Path) -> None:
    async with looked_at(tmp_path, "dark") as (opened, address, _):
        await open_live(opened, address)
        await opened.emulate_media(media="print", color_scheme="dark")
        assert await opened.evaluate("getComputedStyle(document.body).backgroundColor") == WHITE
        colours = """[...document.querySelectorAll("main *")].filter((e) => e.checkVisibility())
            .map((e) => getComputedStyle(e).color)"""
        assert set(await opened.evaluate(colours)) <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"}
        whole = """() => {
            const { scrollHeight, clientHeight } = document.getElementById("flow-matrix");
            return scrollHeight <= clientHeight;
        }"""
        assert await opened.evaluate(whole)
        await expect(opened.locator(".printed")).to_be_visible()
        assert await opened.locator("#printed").inner_text() != "–"
        await expect(opened.locator("nav")).to_be_hidden()


WHITE = "rgb(255, 255, 255)"
