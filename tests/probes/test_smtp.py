from __future__ import annotations

import asyncio
import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.net.errors import NetworkError
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.smtp import PROBE, parse_line
from tests.harness.servers import NAME, UNFIT, Authority, Handler, dripping, measure, said, served

pytestmark = pytest.mark.slow


class MailServer:
    """Says what it is told to say, and writes down what it hears."""

    def __init__(self, **says: str) -> None:
        self.says = {
            "banner": "220-mail.test ESMTP\r\n220 at your service",
            "EHLO": "250-mail.test\r\n250-SIZE 10240000\r\n250 STARTTLS",
            "STARTTLS": "220 go ahead",
            "QUIT": "221 bye",
            **says,
        }
        self.heard: list[str] = []
        self.left = asyncio.Event()
        self.authority: Authority | None = None
        self.names = [NAME]

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.says["banner"].encode() + b"\r\n")
        while line := await reader.readline():
            word = line.decode().strip()
            self.heard.append(word)
            command = word.split(" ")[0]
            writer.write(self.says[command].encode() + b"\r\n")
            if command == "STARTTLS" and self.authority:
                await writer.start_tls(self.authority.context(self.names))
            elif command == "STARTTLS":
                await reader.read(1)
                writer.write(b"nothing of TLS")
                break
            if command == "QUIT":
                self.left.set()
        await reader.read()


async def test_a_mail_server_is_greeted_and_left() -> None:
    server = MailServer()
    async with served(server) as port:
        result = await measure(PROBE, {"port": port})
        await asyncio.wait_for(server.left.wait(), 60)
    assert said(result) == ("success", "ok")
    assert server.heard == ["EHLO [127.0.0.1]", "QUIT"]


async def test_a_literal_of_ipv6_says_so() -> None:
    server = MailServer()
    async with served(server, "::1") as port:
        await measure(PROBE, {"port": port}, "::1")
        await asyncio.wait_for(server.left.wait(), 60)
    assert server.heard[0] == "EHLO [IPv6:::1]"


async def test_the_line_is_secured_and_the_certificate_told(authority: Authority) -> None:
    server = MailServer()
    server.authority = authority
    keys = {"starttls": True, "name": NAME, "ca": str(authority.bundle)}
    async with served(server) as port:
        result = await measure(PROBE, {"port": port, **keys})
        await asyncio.wait_for(server.left.wait(), 60)
    assert said(result) == ("success", "ok")
    assert [fact.name for fact in result.facts] == [CERTIFICATE_END.name]
    assert server.heard == ["EHLO [127.0.0.1]", "STARTTLS", "QUIT"]


async def test_a_certificate_of_another_name_is_refused(authority: Authority) -> None:
    server = MailServer()
    server.authority, server.names = authority, ["other.test"]
    keys = {"starttls": True, "name": NAME, "ca": str(authority.bundle)}
    async with served(server) as port:
        result = await measure(PROBE, {"port": port, **keys})
    assert said(result) == ("failure", "certificate_invalid")


@pytest.mark.parametrize(
    ("says", "reason", "detail"),
    [
        (
            {"banner": "554 go away"},
            "unexpected_answer",
            "554 go away instead of 220",
        ),
        ({"banner": "421"}, "unexpected_answer", "421 instead of 220"),
        ({"EHLO": "502 what?"}, "unexpected_answer", "502 what? instead of 250"),
        ({"EHLO": "250 mail.test"}, "unexpected_answer", "STARTTLS is not offered"),
        ({"STARTTLS": "454 not now"}, "unexpected_answer", "454 not now instead of 220"),
        ({}, "protocol_error", "TLS: "),
        ({"EHLO": "250-a\r\n" * 200}, "protocol_error", "a reply of more than 100 lines"),
        ({"banner": "220-a\r\n221 b"}, "unexpected_answer", "221 b instead of 220"),
        ({"banner": "HTTP/1.1 400 Bad\x1b[31m"}, "protocol_error", "not SMTP: HTTP/1.1 400 Bad?[3"),
        ({"banner": "220 " + "x" * 5000}, "protocol_error", "a line without end"),
    ],
)
async def test_what_is_not_as_it_must_be(says: dict[str, str], reason: str, detail: str) -> None:
    async with served(MailServer(**says)) as port:
        result = await measure(PROBE, {"port": port, "starttls": True})
    assert said(result) == ("failure", reason)
    assert result.detail.startswith(detail)


@pytest.mark.parametrize(("handler", "reason"), [*UNFIT, (dripping, "tarpit")])
async def test_what_is_no_mail_server(handler: Handler, reason: str) -> None:
    async with served(handler) as port:
        result = await measure(PROBE, {"port": port})
    assert said(result) == ("failure", reason)


@given(st.binary(max_size=100).map(lambda line: line + b"\n"))
def test_any_line_is_a_reply_or_refused(line: bytes) -> None:
    with contextlib.suppress(NetworkError):
        code, _, text = parse_line(line)
        assert re.match(rb"\d{3}", line)
        assert 0 <= code <= 999
        assert "\n" not in text
