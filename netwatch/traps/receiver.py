"""Receives traps and informs, v2c and v3: what passes the filter is read by pysnmp."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any, cast

from pyasn1.codec.ber import decoder
from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import ntfrcv
from pysnmp.proto.api import v2c
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.snmp.protocols import AUTHENTICATION, PRIVACY
from netwatch.traps.filter import TrapFilter, TrapVerdict
from netwatch.traps.kinds import TRAP_OID, TrapKind, kind_of

logger = logging.getLogger(__name__)

_LEVEL = {False: 2, True: 3}
"""authNoPriv and authPriv (RFC 3411), by whether the credential has a privacy protocol."""

MAX_DISCOVERY_OCTETS = 256
"""Octets of a message that asks for our engine; it has no variables, and some 60 octets."""

_OBSERVED_REQUEST = "rfc3412.receiveMessage:request"

OnDatagram = Callable[[TrapVerdict, str, TrapKind], None]
"""Called for every datagram: what became of it, the sender's address, and the notification."""


class TrapReceiver(asyncio.DatagramProtocol):
    """The protocol of the trap port.

    Args:
        on_datagram: called for every datagram.
        credentials: of each sender, by its address.
    """

    def __init__(self, on_datagram: OnDatagram, credentials: Mapping[str, Credential]) -> None:
        self._on_datagram = on_datagram
        self._filter = TrapFilter()
        self._reader: _TrapReader | None = None
        self._credentials: dict[str, Credential] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self.replace(credentials)

    def replace(self, credentials: Mapping[str, Credential]) -> None:
        """From now on only these addresses may send, each with its own credential."""
        self._filter.replace(credentials)
        # Made anew only when it has to be: it costs a tenth of a second.
        if self._reader is None or self._credentials != credentials:
            self.close()
            self._credentials = dict(credentials)
            self._reader = _TrapReader(self._credentials, self._send)

    def close(self) -> None:
        """Close pysnmp's engine; a datagram that comes later is not read."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio with the open socket."""
        # asyncio's own class is not derived from the interface that it implements.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Parse one datagram if the filter lets it in, and report what became of it."""
        sender = str(ip_address(str(addr[0]).partition("%")[0]))
        verdict = self._filter.judge(sender, len(data), time.monotonic())
        kind = None
        if verdict is TrapVerdict.ACCEPTED and self._reader is not None:
            kind = self._reader.read(sender, data, addr)
            verdict = TrapVerdict.UNREADABLE if kind is None else verdict
        self._on_datagram(verdict, sender, kind or TrapKind.OTHER)

    def _send(self, message: bytes, address: tuple[Any, ...]) -> None:
        """Send pysnmp's response to an inform."""
        if self._transport is not None:
            self._transport.sendto(message, address)


class _Wire(udp.UdpAsyncioTransport):  # type: ignore[misc]  # pysnmp has no types
    """What pysnmp sends through; our own socket receives."""

    def __init__(self, send: Callable[[bytes, tuple[Any, ...]], None]) -> None:
        super().__init__()
        self._send = send

    def send_message(self, outgoing: bytes, address: tuple[Any, ...]) -> None:
        self._send(outgoing, tuple(address))


