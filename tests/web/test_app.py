"""The routes, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import json

import aiohttp
import pytest
from aiohttp import ClientResponse

from netwatch.web.app import SECURITY_HEADERS, create_app
from netwatch.web.encoding import accepts_gzip
from netwatch.web.server import open_listener, serve
from tests.web.fake import FakeSource

ROUTES = {
    "/",
    "/metrics",
    "/status.json",
    "/-/healthy",
    "/-/ready",
    "/static/page.css",
    "/static/page.js",
    "/static/dom.js",
    "/static/tree.js",
    "/static/summary.js",
    "/static/matrix.js",
    "/static/words.js",
    "/static/icon.svg",
}


async def fetch(
    port: int, path: str, method: str = "GET", **headers: str
) -> tuple[ClientResponse, bytes]:
    async with (
        aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as http,
        http.request(method, f"http://127.0.0.1:{port}{path}", headers=headers) as response,
    ):
        return response, await response.read()


def test_these_are_all_routes() -> None:
    routes = [
        (route.method, route.resource.canonical)
        for route in create_app(FakeSource()).router.routes()
        if route.resource is not None
    ]
    assert sorted(routes) == sorted((method, path) for path in ROUTES for method in ("GET", "HEAD"))


@pytest.mark.parametrize("path", sorted(ROUTES))
async def test_get_and_head_with_security_headers(port: int, path: str) -> None:
    response, body = await fetch(port, path)
    assert response.status == 200
    assert body
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert response.headers["Connection"] == "close"
    head, nothing = await fetch(port, path, "HEAD")
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Type"] == response.headers["Content-Type"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/metrics", "/status.json", "/-/healthy"])
async def test_nothing_but_get_and_head(port: int, path: str, method: str) -> None:
    response, _ = await fetch(port, path, method)
    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/page.html",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/metrics/",
        "/probe?target=10.0.0.1",
    ],
)
async def test_nothing_else_is_served(port: int, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"Content-Security-Policy: default-src 'none'" in answer


async def test_metrics_plain_and_packed(port: int, source: FakeSource) -> None:
    source.text = b"netwatch_up 1.0\n" * 5000
    plain, body = await fetch(port, "/metrics")
    assert body == source.text
    assert plain.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "Content-Encoding" not in plain.headers
    packed, small = await fetch(port, "/metrics", **{"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(small) < len(body) / 10
    assert gzip.decompress(small) == source.text


async def test_concurrent_scrapes_share_one_render() -> None:
    class Slow(FakeSource):
        def __init__(self) -> None:
            super().__init__()
            self.begun = asyncio.Event()
            self.go = asyncio.Event()

        async def metrics(self) -> bytes:
            self.renders += 1
            self.begun.set()
            await self.go.wait()
            return self.text

    source = Slow()
    app = create_app(source)
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(app, listener):
        first = [asyncio.create_task(fetch(port, "/metrics")) for _ in range(8)]
        packed = [
            asyncio.create_task(fetch(port, "/metrics", **{"Accept-Encoding": "gzip"}))
            for _ in range(8)
        ]
        await source.begun.wait()
        # One who gives up must not take the page from the others.
        first[0].cancel()
        source.go.set()
        answers = await asyncio.gather(*first[1:], *packed)
        assert {response.status for response, _ in answers} == {200}
        assert source.renders <= 2
        await fetch(port, "/metrics")
        assert source.renders >= 2


async def test_status_is_built_once_for_all_viewers(port: int, source: FakeSource) -> None:
    answers = await asyncio.gather(*[fetch(port, "/status.json") for _ in range(20)])
    bodies = {body for _, body in answers}
    assert source.builds == len(bodies) <= 2
    status = json.loads(bodies.pop())
    assert len(status["sites"]) == 281
    assert sum(status["counts"].values()) == 281


async def test_health_and_readiness_say_why(port: int, source: FakeSource) -> None:
    assert (await fetch(port, "/-/healthy"))[1] == b"ok\n"
    source.sick, source.waiting = "no result for 130 s", "first round: 12 of 600 checks"
    response, body = await fetch(port, "/-/healthy")
    assert (response.status, body) == (503, b"no result for 130 s\n")
    response, body = await fetch(port, "/-/ready")
    assert (response.status, body) == (503, b"first round: 12 of 600 checks\n")


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("", False),
        ("identity", False),
        ("xgzip", False),
    ],
)
def test_accept_encoding(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


async def test_an_error_of_ours_is_logged_and_not_shown(
    port: int, source: FakeSource, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("inner detail")

    monkeypatch.setattr(source, "status", fail)
    response, body = await fetch(port, "/status.json")
    assert response.status == 500
    assert b"inner detail" not in body
    assert "inner detail" in caplog.text
