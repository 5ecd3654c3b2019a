"""pysnmp as it sends SET requests by SNMP v3."""

from __future__ import annotations

import asyncio
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.cmdgen import SetCommandGenerator
from pysnmp.error import PySnmpError
from pysnmp.proto.api import v2c

from netwatch.core.credential import UserCredential
from netwatch.snmp.oids import arcs_of
from netwatch.snmp.ping_rows import Sets
from netwatch.snmp.protocols import AUTHENTICATION, PRIVACY

SET_TIMEOUT = 2.0
"""Seconds that a router may take for a SET. It is never sent again: that could set things twice."""

_TYPES = {
    "integer": v2c.Integer,
    "unsigned": v2c.Gauge32,
    "octets": v2c.OctetString,
    "ticks": v2c.TimeTicks,
}


class SetEngine:
    """pysnmp for one user; made and used in the loop of the thread."""

    def __init__(self, user: UserCredential) -> None:
        assert user.priv_key is not None
        self._engine = SnmpEngine()
        self._known: set[str] = set()
        config.add_v3_user(
            self._engine,
            user.user,
            AUTHENTICATION[user.auth_protocol],
            user.auth_key.get_secret_value(),
            PRIVACY[user.priv_protocol],
            user.priv_key.get_secret_value(),
        )
        config.add_target_parameters(self._engine, "writer", user.user, "authPriv")
        for carrier, transport in (
            (udp, udp.UdpAsyncioTransport),
            (udp6, udp6.Udp6AsyncioTransport),
        ):
            config.add_transport(self._engine, carrier.DOMAIN_NAME, transport().open_client_mode())

    async def set(self, address: str, port: int, sets: Sets) -> tuple[str | None, str, int]:
        """Send one SET.

        Returns:
            Why there was no answer, None when there was one; the error status of the answer, empty
            when the agent did it; and the number of the object that it is about, from 1 on.
        """
        answer: asyncio.Future[tuple[str | None, str, int]] = (
            asyncio.get_running_loop().create_future()
        )

        def answered(*arguments: Any) -> None:
            _, _, error, status, index, _, _ = arguments
            if not answer.done():
                refusal = status.prettyPrint() if status else ""
                answer.set_result((str(error) if error else None, refusal, int(index)))

        bindings = [(arcs_of(each.oid), _TYPES[each.type](each.value)) for each in sets]
        try:
            target = self._target(address, port)
            SetCommandGenerator().send_varbinds(self._engine, target, None, b"", bindings, answered)
        except (PySnmpError, OSError) as failure:
            return f"not sent: {type(failure).__name__}", "", 0
        return await answer

    def close(self) -> None:
        """Close the sockets."""
        self._engine.close_dispatcher()

    def _target(self, address: str, port: int) -> str:
        name = f"{address}/{port}"
        if name not in self._known:
            carrier = udp6 if ":" in address else udp
            config.add_target_address(
                self._engine,
                name,
                carrier.DOMAIN_NAME,
                (address, port),
                "writer",
                timeout=SET_TIMEOUT * 100,
                retryCount=0,
            )
            self._known.add(name)
        return name
