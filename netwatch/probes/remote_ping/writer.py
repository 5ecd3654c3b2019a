"""Sends SET requests, by SNMP v3 with authentication and privacy only.

pysnmp sends them, because gufo_snmp can't. Its first request takes a tenth of a second of processor
time, so it runs in a thread with an event loop of its own, where it makes no echo wait.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.cmdgen import SetCommandGenerator
from pysnmp.error import PySnmpError
from pysnmp.proto.api import v2c

from netwatch.core.check import Router
from netwatch.core.credential import UserCredential
from netwatch.snmp.oids import arcs_of
from netwatch.snmp.ping_rows import Sets
from netwatch.snmp.protocols import AUTHENTICATION, PRIVACY

T = TypeVar("T")

SET_TIMEOUT = 2.0
"""Seconds that a router may take for a SET. It is never sent again: that could set things twice."""

_SET_INTERVAL = 0.05
"""Seconds between two SETs, whichever router they are for."""

_TYPES = {
    "integer": v2c.Integer,
    "unsigned": v2c.Gauge32,
    "octets": v2c.OctetString,
    "ticks": v2c.TimeTicks,
}


class WriteError(Exception):
    """The router did not do what a SET asks for. Its text is shown to people, without secrets."""


def is_strong(user: UserCredential) -> bool:
    """Whether a user may write: with privacy, and neither by DES nor by MD5, which are broken."""
    return (
        user.priv_key is not None
        and user.priv_protocol not in {None, "des"}
        and user.auth_protocol != "md5"
    )


class Writer:
    """A thread that sends SETs. Call ``close`` when nothing more is to be written."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._paced = asyncio.Lock()
        self._engines: dict[UserCredential, _Engine] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, name="set", daemon=True)
        self._thread.start()

    async def set(self, router: Router, port: int, sets: Sets) -> None:
        """Send one request with these objects.

        Raises:
            WriteError: the router refused, did not answer, or may not be written to.
        """
        if router.writer is None or not is_strong(router.writer):
            raise WriteError("only SNMP v3 with authentication and privacy may write")
        await self._in_thread(self._set(router.address, port, router.writer, sets))

    async def close(self) -> None:
        """Close the engines, and end the thread."""
        await self._in_thread(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()

    async def _in_thread(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _set(self, address: str, port: int, user: UserCredential, sets: Sets) -> None:
        async with self._paced:
            engine = self._engines.get(user)
            if engine is None:
                engine = self._engines[user] = _Engine(user)
            await asyncio.sleep(_SET_INTERVAL)
        error, status, index = await engine.set(address, port, sets)
        if error is not None:
            raise WriteError(f"SET of {sets[0].name}: {error}")
        if status:
            name = sets[index - 1].name if 1 <= index <= len(sets) else sets[0].name
            raise WriteError(f"the router refuses to set {name}: {status:.40}")

    async def _close(self) -> None:
        for engine in self._engines.values():
            engine.close()
        await asyncio.sleep(0)  # transports close in the next round of the event loop


class _Engine:
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
