from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from netwatch.core.result import Result
from netwatch.net.http.head import HttpHeaders, ResponseHead
from netwatch.net.http.place import Place, redirect
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.http import PROBE, HttpParams
from netwatch.probes.http.facts import HTTP_PHASE, HTTP_STATUS
from tests.harness.servers import (
    ADDRESS,
    NAME,
    UNFIT,
    Authority,
    Handler,
    measure,
    said,
    served,
    silent,
)

pytestmark = pytest.mark.slow

PAGE = b"<html>C\xe1\xbb\x95ng th\xc3\xb4ng tin</html>"


def answering(
    body: bytes = PAGE, status: str = "200 OK", headers: str = ""
) -> Callable[[list[str]], Handler]:
    def make(heard: list[str]) -> Handler:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
            await reader.read()

        return answer

    return make


async def ask(
    handler: Handler, timeout: float = 2.0, address: str = ADDRESS, **keys: Any
) -> Result:
    async with served(handler, address) as port:
        asked = {"scheme": "http", "port": port, **keys}
        return await measure(PROBE, asked, address, timeout)


def facts(result: Result) -> dict[str, float]:
    return {
        fact.name + "".join(value for _, value in fact.labels): fact.value for fact in result.facts
    }


@pytest.mark.parametrize("address", [ADDRESS, "::1"])
async def test_a_page_is_asked_for_once_and_timed(address: str) -> None:
    heard: list[str] = []
    keys: dict[str, Any] = {"name": NAME, "path": "/a?b=c%20d", "contains": "thông tin"}
    result = await ask(answering()(heard), address=address, **keys)
    assert said(result) == ("success", "ok")
    (request,) = heard
    lines = request.split("\r\n")
    assert lines[0] == "GET /a?b=c%20d HTTP/1.1"
    assert next(line for line in lines if line.startswith("Host:")).startswith(f"Host: {NAME}:")
    assert "Accept-Encoding: identity" in lines
    told = facts(result)
    phases = [told[HTTP_PHASE.name + phase] for phase in ("connect", "wait", "transfer")]
    assert min(phases) >= 0
    assert result.duration == pytest.approx(sum(phases), abs=0.05)
    assert told[HTTP_STATUS.name] == 200


async def test_over_tls_the_certificate_is_verified_and_told(authority: Authority) -> None:
    keys: dict[str, Any] = {"name": NAME, "ca": str(authority.bundle)}
    async with served(answering()([]), tls=authority.context([NAME])) as port:
        result = await measure(PROBE, {"port": port, **keys})
        other = await measure(PROBE, {"port": port, **keys, "name": "other.test"})
        address = await measure(PROBE, {"port": port, "ca": str(authority.bundle)})
    assert said(result) == ("success", "ok")
    assert CERTIFICATE_END.name in facts(result)
    assert said(other) == ("failure", "certificate_invalid")
    assert said(address) == ("failure", "certificate_invalid")
    async with served(answering()([]), tls=authority.context([NAME], -9, -1)) as port:
        late = await measure(PROBE, {"port": port, **keys})
    assert said(late) == ("failure", "certificate_expired")


@pytest.mark.parametrize(
    ("keys", "status", "reason", "detail"),
    [
        ({}, "503 Busy", "unexpected_answer", "status 503 instead of 200"),
        ({"status": [401, 403]}, "403 No", "ok", ""),
        ({"status": [401, 403]}, "200 OK", "unexpected_answer", "status 200 instead of 401, 403"),
        ({"contains": "vắng"}, "200 OK", "unexpected_answer", "the text that is looked for is mis"),
    ],
)
async def test_what_is_wanted(keys: dict[str, Any], status: str, reason: str, detail: str) -> None:
    result = await ask(answering(status=status)([]), **keys)
    assert result.reason == reason
    assert result.detail.startswith(detail)
    assert facts(result)[HTTP_STATUS.name] == int(status[:3])


