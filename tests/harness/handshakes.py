"""What a TLS server shows of itself, by openssl."""

from __future__ import annotations

import asyncio

from tests.harness.requirements import require_tool
from tests.harness.served import run, until


async def s_client(port: int, *options: str) -> str:
    """What openssl says of a handshake."""
    command = [require_tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", *options]
    return (await asyncio.to_thread(run, *command))[1]


async def serial(port: int) -> str:
    """The serial number of the certificate that is shown."""
    shown = await s_client(port)
    begin = shown.index("-----BEGIN CERTIFICATE-----")
    end = shown.index("-----END CERTIFICATE-----")
    pem = shown[begin:end] + "-----END CERTIFICATE-----\n"
    command = [require_tool("openssl"), "x509", "-noout", "-serial"]
    return (await asyncio.to_thread(run, *command, text=pem))[1]


async def until_serial_is_not(port: int, former: str) -> str:
    async def ask() -> str | None:
        found = await serial(port)
        return None if found == former else found

    return await until(ask)
