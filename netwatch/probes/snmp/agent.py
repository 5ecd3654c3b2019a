"""The requests that can be sent to one SNMP agent: discovery, GET and GETBULK.

gufo_snmp's own session waits one fixed time for each answer, and its walk hides where a response
begins and ends. So the sockets below it are used directly: they encode, decode and match request
identifiers, and ``SnmpSession`` waits for answers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Self, TypeVar

from gufo.snmp import NoSuchInstance
from gufo.snmp._fast import GetIter, SnmpV2cClientSocket, SnmpV3ClientSocket

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.result import Reason
from netwatch.probes.snmp.elsewhere import Elsewhere
from netwatch.probes.snmp.errors import PollError, explained
from netwatch.probes.snmp.session import Dialogue, SnmpRequest, SnmpSession
from netwatch.probes.snmp.users import user_of
from netwatch.snmp.values import Value

T = TypeVar("T")

_SOCKET_DEFAULTS = (0, 0, 0, 0)
"""Type of service, buffer sizes and timeout of a socket: as the kernel has them, non-blocking."""

Varbind = tuple[str, Value]

Keys = tuple[str, int, bytes, int, bytes]
"""User, authentication algorithm and key, privacy algorithm and key."""

_DISCOVERY_KEYS: Keys = ("", 0, b"", 0, b"")
"""The keys of a discovery, which asks for an engine's id as nobody (RFC 3414, section 4)."""


