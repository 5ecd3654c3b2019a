"""Requests for a name that isn't ours: DNS rebinding, also against loopback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from netwatch.web.exchange import SECURITY_HEADERS
from netwatch.web.hosts import HostNames
from tests.harness.served import served


async def ask(port: int, request: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode())
    try:
        return (await reader.read()).decode()
    finally:
        writer.close()


OURS = [
    "localhost",
    "LOCALHOST:10880",
    "localhost.",
    "127.0.0.1",
    "127.0.0.1:9999",
    "[::1]:10880",
    "giam-sat.haiduong.gov.vn",
    "Giam-Sat.HaiDuong.gov.vn:443",
]
NOT_OURS = [
    "attacker.example",
    "attacker.example:10880",
    "localhost.attacker.example",
    "127.0.0.1.attacker.example",
    "127.0.0.1.nip.io",
    "10.16.0.9",
    "[::ffff:10.16.0.9]",
    "evil@localhost",
    "localhost/",
    "localhost:port",
    "localhost:1:2",
    "[localhost]",
    "0x7f000001",
    "2130706433",
    "xn--localhost-",
    "localhost attacker.example",
    "",
    "*",
]


@pytest.mark.parametrize("host", OURS)
async def test_our_names_are_answered(tmp_path: Path, host: str) -> None:
    async with served(tmp_path, web_hosts=["giam-sat.haiduong.gov.vn"]) as server:
        answer = await ask(server.port, f"GET /status.json HTTP/1.1\r\nHost: {host}\r\n\r\n")
        assert answer.startswith("HTTP/1.1 200 ")


@pytest.mark.parametrize("host", NOT_OURS)
async def test_others_get_421_and_nothing_else(tmp_path: Path, host: str) -> None:
    async with served(tmp_path) as server:
        answer = await ask(server.port, f"GET /status.json HTTP/1.1\r\nHost: {host}\r\n\r\n")
        assert answer.startswith("HTTP/1.1 421 Misdirected Request\r\n")
        for name, value in SECURITY_HEADERS.items():
            assert f"\r\n{name}: {value}\r\n" in answer
        assert server.refused("host") == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET http://attacker.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
        ("GET http://localhost/metrics HTTP/1.1\r\nHost: attacker.example\r\n\r\n", 421),
        ("GET http://evil@localhost/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
        ("GET http://localhost:1/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        ("GET /metrics HTTP/1.1\r\n\r\n", 400),
        ("GET /metrics HTTP/1.0\r\n\r\n", 200),
        ("GET /metrics HTTP/1.0\r\nHost: attacker.example\r\n\r\n", 421),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n\r\n", 400),
        ("GET /metrics HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        ("OPTIONS * HTTP/1.1\r\nHost: attacker.example\r\n\r\n", 421),
    ],
)
async def test_every_place_of_a_name_counts(tmp_path: Path, request_: str, status: int) -> None:
    async with served(tmp_path) as server:
        assert f" {status} " in (await ask(server.port, request_)).splitlines()[0]


def test_the_address_that_was_connected_to_is_ours_whatever_is_listened_on() -> None:
    names = HostNames()
    assert names.know("10.16.0.40:10880", "10.16.0.40")
    assert names.know("10.16.0.40", "::ffff:10.16.0.40")
    assert names.know("[FD00:0::0040]", "fd00::40")
    assert not names.know("10.16.0.41", "10.16.0.40")
