"""One device during one poll: requests that are asked again when an answer gets lost.

gufo_snmp's session waits one fixed time for each answer, and its walk hides where a response
begins and ends. So the sockets below it are driven directly: they encode, decode and match
request identifiers, and this file waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from gufo.snmp._fast import GetIter, SnmpV2cClientSocket, SnmpV3ClientSocket

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.result import Reason
from netwatch.probes.snmp.errors import PollError, explained
from netwatch.probes.snmp.users import user_of
from netwatch.snmp.values import Value

T = TypeVar("T")

_PLAIN = (0, 0, 0, 0)
"""Type of service and buffer sizes as the kernel has them; no timeout, which means: don't block."""

Varbind = tuple[str, Value]

Keys = tuple[str, int, bytes, int, bytes]
"""User, authentication algorithm and key, privacy algorithm and key."""

_NOBODY: Keys = ("", 0, b"", 0, b"")
"""Who asks for the id of an engine."""


def _keys(credential: UserCredential) -> Keys:
    user = user_of(credential)
    return (
        user.name,
        user.get_auth_alg(),
        user.get_auth_key(),
        user.get_priv_alg(),
        user.get_priv_key(),
    )


class Agent:
    """Asks one device.

    Args:
        address: IPv4 or IPv6 address.
        port: UDP port.
        credential: how to log in.
        wait: seconds after which a first request is asked again; twice as long each time. An
            agent that is slower makes it longer for the rest of the poll.
        engine_id: of the SNMP v3 engine, if known from a poll before.
    """

    def __init__(
        self, address: str, port: int, credential: Credential, wait: float, engine_id: bytes = b""
    ) -> None:
        self._wait = wait
        self._answers = 0
        where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        self._user: UserCredential | None = None
        self._socket: SnmpV2cClientSocket | SnmpV3ClientSocket
        with explained():
            if isinstance(credential, CommunityCredential):
                community = credential.community.get_secret_value()
                self._socket = SnmpV2cClientSocket(where, community, *_PLAIN)
            else:
                self._user = credential
                self._socket = SnmpV3ClientSocket(
                    where, engine_id, *(_keys(credential) if engine_id else _NOBODY), *_PLAIN
                )

    async def open(self) -> bytes:
        """Learn the engine of a v3 agent, its boots and its time (RFC 3414, section 4).

        Returns:
            The engine's id; empty for v2c.
        """
        if self._user is None or not isinstance(self._socket, SnmpV3ClientSocket):
            return b""
        socket = self._socket
        if not socket.get_engine_id():
            await self._exchange(socket.send_refresh, socket.recv_refresh)
            if not 5 <= len(socket.get_engine_id()) <= 32:
                raise PollError(Reason.PROTOCOL_ERROR, "the agent has no valid engine id")
            socket.set_keys(*_keys(self._user))
        await self._exchange(socket.send_refresh, socket.recv_refresh)
        return socket.get_engine_id()

    def silence(self) -> PollError:
        """What it means that the agent did not answer in time."""
        if self._user is None:
            return PollError(Reason.TIMEOUT, "no answer; a wrong community looks the same")
        if self._user.priv_key is not None and self._answers == 1:
            # It told its engine, then kept silent to what it can't decrypt, as net-snmp does.
            return PollError(Reason.AUTHENTICATION, "answers nobody with this privacy key")
        return PollError(Reason.TIMEOUT, "no answer")

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """The objects that the agent has, by OID."""
        return await self._exchange(
            lambda: self._socket.send_get_many(oids), self._socket.recv_get_many
        )

    async def get_bulk(self, place: GetIter) -> list[Varbind | None]:
        """The next objects; None after the last below the root; empty when the agent has no more.

        ``place`` moves on to the last object of the answer.
        """

        def receive() -> list[Varbind | None]:
            try:
                return self._socket.recv_get_bulk(place)
            except StopAsyncIteration:
                return []

        return await self._exchange(lambda: self._socket.send_get_bulk(place), receive)

    async def _exchange(self, send: Callable[[], None], receive: Callable[[], T]) -> T:
        """Ask until an answer comes. The poll's deadline is the caller's."""
        wait = self._wait
        while True:
            begin = time.monotonic()
            with explained():
                send()
            try:
                async with asyncio.timeout(wait):
                    answer = await self._receive(receive)
            except TimeoutError:
                wait *= 2
                continue
            self._answers += 1
            self._wait = max(self._wait, 2 * (time.monotonic() - begin))
            return answer

    async def _receive(self, receive: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        descriptor = self._socket.get_fd()
        loop.add_reader(descriptor, readable.set)
        try:
            while True:
                await readable.wait()
                readable.clear()
                try:
                    with explained():
                        return receive()
                except BlockingIOError:  # it was an answer to something else
                    continue
        finally:
            loop.remove_reader(descriptor)
