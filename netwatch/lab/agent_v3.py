"""SNMP v3 agents (RFC 3414): pysnmp's engine in front of the same objects as the v2c agents."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import cmdrsp, ntforg
from pysnmp.entity.rfc3413.context import SnmpContext
from pysnmp.proto import rfc1905
from pysnmp.proto.api import v2c
from pysnmp.smi.instrum import AbstractMibInstrumController

from netwatch.core.credential import UserCredential
from netwatch.core.errors import StartError
from netwatch.lab import ber
from netwatch.lab.mib import Mib
from netwatch.lab.trap import PORT as TRAP_PORT
from netwatch.lab.trap import SYS_UPTIME, Bindings
from netwatch.snmp.protocols import AUTHENTICATION, PRIVACY

_ENGINE_ID = b"\x80\x00\x7e\xd9\x05"
"""RFC 3411: enterprise 32473 (for examples, RFC 5612), then octets of our own choice."""

_EVERYTHING = (1, 3)
_TRAPS = "traps"
"""How the engine calls the user's level for what it says by itself."""

_NUMBERS = {
    ber.INTEGER: v2c.Integer,
    ber.COUNTER32: v2c.Counter32,
    ber.GAUGE32: v2c.Gauge32,
    ber.TIME_TICKS: v2c.TimeTicks,
    ber.COUNTER64: v2c.Counter64,
}


class _Objects(AbstractMibInstrumController):  # type: ignore[misc]  # pysnmp has no types
    """The objects of a device behind the interface that pysnmp reads them by."""

    def __init__(self, mib: Mib, uptime: Callable[[], float]) -> None:
        self._mib = mib
        self._uptime = uptime

    def read_variables(self, *bindings: tuple[Any, Any], **_: Any) -> list[tuple[Any, Any]]:
        return [(name, self._value(self._mib.find(tuple(name)))) for name, _ in bindings]

    def read_next_variables(self, *bindings: tuple[Any, Any], **_: Any) -> list[tuple[Any, Any]]:
        return [self._next(name) for name, _ in bindings]

    def _next(self, name: Any) -> tuple[Any, Any]:
        at = self._mib.after(tuple(name))
        if at == len(self._mib.oids):
            return name, rfc1905.endOfMibView
        return self._mib.oids[at], self._value(at)

    def _value(self, at: int | None) -> Any:
        if at is None:
            return rfc1905.noSuchObject
        ((tag, content),) = ber.elements(self._mib.values[at](self._uptime()))
        if tag == ber.OCTET_STRING:
            return v2c.OctetString(content)
        if tag == ber.OBJECT_IDENTIFIER:
            return v2c.ObjectIdentifier(ber.to_oid(content))
        return _NUMBERS[tag](int.from_bytes(content, "big", signed=True))


def check_possible() -> None:
    """Raise StartError when privacy would be refused for want of a library."""
    if importlib.util.find_spec("cryptography") is None:
        raise StartError(
            "lab: SNMP v3 agents need the package cryptography; pip install 'netwatch[lab]'"
        )


class AgentV3:
    """A running agent. ``engine``: pysnmp's; ``address``: where it answers."""

    def __init__(self, engine: SnmpEngine, address: str) -> None:
        self.engine = engine
        self._is_six = ":" in address
        self._originator = ntforg.NotificationOriginator()
        self._told: set[str] = set()

    def tell(self, said: Bindings, to: str) -> None:
        """Send a trap to an address."""
        if to not in self._told:
            self._told.add(to)
            domain = (udp6 if self._is_six else udp).DOMAIN_NAME
            config.add_target_address(self.engine, to, domain, (to, TRAP_PORT), _TRAPS, tagList=to)
            config.add_notification_target(self.engine, to, _TRAPS, to, "trap")
        bound = [(v2c.ObjectIdentifier(name), _variable(name, value)) for name, value in said]
        self._originator.send_varbinds(self.engine, to, None, v2c.OctetString(b""), bound)

    def close(self) -> None:
        """Fall silent."""
        self.engine.close_dispatcher()


def _variable(name: ber.Oid, value: int | ber.Oid) -> Any:
    if isinstance(value, tuple):
        return v2c.ObjectIdentifier(value)
    return v2c.TimeTicks(value) if name == SYS_UPTIME else v2c.Integer(value)


def start_agent(
    address: str, port: int, user: UserCredential, mib: Mib, uptime: Callable[[], float]
) -> AgentV3:
    """Answer at an address, in the running event loop, until the agent is closed."""
    digest = hashlib.blake2b(address.encode(), digest_size=8).digest()
    engine = SnmpEngine(v2c.OctetString(_ENGINE_ID + digest))
    carrier = udp6 if ":" in address else udp
    transport = carrier.Udp6AsyncioTransport() if ":" in address else udp.UdpAsyncioTransport()
    config.add_transport(engine, carrier.DOMAIN_NAME, transport.open_server_mode((address, port)))
    keys = [user.auth_key.get_secret_value()]
    keys.append(user.priv_key.get_secret_value() if user.priv_key else "")
    config.add_v3_user(
        engine,
        user.user,
        AUTHENTICATION[user.auth_protocol],
        keys[0],
        PRIVACY[user.priv_protocol],
        keys[1] or None,
    )
    level = "authPriv" if user.priv_protocol else "authNoPriv"
    config.add_vacm_user(engine, 3, user.user, level, _EVERYTHING, (), _EVERYTHING)
    config.add_target_parameters(engine, _TRAPS, user.user, level)
    context = SnmpContext(engine)
    context.unregister_context_name(b"")
    context.register_context_name(b"", _Objects(mib, uptime))
    for responder in (
        cmdrsp.GetCommandResponder,
        cmdrsp.NextCommandResponder,
        cmdrsp.BulkCommandResponder,
    ):
        responder(engine, context)
    return AgentV3(engine, address)
