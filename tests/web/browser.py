"""Chromium, to look at the page once or to work with it."""

from __future__ import annotations

import asyncio
import itertools
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.harness.requirements import require_tool

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
    """One tab, driven by the DevTools protocol.

    Attributes:
        console: what was logged in the tab.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.console: list[str] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message: dict[str, Any] = await self._socket.receive_json()
            if message.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}:
                self.console.append(str(message["params"]))
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]  # type: ignore[no-any-return]  # whatever the method says

    async def evaluate(self, expression: str) -> Any:
        result = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until a JavaScript condition holds."""
        await self.evaluate(
            "new Promise((done) => { const timer = setInterval(() => {"
            f"if ({condition}) {{ clearInterval(timer); done(true); }} }}, 20); }})"
        )

    async def resize(self, width: int) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    async def press(self, key: str) -> None:
        """Press and release a key: a letter, or one with a name."""
        text = {"Enter": "\r", "Tab": "", "Escape": ""}.get(key, key)
        code = {"Enter": 13, "Tab": 9, "Escape": 27}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                text=text if kind == "keyDown" else "",
            )

    async def open(self, url: str) -> None:
        """Load the page, and wait until it shows data."""
        await self.call("Log.enable")
        await self.call("Runtime.enable")
        await self.call("Page.navigate", url=url)
        if url == "about:blank":
            return
        await self.until("document.getElementById('fresh')?.dataset.fresh === 'live'")


@asynccontextmanager
async def open_tab(profile: Path) -> AsyncIterator[Tab]:
    async with (
        _chromium(profile, "--remote-debugging-port=0", "about:blank"),
        aiohttp.ClientSession() as http,
    ):
        port_file = profile / "DevToolsActivePort"
        while not (port_file.exists() and "\n" in port_file.read_text()):  # noqa: ASYNC110 - it tells in no other way
            await asyncio.sleep(0.02)
        port = port_file.read_text().split()[0]
        async with http.put(f"http://127.0.0.1:{port}/json/new?about:blank") as response:
            address = (await response.json())["webSocketDebuggerUrl"]
        async with http.ws_connect(address, max_msg_size=0) as socket:
            yield Tab(socket)
