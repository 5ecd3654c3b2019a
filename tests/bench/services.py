"""Plays TCP, TLS, HTTP and mail services: ``python -m tests.bench.services DIRECTORY COUNT``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.harness.daemon import address
from tests.harness.servers import Authority

NAME = "bench.test"
PLAIN, TLS, HTTP, HTTPS, MAIL, CLOSED = range(10401, 10407)
"""Ports."""


async def _listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.read()
    except OSError:
        pass  # the probe hung up in its own way
    finally:
        writer.close()


async def _serve_page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    body = b"<html>" + b"x" * 4096 + b"</html>"
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await _listen(reader, writer)


async def _serve_mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 bench\r\n")
    await reader.readline()
    writer.write(b"250-bench\r\n250 SIZE 1\r\n")
    await _listen(reader, writer)


async def play(directory: Path, count: int) -> None:
    """Answer at so many addresses until ended; the authority's file is ``ca.pem``."""
    tls = Authority(directory).context([NAME])
    for number in range(count):
        where = address(number)
        await asyncio.start_server(_listen, where, PLAIN)
        await asyncio.start_server(_listen, where, TLS, ssl=tls)
        await asyncio.start_server(_serve_page, where, HTTP)
        await asyncio.start_server(_serve_page, where, HTTPS, ssl=tls)
        await asyncio.start_server(_serve_mail, where, MAIL)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(play(Path(sys.argv[1]), int(sys.argv[2])))
