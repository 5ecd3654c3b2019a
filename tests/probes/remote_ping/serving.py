"""An SNMP agent on a UDP port: pysnmp's engine before objects that change while it runs."""

from __future__ import annotations

import asyncio
import threading
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from queue import SimpleQueue
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import cmdrsp
from pysnmp.entity.rfc3413.context import SnmpContext
from pysnmp.proto import rfc1905
from pysnmp.smi.instrum import AbstractMibInstrumController

from netwatch.core.credential import UserCredential
from netwatch.snmp.protocols import AUTHENTICATION, PRIVACY
from tests.probes.remote_ping.routers import Objects

COMMUNITY = "s3cret-community"
_EVERYTHING = (1, 3)
_RESPONDERS = (
    cmdrsp.GetCommandResponder,
    cmdrsp.NextCommandResponder,
    cmdrsp.BulkCommandResponder,
    cmdrsp.SetCommandResponder,
)

Write = Callable[[list[tuple[tuple[int, ...], Any]]], None]
"""Takes the bindings of a SET as a whole, or raises an error of ``pysnmp.smi.error``."""


class _Objects(AbstractMibInstrumController):  # type: ignore[misc]  # pysnmp has no types
    def __init__(self, read: Callable[[], Objects], write: Write | None) -> None:
        self._read = read
        self._write = write

    def read_variables(self, *bindings: Any, **_: Any) -> list[tuple[Any, Any]]:
        objects = self._read()
        return [(name, objects.get(tuple(name), rfc1905.noSuchInstance)) for name, _ in bindings]

    def read_next_variables(self, *bindings: Any, **_: Any) -> list[tuple[Any, Any]]:
        objects = self._read()
        names = sorted(objects)
        found: list[tuple[Any, Any]] = []
        for name, _ in bindings:
            at = bisect_right(names, tuple(name))
            end = at == len(names)
            found.append((name, rfc1905.endOfMibView) if end else (names[at], objects[names[at]]))
        return found

    def write_variables(self, *bindings: Any, **_: Any) -> list[tuple[Any, Any]]:
        assert self._write is not None, "nobody may write here"
        self._write([(tuple(name), value) for name, value in bindings])
        return list(bindings)


@asynccontextmanager
async def serving(
    read: Callable[[], Objects],
    user: UserCredential | None = None,
    write: Write | None = None,
    address: str = "127.0.0.1",
) -> AsyncIterator[int]:
    """Answer to v2c (reading) or to the v3 user (reading and writing); the port."""
    engine = SnmpEngine()
    transport = udp.UdpAsyncioTransport().open_server_mode((address, 0))
    config.add_transport(engine, udp.DOMAIN_NAME, transport)
    config.add_v1_system(engine, "area", COMMUNITY)
    config.add_vacm_user(engine, 2, "area", "noAuthNoPriv", _EVERYTHING, ())
    if user is not None:
        keys = [key.get_secret_value() if key else None for key in (user.auth_key, user.priv_key)]
        protocols = AUTHENTICATION[user.auth_protocol], PRIVACY[user.priv_protocol]
        config.add_v3_user(engine, user.user, protocols[0], keys[0], protocols[1], keys[1])
        config.add_vacm_user(engine, 3, user.user, "authPriv", _EVERYTHING, _EVERYTHING)
    context = SnmpContext(engine)
    context.unregister_context_name(b"")
    context.register_context_name(b"", _Objects(read, write))
    for responder in _RESPONDERS:
        responder(engine, context)
    await transport._lport  # it opens in the loop's next turns
    try:
        yield transport.transport.get_extra_info("sockname")[1]
    finally:
        engine.close_dispatcher()
        await asyncio.sleep(0)


@contextmanager
def in_thread(
    read: Callable[[], Objects], user: UserCredential | None = None, write: Write | None = None
) -> Iterator[int]:
    """The same for tests whose own thread is busy, as that of a command is; the port."""
    ports: SimpleQueue[int] = SimpleQueue()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with serving(read, user, write) as port:
            ports.put(port)
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield ports.get(timeout=20)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()
