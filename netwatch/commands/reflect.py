"""``netwatch reflect``: a STAMP reflector (RFC 8762), which answers collectors' test packets."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from netwatch.core.errors import ConfigError, Problem, StartError
from netwatch.media.reflector import DEFAULT_RATE, Reflector, bind
from netwatch.media.stamp import PORT
from netwatch.process import systemd
from netwatch.process.log_thread import logging_without_waiting
from netwatch.settings import Settings

_MAX_RATE = 1_000_000
"""Answers a second."""

_LOG_INTERVAL = 3600.0
"""Seconds between two log lines about how much was answered."""

logger = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add who is answered, the address to listen on, and the highest rate of answers."""
    parser.add_argument(
        "--allow",
        metavar="NETWORK",
        action="append",
        required=True,
        help="who is answered: a network or an address; may be given again",
    )
    parser.add_argument(
        "--address",
        default="0.0.0.0",  # noqa: S104 -- sources are checked
        help="where to listen; on a machine with several addresses, the one that is measured",
    )
    parser.add_argument("--port", default=str(PORT), help=f"UDP port (default: {PORT})")
    parser.add_argument(
        "--rate",
        metavar="N",
        default=str(DEFAULT_RATE),
        help=f"answers a second (default: {DEFAULT_RATE})",
    )


def execute(_settings: Settings, options: argparse.Namespace) -> int:
    """Answer until SIGTERM or SIGINT; returns 0.

    Raises:
        ConfigError: with a problem for every option that is wrong.
        StartError: the address can't be used.
    """
    problems: list[Problem] = []
    allowed = [network for text in options.allow if (network := _network(text, problems))]
    port = _number("--port", options.port, 65535, problems)
    rate = _number("--rate", options.rate, _MAX_RATE, problems)
    address = _address(options.address, problems)
    if problems:
        raise ConfigError(problems)
    with logging_without_waiting():
        asyncio.run(_run(Reflector(allowed, rate), address, port))
    return 0


async def _run(reflector: Reflector, address: str, port: int) -> None:
    try:
        sock = bind(address, port)
    except OSError as error:
        remedy = "choose another --address or --port; ports below 1024 need CAP_NET_BIND_SERVICE"
        where = f"{address} port {port}"
        raise StartError(f"reflect: can't listen on {where}: {error.strerror}; {remedy}") from None
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    reflector.open(sock)
    logger.info("reflecting address=%s port=%d", *sock.getsockname()[:2])
    systemd.notify("READY=1")
    try:
        while not stop.is_set():
            try:
                async with asyncio.timeout(_LOG_INTERVAL):
                    await stop.wait()
            except TimeoutError:
                pass  # time for a word about what was done
            logger.info("reflected=%d refused=%d", reflector.reflected, reflector.refused)
    finally:
        reflector.close()


def _network(text: str, problems: list[Problem]) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text)
    except ValueError:
        message = f"{text[:64]!r} is not a network; write e.g. 10.16.0.0/24 or 10.16.0.5"
        problems.append(Problem("--allow", message))
        return None


def _address(text: str, problems: list[Problem]) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        problems.append(Problem("--address", f"{text[:64]!r} is not an IPv4 or IPv6 address"))
        return ""


def _number(name: str, text: str, maximum: int, problems: list[Problem]) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= maximum:
        return int(text[:9])
    problems.append(Problem(name, f"must be a whole number from 1 to {maximum}, not {text[:64]!r}"))
    return 0
