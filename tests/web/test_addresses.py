"""Addresses as sockets tell them."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from netwatch.metrics.web import WebMetrics
from netwatch.settings import Settings
from netwatch.web.addresses import ip_of, is_loopback, same_name, source_of
from netwatch.web.start import WebServer
from tests.harness.status_source import FakeSource


@pytest.mark.parametrize(
    ("address", "source", "is_ours"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "::1", True),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("10.0.0.1", "10.0.0.1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", False),
        ("fd00::1:2:3:4", "fd00::/64", False),
        ("fe80::1%eth0", "fe80::/64", False),
    ],
)
def test_sources(address: str, source: str, is_ours: bool) -> None:
    assert (source_of(address), is_loopback(address)) == (source, is_ours)


def test_names_of_certificates_are_compared_as_they_are_meant() -> None:
    assert same_name("FD00:0:0:0:0:0:0:1\n") == same_name("fd00::1") == "fd00::1"
    assert same_name("prometheus") == "prometheus"


@pytest.mark.parametrize("name", ["", b"", "/run/netwatch.sock", None])
def test_a_unix_socket_is_this_machine(name: object) -> None:
    assert ip_of(name) == "127.0.0.1"


async def test_a_socket_of_systemd_may_be_a_unix_socket(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "web"))
    listener.listen()
    async with WebServer(Settings(), WebMetrics()).serving(FakeSource(), listener):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "web"))
        writer.write(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        writer.close()
    assert not caplog.messages