def first_wait(timeout: float) -> float:
    """Seconds after which an unanswered request is sent again for the first time.

    Each further wait is twice as long, so within the timeout a request is sent four times at most.

    Args:
        timeout: of the whole poll, seconds.
    """
    return timeout / 8


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
    """One agent, during one poll. Use it in a ``with`` statement, within the event loop.

    Args:
        address: IPv4 or IPv6 address.
        port: UDP port.
        credential: how to log in.
        wait: seconds after which a first request is sent again.
        engine_id: of the SNMP v3 engine, if known from a poll before.

    Raises:
        PollError: the credential can't be used, or the kernel has no socket or no route.
    """

    def __init__(
        self, address: str, port: int, credential: Credential, wait: float, engine_id: bytes = b""
    ) -> None:
        where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        self._user: UserCredential | None = None
        self._token = b""
        self._port = port
        self._elsewhere: Elsewhere | None = None
        self._socket: SnmpV2cClientSocket | SnmpV3ClientSocket
        try:
            if isinstance(credential, CommunityCredential):
                community = credential.community.get_secret_value()
                self._token = community.encode()
                self._socket = SnmpV2cClientSocket(where, community, *_SOCKET_DEFAULTS)
            else:
                self._user = credential
                self._socket = SnmpV3ClientSocket(
                    where,
                    engine_id,
                    *(_keys(credential) if engine_id else _DISCOVERY_KEYS),
                    *_SOCKET_DEFAULTS,
                )
        except OSError as error:
            raise explained(error) or error from None
        self._session = SnmpSession(self._socket.get_fd(), wait, may_restart=self._user is not None)

    def __enter__(self) -> Self:
        self._session.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._session.__exit__()
        if self._elsewhere is not None:
            self._elsewhere.close()

    @property
    def has_answered(self) -> bool:
        """Whether anything came from the agent, be it an error."""
        return self._session.heard

    def listen_elsewhere(self) -> None:
        """While the agent is silent, take note of answers from other addresses; see ``silence``."""
        if self._session.answers == 0 and self._elsewhere is None:
            with suppress(OSError):  # without a second socket there is no hint
                self._elsewhere = Elsewhere(self._socket.get_fd(), self._port, self._token)

    async def run(self, dialogue: Dialogue[T]) -> T:
        """Send the requests of a dialogue; returns its result, see ``SnmpSession.run``."""
        return await self._session.run(dialogue)

    def open(self) -> Dialogue[bytes]:
        """Learn the engine of a v3 agent, its boots and its time (RFC 3414, section 4).

        Returns:
            The engine's id; empty for v2c.
        """
        if self._user is None or not isinstance(self._socket, SnmpV3ClientSocket):
            return b""
        socket = self._socket
        refresh = SnmpRequest(lambda _: socket.send_refresh(), socket.recv_refresh)
        if not socket.get_engine_id():
            yield refresh
            if not 5 <= len(socket.get_engine_id()) <= 32:
                raise PollError(Reason.PROTOCOL_ERROR, "the agent has no valid engine id")
            socket.set_keys(*_keys(self._user))
        yield refresh
        return socket.get_engine_id()

    def silence(self) -> PollError:
        """The error that stands for no answer in time, with the likeliest cause."""
        if self._elsewhere is not None and (source := self._elsewhere.source()):
            detail = (
                f"answers from {source} instead of the address that is asked; write that one into"
                " the inventory, or have the agent answer from this one"
            )
            return PollError(Reason.TIMEOUT, detail)
        if self._user is None:
            return PollError(Reason.TIMEOUT, "no answer; a wrong community looks the same")
        if self._user.priv_key is not None and self._session.answers == 1:
            # It answered the discovery, and not what it can't decrypt, as net-snmp does.
            return PollError(Reason.AUTHENTICATION, "answers nobody with this privacy key")
        return PollError(Reason.TIMEOUT, "no answer")

    def get(self, oids: list[str]) -> Dialogue[dict[str, Value]]:
        """The values of those of the objects that the agent has, by OID.

        Empty also when the agent answers with an error, such as tooBig.
        """
        socket = self._socket
        found: dict[str, Value] = yield SnmpRequest(
            lambda _: socket.send_get_many(oids), socket.recv_get_many
        )
        return found

    def has_not(self, oid: str) -> Dialogue[bool]:
        """Whether the agent says that it has no such object (noSuchObject, noSuchInstance).

        To ``get``, an error of the agent looks the same.
        """
        socket = self._socket
        absent: bool = yield SnmpRequest(lambda _: socket.send_get(oid), self._is_nothing)
        return absent

    def following(
        self, after: str, root: GetIter, repetitions: Callable[[int], int]
    ) -> Dialogue[list[Varbind | None]]:
        """The objects that follow an OID (GETBULK or GETNEXT, RFC 3416, sections 4.2.2 and 4.2.3).

        Args:
            after: OID behind which to begin.
            root: made of the OID that the objects must lie below.
            repetitions: how many objects to ask for, given how many requests went unanswered; 0 for
                GETNEXT.

        Returns:
            The objects in the agent's order, with None behind the last below the root; empty when
            the agent has no further object at all, or answers with an error.
        """
        socket = self._socket
        found: list[Varbind | None] = yield SnmpRequest(
            lambda lost: self._ask_following(after, repetitions(lost)),
            socket.recv_get_bulk,  # a response to GETNEXT looks like one to GETBULK for one object
            (root,),
        )
        return found

    def has_ended(self, after: str, repetitions: int) -> Dialogue[bool]:
        """Whether the agent says that it has no object behind this OID (endOfMibView, RFC 3416).

        To ``following``, an error of the agent looks the same.

        Args:
            after: the OID.
            repetitions: 0 to ask by GETNEXT, 1 by GETBULK.
        """
        ended: bool = yield SnmpRequest(
            lambda _: self._ask_following(after, repetitions), self._is_nothing
        )
        return ended

    def _is_nothing(self) -> bool:
        """Read an answer about one object, for which gufo_snmp says why it has no value."""
        try:
            self._socket.recv_get()
        except NoSuchInstance:
            return True
        return False

    def _ask_following(self, after: str, repetitions: int) -> None:
        if repetitions:
            self._socket.send_get_bulk(GetIter(after, repetitions))
        else:
            self._socket.send_get_next(GetIter(after))
