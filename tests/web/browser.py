"""Chromium, to look at the page once or to work with it."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.harness.requirements import require_tool
from tests.web.driver import open_live, page

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LIMIT = 60
"""Seconds for which the browser is waited for."""


@asynccontextmanager
async def _chromium(profile: Path, *flags: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        require_tool("chromium"),
        *FLAGS,
        f"--user-data-dir={profile}",
        *flags,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        async with asyncio.timeout(LIMIT):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def browse(url: str, profile: Path, seconds: float = 3) -> str:
    """The page's DOM after so many seconds of the browser's own, virtual time."""
    budget = f"--virtual-time-budget={int(seconds * 1000)}"
    async with _chromium(profile, budget, "--dump-dom", url) as process:
        out, _ = await process.communicate()
        return out.decode()


class Tab:
    """One tab, in which scripts are run as on its console.

    Attributes:
        console: what was complained of in the tab.
    """

    def __init__(self, opened: Page) -> None:
        self._page = opened
        self.console: list[str] = []
        opened.on("console", lambda said: self.console.append(said.text))
        opened.on("pageerror", lambda error: self.console.append(str(error)))

    async def evaluate(self, expression: str) -> Any:
        return await self._page.evaluate(expression)

    async def until(self, condition: str) -> None:
        """Wait until a JavaScript condition holds."""
        await self.evaluate(
            "new Promise((done) => { const timer = setInterval(() => {"
            f"if ({condition}) {{ clearInterval(timer); done(true); }} }}, 20); }})"
        )

    async def resize(self, width: int) -> None:
        await self._page.set_viewport_size({"width": width, "height": 900})

    async def press(self, key: str) -> None:
        """Press and release a key: a letter, or one with a name."""
        await self._page.keyboard.press(key)

    async def open(self, url: str) -> None:
        """Load the page, and wait until it shows data."""
        if url == "about:blank":
            await self._page.goto(url)
        else:
            await open_live(self._page, url)


@asynccontextmanager
async def open_tab() -> AsyncIterator[Tab]:
    async with page() as opened:
        yield Tab(opened)