@pytest.fixture
def traps() -> Iterator[list[socket.socket]]:
    """Listeners where no check may ever come by."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_server((address, 18080)))
            for address in ("127.0.0.1", "127.7.0.66")
        ]


def visited(trap: socket.socket) -> bool:
    trap.setblocking(False)
    try:
        trap.accept()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:18080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]:18080/",
        "http://0x7f000001:18080/",
        "http://2130706433:18080/",
        "http://127.7.0.66:18080/",
        "//127.0.0.1:18080/",
        "http://localhost:18080/",
        f"http://{NAME}@127.0.0.1:18080/",
        f"http://user@{NAME}/",
        "file:///etc/passwd",
        "gopher://x/",
        "http://[",
        "http://\udcff/",
        "",
    ],
)
async def test_a_redirect_to_somewhere_else_is_not_followed(
    location: str, traps: list[socket.socket]
) -> None:
    heard: list[str] = []
    header = f"Location: {location}\r\n".encode("utf-8", "surrogateescape").decode("latin-1")
    handler = answering(b"", "302 Found", header)(heard)
    result = await ask(handler, redirects=5, name=NAME)
    assert result.reason in {"unexpected_answer", "protocol_error"}
    assert not any(visited(trap) for trap in traps)
    if location:
        assert len(heard) <= 1


async def test_a_redirect_to_another_port_of_the_host_is_not_followed() -> None:
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        header = f"Location: http://{NAME}:{other.getsockname()[1]}/\r\n"
        result = await ask(answering(b"", "302 Found", header)(heard), redirects=5, name=NAME)
        assert result.detail == "status 302 instead of 200"
        assert not visited(other)


@pytest.mark.parametrize(
    ("asked", "location", "followed"),
    [
        ("http://a.test:80", "https://a.test/", True),
        ("http://a.test:80", "http://a.test:8080/", False),
        ("http://a.test:80", "https://a.test:8443/", False),
        ("http://a.test:8080", "https://a.test/", False),
        ("https://a.test:443", "http://a.test/", False),
        ("https://a.test:8443", "https://a.test:8443/x", True),
        ("https://a.test:8443", "http://a.test:8443/x", True),
    ],
)
def test_a_redirect_stays_on_its_port_or_goes_to_https(
    asked: str, location: str, *, followed: bool
) -> None:
    scheme, _, rest = asked.partition("://")
    name, _, port = rest.partition(":")
    place = Place(scheme, name, int(port), "/")
    head = ResponseHead(11, 302, HttpHeaders([("Location", location)]))
    assert (redirect(head, place) is not None) is followed


async def test_a_redirect_within_the_host_is_followed_as_often_as_allowed() -> None:
    heard: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1])
        port = writer.get_extra_info("sockname")[1]
        step = len(heard)
        location = {1: "/two", 2: f"http://{NAME.upper()}:{port}/three"}.get(step, "/again")
        status = "200 OK" if step == 3 else "302 Found"
        writer.write(f"HTTP/1.1 {status}\r\nLocation: {location}\r\n\r\n".encode())
        writer.close()

    result = await ask(answer, redirects=2, name=NAME)
    assert said(result) == ("success", "ok")
    assert heard == ["/", "/two", "/three"]
    heard.clear()
    result = await ask(answer, redirects=1, name=NAME)
    assert result.detail == "status 302 instead of 200"
    assert heard == ["/", "/two"]


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("hải-dương.vn", "http://xn--hi-dng-6wb3j9441a.vn"),
        ("xn--hi-dng-6wb3j9441a.vn", "http://XN--HI-DNG-6WB3J9441A.VN."),
        ("xn--hi-dng-6wb3j9441a.vn", "http://hải-dương.vn"),
        ("portal.test.", "http://portal.test"),
        ("portal.test", "http://PORTAL.test."),
    ],
)
async def test_one_name_in_another_form_is_the_same_host(name: str, location: str) -> None:
    heard: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
        port = writer.get_extra_info("sockname")[1]
        status = "302 Found" if len(heard) == 1 else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nLocation: {location}:{port}/b\r\n\r\n".encode())
        writer.close()

    result = await ask(answer, timeout=60.0, redirects=1, name=name)
    assert said(result) == ("success", "ok")
    assert len(heard) == 2
    assert all(request.isascii() for request in heard)


async def test_a_server_that_hangs_up_every_other_time_fails_every_other_time() -> None:
    asked = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        if asked % 2 == 0:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    outcomes = []
    async with served(answer) as port:
        for _ in range(4):
            result = await measure(PROBE, {"scheme": "http", "port": port}, timeout=60.0)
            outcomes.append(said(result))
    assert outcomes == [("failure", "reset"), ("success", "ok")] * 2
    assert asked == 4, "one question a slot"


async def test_a_name_is_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: Any) -> None:
        raise AssertionError("a name was looked up")

    handler = answering()([])
    async with served(handler) as port:
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        result = await measure(PROBE, {"scheme": "http", "port": port, "name": "rebound.test"})
    assert said(result) == ("success", "ok")


def streaming(head: bytes, piece: bytes, pause: float = 0.0) -> Handler:
    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return stream


OK = b"HTTP/1.1 200 OK\r\n"
HUGE = OK + b"Content-Length: 10737418240\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(50 * 1024 * 1024))


@pytest.mark.parametrize(
    ("handler", "outcome", "reason"),
    [
        (streaming(HUGE, b"x", 0.05), "failure", "tarpit"),
        (streaming(HUGE, b"x" * 65536), "success", "ok"),
        (streaming(CHUNKED, b"1\r\nx\r\n" * 1000), "failure", "protocol_error"),
        (streaming(CHUNKED, b"1;" + b"x" * 9000), "failure", "protocol_error"),
        (streaming(CHUNKED, b"ffffffffffffffffffff\r\n"), "failure", "protocol_error"),
        (streaming(OK, b"A: b\r\n", 0.01), "failure", "tarpit"),
        (streaming(OK, b"A: b\r\n" * 1001), "failure", "protocol_error"),
        (streaming(OK + b"A: ", b"x" * 1000), "failure", "protocol_error"),
        (streaming(b"HTTP/1.1 200 ", b"x" * 1000), "failure", "protocol_error"),
        (streaming(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "failure", "protocol_error"),
        (answering(BOMB, headers="Content-Encoding: gzip\r\n")([]), "success", "ok"),
        (answering(b"", "200 OK", "Content-Length: 5\r\n")([]), "failure", "protocol_error"),
        *((handler, "failure", reason) for handler, reason in UNFIT),
    ],
)
async def test_no_server_holds_it_longer_or_fills_it_more(
    handler: Handler, outcome: str, reason: str
) -> None:
    result = await ask(handler, timeout=3.0)
    assert said(result) == (outcome, reason)


async def test_a_closed_port_is_refused() -> None:
    async with served(silent) as port:
        pass
    assert said(await measure(PROBE, {"port": port})) == ("failure", "refused")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_any_answer_is_a_result(answer: bytes, honest: bool) -> None:
    """Whatever comes: a result in time, and never an error of our own."""

    async def run() -> Result:
        async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write((OK if honest else b"") + answer)
            writer.close()

        return await ask(say)

    result = asyncio.run(run())
    assert result.outcome != "invalid"


@pytest.mark.parametrize(
    "keys",
    [
        {"path": "x"},
        {"path": "/a b"},
        {"path": "/\r\nHost: x"},
        {"path": "/é"},
        {"status": []},
        {"status": [99]},
        {"redirects": 6},
        {"scheme": "ftp"},
        {"name": "a\r\nb"},
        {"contains": ""},
    ],
)
def test_what_is_refused_at_load(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HttpParams.model_validate(keys)
