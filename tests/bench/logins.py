"""A thousand wrong logins a second: how long is the event loop held, and what do they get?

The web server with logins alone, as the daemon has it, and the guesses from another process, each
with another password. Lag is how much later than asked the loop woke up, seen every millisecond;
*own* is without the time for which the kernel let other programs run.
"""

from __future__ import annotations

import asyncio
import sys
import time
from base64 import b64encode
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import bcrypt

from tests.bench.loop import Lag, watched
from tests.bench.table import row
from tests.harness.served import served

RATE = 1000
"""Guesses a second."""

SECONDS = 15.0
CLIENTS = 20


def main() -> None:
    """Print the rows, or guess when told so."""
    if len(sys.argv) > 1:
        asyncio.run(_guess(int(sys.argv[1])))
    else:
        asyncio.run(_measure())


async def _measure() -> None:
    hash_ = bcrypt.hashpw(b"right", bcrypt.gensalt(10)).decode()
    quiet, busy = Lag(), Lag()
    with TemporaryDirectory(prefix="netwatch-logins-") as home:
        config = f"basic_auth_users:\n  lan: {hash_}\n"
        async with served(Path(home), config) as server:
            async with watched(quiet):
                await asyncio.sleep(SECONDS / 3)
            command = [sys.executable, "-m", "tests.bench.logins", str(server.port)]
            async with watched(busy):
                guesses = await asyncio.create_subprocess_exec(
                    *command, stdout=asyncio.subprocess.PIPE
                )
                told, _ = await guesses.communicate()
    row("logins: lag of the loop without guesses, p50 / p99 / max", str(quiet), "own; seen")
    row(f"logins: the same with {RATE} guesses a second", str(busy), "own; seen")
    row("logins: what the guesses were answered", told.decode().strip(), f"in {SECONDS:.0f} s")


async def _guess(port: int) -> None:
    """Guess with many clients, all together at the rate; print what was answered."""
    answers: Counter[str] = Counter()
    end = time.monotonic() + SECONDS
    await asyncio.gather(*(_client(port, number, end, answers) for number in range(CLIENTS)))
    print(", ".join(f"{status}: {count}" for status, count in sorted(answers.items())))


async def _client(port: int, number: int, end: float, answers: Counter[str]) -> None:
    begun, guesses = time.monotonic(), 0
    while time.monotonic() < end:
        guesses += 1
        login = b64encode(f"lan:{number}-{guesses}".encode()).decode()
        head = f"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {login}\r\n"
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{head}Connection: close\r\n\r\n".encode())
            line = await reader.readline()
            answers[line[9:12].decode() or "closed"] += 1
            writer.close()
        except OSError:
            answers["reset"] += 1
        await asyncio.sleep(begun + guesses * CLIENTS / RATE - time.monotonic())


if __name__ == "__main__":
    main()