class _TrapReader:
    """pysnmp's engine, set up with the communities and users of the inventory."""

    def __init__(
        self,
        credentials: Mapping[str, Credential],
        send: Callable[[bytes, tuple[Any, ...]], None],
    ) -> None:
        self._credentials = credentials
        self._names = {sender: _name(each).encode() for sender, each in credentials.items()}
        self._engines: dict[str, bytes] = {}
        self._areas: dict[str, str] = {}
        self._sender = ""
        self._read: TrapKind | None = None
        self._engine = SnmpEngine()
        config.add_transport(self._engine, udp.DOMAIN_NAME, _Wire(send))
        users: set[str] = set()
        for credential in credentials.values():
            if isinstance(credential, CommunityCredential):
                community = credential.community.get_secret_value()
                if community not in self._areas:
                    self._areas[community] = f"area-{len(self._areas)}"
                    config.add_v1_system(self._engine, self._areas[community], community)
            elif credential.user not in users:
                users.add(credential.user)
                self._add_user(credential)
        ntfrcv.NotificationReceiver(self._engine, self._read_notification)

    def close(self) -> None:
        self._engine.close_dispatcher()

    def read(self, sender: str, datagram: bytes, address: tuple[Any, ...]) -> TrapKind | None:
        """The notification in a datagram; None when it has not the sender's credential."""
        self._sender, self._read = sender, None
        if not self._is_named(sender, datagram):
            return None
        try:
            self._learn_engine(sender, datagram)
            self._engine.message_dispatcher.receive_message(
                self._engine, udp.DOMAIN_NAME, udp.UdpTransportAddress(address), datagram
            )
        except Exception as error:  # noqa: BLE001 - pysnmp raises whatever its parsers do
            logger.debug("trap not readable sender=%s error=%s", sender, type(error).__name__)
        return self._read

    def _is_named(self, sender: str, datagram: bytes) -> bool:
        """Whether a datagram has the sender's community or user; of others nothing is parsed.

        Who is about to send an inform asks for our engine first, without a user (RFC 3414, 4).
        """
        if self._names[sender] in datagram:
            return True
        by_user = isinstance(self._credentials[sender], UserCredential)
        return by_user and len(datagram) <= MAX_DISCOVERY_OCTETS

    def _read_notification(
        self, engine: Any, _state: Any, _id: Any, _name: Any, bindings: Any, _context: Any
    ) -> None:
        """Called by pysnmp with a notification whose community or user it knows."""
        execution = engine.observer.get_execution_context(_OBSERVED_REQUEST)
        if not self._is_own(execution):
            return
        for name, value in bindings:
            if tuple(name) == TRAP_OID:
                self._read = kind_of(tuple(value))
                return
        self._read = TrapKind.OTHER

    def _is_own(self, execution: Mapping[str, Any]) -> bool:
        """Whether it was sent with the credential that the sender has in the inventory."""
        credential = self._credentials.get(self._sender)
        name = str(execution["securityName"])
        if isinstance(credential, CommunityCredential):
            return name == self._areas[credential.community.get_secret_value()]
        if credential is None or name != credential.user:
            return False
        return int(execution["securityLevel"]) >= _LEVEL[credential.priv_protocol is not None]

    def _learn_engine(self, sender: str, datagram: bytes) -> None:
        """Localize the sender's user to the engine that a v3 trap comes from (RFC 3414, 3.2).

        The sender of a trap is the authority for its keys; of an inform, the receiver is.
        """
        credential = self._credentials[sender]
        if not isinstance(credential, UserCredential):
            return
        message, _ = decoder.decode(datagram, asn1Spec=SNMPv3Message())
        security, _ = decoder.decode(
            bytes(message["msgSecurityParameters"]), asn1Spec=UsmSecurityParameters()
        )
        engine_id = bytes(security["msgAuthoritativeEngineId"])
        known = self._engines.get(sender)
        if engine_id == known or not 5 <= len(engine_id) <= 32:
            return
        if known is not None:
            config.delete_v3_user(self._engine, credential.user, v2c.OctetString(known))
        self._engines[sender] = engine_id
        self._add_user(credential, engine_id)

    def _add_user(self, credential: UserCredential, engine_id: bytes | None = None) -> None:
        config.add_v3_user(
            self._engine,
            credential.user,
            AUTHENTICATION[credential.auth_protocol],
            credential.auth_key.get_secret_value(),
            PRIVACY[credential.priv_protocol],
            credential.priv_key.get_secret_value() if credential.priv_key else None,
            **({} if engine_id is None else {"securityEngineId": v2c.OctetString(engine_id)}),
        )


def _name(credential: Credential) -> str:
    """What stands in clear in every message with this credential."""
    if isinstance(credential, CommunityCredential):
        return credential.community.get_secret_value()
    return credential.user
