"""Takes and ends connections: ``python -m tests.vantage.servers ADDRESS:PORT...``."""

from __future__ import annotations

import asyncio
import sys


async def _hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def main(places: list[str]) -> None:
    for place in places:
        host, _, port = place.partition(":")
        await asyncio.start_server(_hang_up, host, int(port))
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
