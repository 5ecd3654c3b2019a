"""What is said of a peer: one kind of error, whatever it does, and connections that always end."""

from __future__ import annotations

import asyncio
import errno
import ssl
import time
from typing import cast

import pytest

from netwatch.core.result import Reason
from netwatch.net.connection import abort
from netwatch.net.errors import NetworkError, explain
from netwatch.net.icmp import Refusal
from netwatch.net.peer import speak_to
from netwatch.net.trust import any_certificate
from tests.harness.servers import (
    ADDRESS,
    Authority,
    closing,
    dripping,
    endless,
    resetting,
    served,
    silent,
)

LONG = 60.0
"""Seconds that no machine needs."""


async def read_from(port: int, seconds: float) -> NetworkError:
    """The error of reading for ever."""
    try:
        async with speak_to(ADDRESS, seconds) as peer:
            connection = await peer.connect(port)
            while True:
                await connection.read_exactly(1000)
    except NetworkError as error:
        return error


async def test_whatever_a_peer_does_is_one_kind_of_error() -> None:
    for handler, seconds, reason, detail in (
        (closing, LONG, Reason.RESET, "closed by the peer"),
        (resetting, LONG, Reason.RESET, "Connection reset by peer"),
        (endless, LONG, Reason.PROTOCOL_ERROR, "more came than is taken"),
        (silent, 0.5, Reason.SILENT, ""),
        (dripping, 0.8, Reason.TARPIT, None),
    ):
        async with served(handler) as port:
            error = await read_from(port, seconds)
            while error.reason is Reason.LOCAL_ERROR:  # this machine was too busy to tell
                error = await read_from(port, seconds)
        assert error.reason is reason
        assert detail is None or error.detail == detail


@pytest.mark.parametrize(
    ("error", "refusal", "reason", "detail"),
    [
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 9)"),
            None,
            Reason.REFUSED,
            "Connection refused",
        ),
        (
            OSError(errno.EHOSTUNREACH, "Connect call failed ('127.0.0.1', 9)"),
            Refusal(Reason.PROHIBITED, "10.0.0.1"),
            Reason.PROHIBITED,
            "from 10.0.0.1",
        ),
        (OSError(errno.EHOSTUNREACH, ""), None, Reason.HOST_UNREACHABLE, "No route to host"),
        (OSError(errno.ENETUNREACH, ""), None, Reason.LOCAL_ERROR, "Network is unreachable"),
        (OSError(errno.EMFILE, ""), None, Reason.LOCAL_ERROR, "Too many open files"),
        (ConnectionResetError("Connection lost"), None, Reason.RESET, "closed by the peer"),
        (asyncio.IncompleteReadError(b"", 2), None, Reason.RESET, "closed by the peer"),
        (ssl.SSLError(1, "x"), None, Reason.PROTOCOL_ERROR, "TLS: broken off"),
        (ssl.SSLEOFError(8, "x"), None, Reason.RESET, "closed by the peer"),
        (ssl.SSLZeroReturnError(6, "x"), None, Reason.RESET, "closed by the peer"),
        (TimeoutError(), None, Reason.TIMEOUT, ""),
    ],
)
def test_what_an_error_says(
    error: OSError | EOFError, refusal: Refusal | None, reason: Reason, detail: str
) -> None:
    said = explain(error, refusal)
    assert (said.reason, said.detail) == (reason, detail)


async def test_a_connection_ends_with_its_peer() -> None:
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        finally:
            ended.set()

    async with served(serve) as port:
        async with speak_to(ADDRESS, LONG) as peer:
            connection = await peer.connect(port)
            connection.write(b"hello")
        async with asyncio.timeout(LONG):
            await ended.wait()


async def test_tls_takes_any_certificate_where_it_is_told_to(authority: Authority) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readuntil(b"\n"))
        await reader.read()

    async with (
        served(serve, tls=authority.context(["elsewhere.test"], own=True)) as port,
        speak_to(ADDRESS, LONG) as peer,
    ):
        connection = await peer.connect(port)
        await connection.start_tls(any_certificate(), ADDRESS)
        connection.write(b"hello\n")
        assert await connection.read_until(b"\n") == b"hello\n"
        assert connection.certificate_end is None, "nobody looked at it"


async def test_when_two_limits_are_reached_at_once_the_peer_is_still_told_of() -> None:
    async def wait() -> None:
        async with asyncio.timeout(0.1), speak_to(ADDRESS, 0.1):
            asyncio.get_running_loop().call_soon(time.sleep, 0.2)
            await asyncio.Event().wait()

    with pytest.raises(NetworkError):
        await wait()


async def test_who_cancels_is_obeyed() -> None:
    async def wait() -> None:
        async with speak_to(ADDRESS, LONG):
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_tls_transport_that_is_closed_already_can_be_aborted() -> None:
    class Closed:
        def abort(self) -> None:
            raise AttributeError("'NoneType' object has no attribute '_force_close'")

    abort(cast("asyncio.WriteTransport", Closed()))
