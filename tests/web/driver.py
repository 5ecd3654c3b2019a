"""Chromium by Playwright: real clicks, and waiting for what they do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.harness.requirements import require_tool

LIMIT = 60_000
"""Milliseconds for which something is waited for; a machine that does much else is slow."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's own, for root too."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=require_tool("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def page(**context: Any) -> AsyncIterator[Page]:
    """A page in a browser of its own; ``context`` as ``Browser.new_context`` takes it."""
    async with chromium() as browser:
        opened = await (await browser.new_context(locale="vi-VN", **context)).new_page()
        opened.set_default_timeout(LIMIT)
        yield opened


async def open_live(opened: Page, url: str) -> None:
    """Load the page, and wait until it shows data."""
    await opened.goto(url)
    await opened.wait_for_selector("#fresh[data-fresh=live]", state="attached")
