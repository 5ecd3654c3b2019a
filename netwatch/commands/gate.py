"""``netwatch gate``: runs the gateway through which other vantages write to Prometheus."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from pathlib import Path

import aiohttp

from netwatch.core.errors import ConfigError, Problem
from netwatch.process import systemd
from netwatch.remote_write.gateway import RemoteWriteGateway, tls_context
from netwatch.settings import Settings, split_listen
from netwatch.web.server import open_listener, serve

logger = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the vantages that may write, the address to listen on, and the URL of Prometheus."""
    parser.add_argument(
        "--vantage",
        metavar="ID",
        action="append",
        required=True,
        help="who may write: the id that its certificate is for; may be given again",
    )
    parser.add_argument("--address", required=True, metavar="ADDRESS:PORT", help="where to listen")
    parser.add_argument(
        "--tls",
        type=Path,
        required=True,
        metavar="DIRECTORY",
        help="has gate.crt, gate.key and ca.crt",
    )
    parser.add_argument(
        "--store",
        default="http://127.0.0.1:9090/api/v1/write",
        metavar="URL",
        help="where Prometheus takes it (default: %(default)s)",
    )


def execute(_settings: Settings, options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; returns 0.

    Raises:
        ConfigError: ``--address`` is not an address and port.
        StartError: the address can't be used, or the certificates can't be read.
    """
    try:
        address = split_listen(options.address)
    except ValueError as error:
        raise ConfigError([Problem("--address", str(error))]) from None
    asyncio.run(_run(options, address))
    return 0


async def _run(options: argparse.Namespace, address: tuple[str, int]) -> None:
    tls = tls_context(options.tls)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = open_listener(*address)
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        app = RemoteWriteGateway(options.vantage, options.store, session).app()
        async with serve(app, listener, tls=tls):
            logger.info("gate: open for %s", ", ".join(options.vantage))
            systemd.notify("READY=1")
            await stop.wait()
