"""What devices answer besides SNMP: the services that their checks ask for."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_network
from typing import Any, cast

from netwatch.inventory.checks import CheckSpec
from netwatch.lab import sip
from netwatch.lab.gatekeeper import confirm
from netwatch.lab.stun import binding_success
from netwatch.lab.web import MailConnection, WebConnection
from netwatch.media.reflector import Reflector
from netwatch.net.stamped import mark_received
from netwatch.probes.h323 import H323Params
from netwatch.probes.http import HttpParams
from netwatch.probes.sip import SipParams
from netwatch.probes.smtp import SmtpParams
from netwatch.probes.stamp import StampParams
from netwatch.probes.stun import StunParams
from netwatch.probes.tls import TlsParams

Source = tuple[str, int]
Respond = Callable[[bytes, Source], bytes | None]

_ANYONE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""Nobody else is on the lab's wire."""


@dataclass(frozen=True, slots=True)
class LabService:
    """One service of a device.

    Attributes:
        protocol: ``sip``, ``h323``, ``gatekeeper``, ``stun``, ``stamp``, ``http`` or ``smtp``.
        stream: over TCP rather than UDP.
        tls: over TLS.
    """

    protocol: str
    stream: bool
    port: int
    tls: bool = False


def services(checks: Iterable[CheckSpec]) -> tuple[LabService, ...]:
    """The services that these checks ask for and the lab can simulate.

    It simulates neither SIP nor STUN over TLS, no TURN, and no STARTTLS.
    """
    return tuple(dict.fromkeys(_services(checks)))


def _services(checks: Iterable[CheckSpec]) -> Iterator[LabService]:
    for check in checks:
        keys = check.model_extra or {}
        if check.probe == "sip":
            sip_params = SipParams.model_validate(keys)
            if sip_params.transport != "tls":
                stream = sip_params.transport == "tcp"
                yield LabService("sip", stream, sip_params.destination_port)
        elif check.probe == "h323":
            h323 = H323Params.model_validate(keys)
            is_gatekeeper = h323.service == "gatekeeper"
            protocol = "gatekeeper" if is_gatekeeper else "h323"
            yield LabService(protocol, not is_gatekeeper, h323.destination_port)
        elif check.probe == "stun":
            stun = StunParams.model_validate(keys)
            if stun.transport == "udp" and not stun.turn:
                yield LabService("stun", False, stun.destination_port)
        elif check.probe == "stamp":
            yield LabService("stamp", False, StampParams.model_validate(keys).port)
        else:
            yield from _web_services(check.probe, keys)


def _web_services(probe: str, keys: dict[str, Any]) -> Iterator[LabService]:
    if probe == "http":
        http = HttpParams.model_validate(keys)
        yield LabService("http", True, http.tcp_port, http.scheme == "https")
    elif probe == "tls":  # what is said over it, nobody asks
        yield LabService("http", True, TlsParams.model_validate(keys).port, True)
    elif probe == "smtp":
        smtp = SmtpParams.model_validate(keys)
        if not smtp.starttls:
            yield LabService("smtp", True, smtp.port)


async def play(
    service: LabService,
    sock: socket.socket,
    in_call: Callable[[], bool],
    tls: ssl.SSLContext | None = None,
) -> Callable[[], None]:
    """Answer at a bound socket from now on.

    Returns:
        A function that ends it.

    Args:
        service: what to answer.
        sock: where.
        in_call: whether the endpoint is in a call now.
        tls: what services over TLS speak it with.
    """
    loop = asyncio.get_running_loop()
    if service.protocol == "stamp":
        mark_received(sock)
        reflector = Reflector(_ANYONE)
        reflector.open(sock)
        return reflector.close
    if service.stream:
        spoken: dict[str, Callable[[], asyncio.Protocol]] = {
            "sip": partial(sip.SipConnection, in_call),
            "http": WebConnection,
            "smtp": MailConnection,
        }
        protocol = spoken.get(service.protocol, asyncio.Protocol)
        encrypted = tls if service.tls else None
        server = await loop.create_server(protocol, sock=sock, backlog=16, ssl=encrypted)
        return server.close
    respond = {
        "sip": lambda data, _: sip.respond(data, in_call=in_call()),
        "gatekeeper": confirm,
        "stun": binding_success,
    }[service.protocol]
    transport, _ = await loop.create_datagram_endpoint(lambda: _Answering(respond), sock=sock)
    return transport.close


class _Answering(asyncio.DatagramProtocol):
    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own class is not derived from the interface that it implements.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str | int, ...]) -> None:
        caller = str(source[0]), int(source[1])
        if answer := self._respond(data, caller):
            self._transport.sendto(answer, source)
