"""Every answer says the same about itself: those of the parser, too."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from netwatch.web import passwords
from netwatch.web.exchange import SECURITY_HEADERS
from netwatch.web.status import Status
from tests.harness.served import PASSWORD, USERS, served
from tests.harness.status_source import FakeSource
from tests.web.test_login import basic

HOST = b"Host: localhost\r\n"
LOGIN = f"Authorization: {basic('lan', PASSWORD)['Authorization']}\r\n".encode()


class Failing(FakeSource):
    def status(self) -> Status:
        raise RuntimeError("inner detail")

    def health(self) -> str:
        return "no result for 130 s"


async def answer_to(port: int, request: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return (await reader.read()).decode("latin-1")
    finally:
        writer.close()


def expect_ours(answer: str, status: str) -> None:
    head = answer.partition("\r\n\r\n")[0] + "\r\n"
    assert head.startswith((f"HTTP/1.1 {status} ", f"HTTP/1.0 {status} "))
    for name, value in SECURITY_HEADERS.items():
        assert f"\r\n{name}: {value}\r\n" in head, name
    assert "\r\nServer: netwatch\r\n" in head
    assert "\r\nConnection: close\r\n" in head
    for tell_tale in ("Python", "aiohttp", "Traceback", "inner detail"):
        assert tell_tale not in answer


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        ("200", b"GET /-/ready HTTP/1.1\r\n" + HOST + b"\r\n"),
        ("200", b"HEAD /metrics HTTP/1.1\r\n" + HOST + b"\r\n"),
        ("400", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("400", b"GET / HTTP/1.1\r\n" + HOST + b"broken header\r\n\r\n"),
        ("400", b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
        ("400", b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 5000 + b"\r\n"),
        ("400", b"GET / HTTP/9.9\r\n" + HOST + b"\r\n"),
        ("400", b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n"),
        ("400", b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ("404", b"GET /nothing HTTP/1.1\r\n" + HOST + b"\r\n"),
        ("405", b"DELETE /metrics HTTP/1.1\r\n" + HOST + b"\r\n"),
        ("406", b"GET /metrics HTTP/1.1\r\n" + HOST + b"Accept-Encoding: *;q=0\r\n\r\n"),
        ("413", b"GET /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n"),
        ("417", b"GET /metrics HTTP/1.1\r\n" + HOST + b"Expect: tea\r\n\r\n"),
        ("421", b"GET /metrics HTTP/1.1\r\nHost: attacker.example\r\n\r\n"),
        ("500", b"GET /status.json HTTP/1.1\r\n" + HOST + b"\r\n"),
        ("503", b"GET /-/healthy HTTP/1.1\r\n" + HOST + b"\r\n"),
    ],
)
async def test_without_a_login(tmp_path: Path, status: str, request_: bytes) -> None:
    async with served(tmp_path, source=Failing()) as server:
        expect_ours(await answer_to(server.port, request_), status)


@pytest.mark.parametrize(
    ("status", "head"),
    [("200", LOGIN), ("401", b""), ("400", b"\0"), ("405", LOGIN)],
)
async def test_with_a_login(tmp_path: Path, status: str, head: bytes) -> None:
    method = b"PUT" if status == "405" else b"GET"
    async with served(tmp_path, USERS) as server:
        request = method + b" / HTTP/1.1\r\n" + HOST + head + b"\r\n"
        expect_ours(await answer_to(server.port, request), status)


async def test_when_asked_too_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    get = b"GET /-/ready HTTP/1.1\r\n" + HOST + LOGIN + b"\r\n"
    async with served(tmp_path, "rate_limit: {interval: 1h, burst: 2}\n") as server:
        answers = [await answer_to(server.port, get) for _ in range(4)]
        assert [answer.split()[1] for answer in answers] == ["200", "200", "429", "429"]
        expect_ours(answers[3], "429")
        assert server.refused("rate") == 2
    monkeypatch.setattr(passwords, "MAX_WAITING_OF_SOURCE", 0)
    async with served(tmp_path, USERS) as server:
        expect_ours(await answer_to(server.port, get), "429")


async def test_headers_of_the_file_are_added_and_go_before_ours(tmp_path: Path) -> None:
    headers = "    X-Frame-Options: deny\n    Content-Security-Policy: default-src 'self'\n"
    config = "http_server_config:\n  headers:\n" + headers
    async with served(tmp_path, config) as server:
        for request in (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", b"\x16\x03\r\n\r\n"):
            answer = await answer_to(server.port, request)
            assert "\r\nX-Frame-Options: deny\r\n" in answer
            assert "\r\nContent-Security-Policy: default-src 'self'\r\n" in answer
            assert answer.count("Content-Security-Policy") == 1
