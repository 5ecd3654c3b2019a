"""The program ``netwatch notify``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp

from netwatch.core.errors import ConfigError, Problem
from netwatch.notify.bridge import MessageChannel, NotifyBridge
from netwatch.notify.config import NotifyConfig, read_notify_config
from netwatch.notify.failure import NotSentError
from netwatch.notify.sms import SmsChannel
from netwatch.notify.tokens import read_tokens
from netwatch.notify.zalo import ZaloChannel
from netwatch.process import systemd
from netwatch.process.log_thread import logging_without_waiting
from netwatch.settings import SecretStore, Settings, split_listen
from netwatch.web.access import Access
from netwatch.web.connections import ConnectionLimits
from netwatch.web.listener import open_listener
from netwatch.web.server import serve

LIMITS = ConnectionLimits(lifetime=120.0)
"""A request waits until everybody was told."""

logger = logging.getLogger(__name__)


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Serve, or send one message; see ``netwatch.commands.notify``."""
    config = read_notify_config(options.config)
    try:
        address = split_listen(options.address)
    except ValueError as error:
        raise ConfigError([Problem("--address", str(error))]) from None
    secrets = SecretStore(settings.secrets_dir)
    return asyncio.run(_run(config, secrets, None if options.test else address))


async def _run(config: NotifyConfig, secrets: SecretStore, address: tuple[str, int] | None) -> int:
    # A province's network reaches the outside by a proxy, which the environment names.
    async with aiohttp.ClientSession(trust_env=True) as session:
        channels = _channels(config, secrets, session)
        zone = ZoneInfo(config.timezone)
        if address is None:
            return await _test(channels, zone)
        await _serve(NotifyBridge(channels, zone), address)
    return 0


def _channels(
    config: NotifyConfig, secrets: SecretStore, session: aiohttp.ClientSession
) -> list[MessageChannel]:
    """Every way that the configuration names.

    Raises:
        ConfigError: a secret or a token is missing.
    """
    channels: list[MessageChannel] = []
    if (zalo := config.zalo) is not None:
        tokens = read_tokens(zalo.tokens)
        channels.append(ZaloChannel(zalo, secrets.get(zalo.secret), tokens, session))
    if (sms := config.sms) is not None:
        secret = secrets.get(sms.secret) if sms.secret else None
        channels.append(SmsChannel(sms, secret, session))
    return channels


async def _serve(bridge: NotifyBridge, address: tuple[str, int]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = open_listener(*address)
    app = bridge.app()
    Access().guard(app)
    with logging_without_waiting():
        async with serve(app, listener, limits=LIMITS):
            logger.info("notify: listening on %s port %d", *listener.getsockname()[:2])
            systemd.notify("READY=1")
            await stop.wait()


async def _test(channels: list[MessageChannel], zone: ZoneInfo) -> int:
    text = f"netwatch: tin thử lúc {datetime.now(zone):%H:%M %d/%m/%Y}"
    status = 0
    for channel in channels:
        for to in channel.to:
            try:
                await channel.send(to, text)
                print(f"{channel.name} {to}: đã gửi / sent")
            except NotSentError as failure:
                print(f"{channel.name} {to}: KHÔNG GỬI ĐƯỢC / NOT SENT: {failure}")
                status = 1
    return status
