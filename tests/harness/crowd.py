"""Clients that mean no good: ``python -m tests.harness.crowd MODE PORT COUNT``, until it is ended.

MODE: ``idle`` says nothing, ``trickle`` sends an octet of a request a second, ``unread`` asks for
the page and doesn't read it, ``hello`` begins TLS and says no more. Whoever is cut comes again
after a second. It prints a line when all have been there once.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

REQUEST = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"


@contextmanager
def crowd(mode: str, port: int, count: int) -> Iterator[None]:
    """So many clients in a process of their own, from when all have come until the block's end."""
    command = [sys.executable, "-m", __name__, mode, str(port), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"all came\n"
            yield
        finally:
            process.kill()


async def _stay(mode: str, sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    if mode == "unread":
        await loop.sock_sendall(sock, REQUEST + b"\r\n")
        await asyncio.sleep(3600)
    elif mode == "hello":
        await loop.sock_sendall(sock, b"\x16\x03\x01\x02\x00")
    elif mode == "trickle":
        await loop.sock_sendall(sock, REQUEST)
        while True:
            await asyncio.sleep(1)
            await loop.sock_sendall(sock, b"X")
    await loop.sock_recv(sock, 1)


async def _come_again_and_again(mode: str, port: int, came: asyncio.Semaphore) -> None:
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError), socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.setblocking(False)
            await loop.sock_connect(sock, ("127.0.0.1", port))
            came.release()
            await _stay(mode, sock)
        await asyncio.sleep(1)


async def _run(mode: str, port: int, count: int) -> None:
    came = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(count):
            tasks.create_task(_come_again_and_again(mode, port, came))
        for _ in range(count):
            await came.acquire()
        print("all came", flush=True)


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
