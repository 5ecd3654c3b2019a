"""Sends SET requests, by SNMP v3 with authentication and privacy only.

pysnmp sends them, because gufo_snmp can't. Its first request takes a tenth of a second of processor
time, so it runs in a thread with an event loop of its own, where it makes no echo wait.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from netwatch.core.check import Router
from netwatch.core.credential import UserCredential
from netwatch.snmp.ping_rows import Sets

if TYPE_CHECKING:
    from netwatch.probes.remote_ping.set_engine import SetEngine

T = TypeVar("T")

_SET_INTERVAL = 0.05
"""Seconds between two SETs, whichever router they are for."""


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
        self._engines: dict[UserCredential, SetEngine] = {}
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
                engine = self._engines[user] = _engine_for(user)
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


def _engine_for(user: UserCredential) -> SetEngine:
    """An engine for a user. pysnmp is imported here: hardly any vantage writes to a router."""
    made: SetEngine = import_module("netwatch.probes.remote_ping.set_engine").SetEngine(user)
    return made
