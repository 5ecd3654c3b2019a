"""``netwatch gate``: runs the gateway through which other vantages write to Prometheus."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import ssl
from pathlib import Path

import aiohttp

from netwatch.core.errors import ConfigError, Problem
from netwatch.metrics.web import WebMetrics
from netwatch.process import systemd
from netwatch.process.log_thread import logging_without_waiting
from netwatch.remote_write.gateway import RemoteWriteGateway
from netwatch.settings import Settings, split_listen
from netwatch.web.access import Access
from netwatch.web.config.load import WebConfig, load_web_config, vantage_tls
from netwatch.web.config.watch import WebConfigWatch
from netwatch.web.connections import ConnectionLimits
from netwatch.web.listener import open_listener
from netwatch.web.server import serve

LIMITS = ConnectionLimits(lifetime=30.0)
"""A request of a vantage is small, so what takes longer is trickled."""

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
    tls = parser.add_mutually_exclusive_group(required=True)
    tls.add_argument(
        "--tls", type=Path, metavar="DIRECTORY", help="has gate.crt, gate.key and ca.crt"
    )
    tls.add_argument(
        "--web-config",
        type=Path,
        metavar="FILE",
        help="web configuration that asks for client certificates, instead of --tls",
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
        ConfigError: the certificates can't be read, or the web configuration is wrong.
        StartError: the address can't be used.
    """
    try:
        address = split_listen(options.address)
    except ValueError as error:
        raise ConfigError([Problem("--address", str(error))]) from None
    with logging_without_waiting():
        asyncio.run(_run(options, address))
    return 0


async def _run(options: argparse.Namespace, address: tuple[str, int]) -> None:
    metrics = WebMetrics()
    config = WebConfigWatch(lambda: _web_config(options), metrics)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = open_listener(*address)
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        app = RemoteWriteGateway(options.vantage, options.store, session).app()
        Access(config, metrics).guard(app)
        with config.watching():
            async with serve(app, listener, config, metrics, LIMITS):
                logger.info("gate: open for %s", ", ".join(options.vantage))
                systemd.notify("READY=1")
                await stop.wait()


def _web_config(options: argparse.Namespace) -> WebConfig:
    if options.tls is not None:
        return vantage_tls(options.tls)
    config = load_web_config(options.web_config)
    if config.tls is None or config.tls.verify_mode != ssl.CERT_REQUIRED:
        needs = "a gate needs client_auth_type: RequireAndVerifyClientCert; it knows vantages by it"
        raise ConfigError([Problem(str(options.web_config), needs)])
    if config.users:
        message = "a gate has no basic_auth_users: vantages have certificates; remove them"
        raise ConfigError([Problem(str(options.web_config), message)])
    return config
