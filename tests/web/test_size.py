"""What a browser loads to show 281 sites: few octets, and nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.async_api import Response

from tests.web.driver import open_live, page

pytestmark = pytest.mark.slow

MAX_OCTETS = 300_000
"""Of all files and of the first data, as they come over the wire."""


async def test_all_files_and_the_first_data_are_few_octets(port: int) -> None:
    answers: list[Response] = []
    async with page() as opened:
        opened.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (it marks it)
        await open_live(opened, f"http://127.0.0.1:{port}/")
        await opened.wait_for_selector("#site-so-5", state="attached")
        await opened.wait_for_selector("#line-list li", state="attached")
        sizes = {each.url: await _octets(each) for each in answers}
        assert all(url.startswith(f"http://127.0.0.1:{port}/") for url in sizes)
        assert any(url.endswith("/status.json") for url in sizes)
        assert sum(sizes.values()) < MAX_OCTETS, sizes


async def _octets(answer: Response) -> int:
    sizes = await answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
