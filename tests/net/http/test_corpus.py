"""What servers answer, tried on netwatch and on curl: docs/http.md tells where they differ."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from netwatch.core.result import Result
from netwatch.probes.http import PROBE
from tests.harness.namespaces import tool_path
from tests.harness.requirements import require_tool
from tests.harness.servers import ADDRESS, Handler, measure, said, served
from tests.net.http.corpus import ANSWERS, Answer

pytestmark = pytest.mark.slow

LONG = 60.0
"""Seconds that no machine needs."""

ANY_STATUS = list(range(200, 600))
NOT_OURS = {"an unknown coding", "it says gzip and is not"}
"""Bodies in which no text can be looked for."""


def sending(octets: bytes) -> Handler:
    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(octets)
        writer.write_eof()
        await reader.read()

    return send


async def asked(answer: Answer, **keys: object) -> Result:
    async with served(sending(answer.octets)) as port:
        keys = {"scheme": "http", "port": port, "status": ANY_STATUS, **keys}
        return await measure(PROBE, keys, timeout=LONG)


@pytest.mark.parametrize("name", ANSWERS)
async def test_what_is_taken_and_what_is_said_of_the_rest(name: str) -> None:
    answer = ANSWERS[name]
    result = await asked(answer)
    assert (said(result)[0] == "success") is answer.taken, result.detail
    assert answer.says in result.detail
    assert result.crossed is (not answer.taken and bool(answer.octets))


@pytest.mark.parametrize("name", ANSWERS)
async def test_curl_takes_the_same_unless_it_is_told(name: str) -> None:
    require_tool("curl")
    answer = ANSWERS[name]
    async with served(sending(answer.octets)) as port:
        curl = await asyncio.create_subprocess_exec(
            tool_path("curl"),
            *("--silent", "--output", "/dev/null", "--max-time", str(LONG)),
            f"http://{ADDRESS}:{port}/",
        )
        assert (await curl.wait() == 0) is answer.by_curl


@pytest.mark.parametrize("name", [name for name, answer in ANSWERS.items() if answer.taken])
async def test_a_text_is_found_in_whatever_is_taken(name: str) -> None:
    result = await asked(ANSWERS[name], contains="thông tin")
    if name.startswith(("204", "304")):
        assert "is missing" in result.detail
    elif name == "an unknown coding":
        assert said(result)[0] == "success"  # it only claims to be packed
    else:
        assert said(result)[0] == "success", result.detail


def test_the_page_tells_every_difference() -> None:
    page = Path("docs/http.md").read_text(encoding="utf-8")
    for name, answer in ANSWERS.items():
        if answer.taken is not answer.by_curl:
            assert f"| {name} |" in page
