"""The routes, over real sockets."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import netwatch.web
from netwatch.web.app import create_app
from netwatch.web.exchange import SECURITY_HEADERS
from tests.harness.status_source import FakeSource
from tests.web.client import fetch

STATIC = Path(netwatch.web.__file__).parent / "static"
ROUTES = {
    "/",
    "/metrics",
    "/status.json",
    "/-/healthy",
    "/-/ready",
    "/incidents.json",
    "/session.json",
    "/places.json",
    "/outline.json",
    "/reports/",
    *(f"/static/{file.name}" for file in STATIC.iterdir() if file.name != "page.html"),
}


def test_these_are_all_routes() -> None:
    routes = [
        (route.method, route.resource.canonical)
        for route in create_app(FakeSource()).router.routes()
        if route.resource is not None
    ]
    paths = {*ROUTES, "/history.json", "/incidents/{id}.json", "/reports/{name}"}
    posts = {"/incidents/{id}/acknowledge", "/incidents/{id}/note"}
    posts |= {"/maintenance", "/maintenance/{id}/end"}
    wanted = [(method, path) for path in paths for method in ("GET", "HEAD")]
    assert sorted(routes) == sorted(wanted + [("POST", path) for path in posts])


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
