"""A client that shows what really came over the wire."""

from __future__ import annotations

import aiohttp
from aiohttp import ClientResponse


async def fetch(
    port: int, path: str, method: str = "GET", **headers: str
) -> tuple[ClientResponse, bytes]:
    async with (
        aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as http,
        http.request(method, f"http://127.0.0.1:{port}{path}", headers=headers) as response,
    ):
        return response, await response.read()
