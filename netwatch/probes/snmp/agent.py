"""One device during one poll: questions that are asked again when an answer gets lost.

gufo_snmp's session waits one fixed time for each answer, and its walk hides where a response
begins and ends. So the sockets below it are driven directly: they encode, decode and match
request identifiers, and this file waits.

What is asked is told by a generator, a *dialogue*: it yields questions and is sent the answers.
It goes on as soon as a datagram is read; a task that waited for each would wake up through two more
turns of the event loop.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from gufo.snmp import NoSuchInstance, SnmpError
from gufo.snmp._fast import GetIter, SnmpV2cClientSocket, SnmpV3ClientSocket

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.result import Reason
from netwatch.probes.snmp.errors import PollError, RefusedError, explained
from netwatch.probes.snmp.users import user_of
from netwatch.snmp.values import Value

T = TypeVar("T")

_PLAIN = (0, 0, 0, 0)
"""Type of service and buffer sizes as the kernel has them; no timeout, which means: don't block."""

Varbind = tuple[str, Value]


@dataclass(frozen=True, slots=True)
class Question:
    """One request.

    Attributes:
        send: sends it, given how many times it was sent in vain.
        receive: reads the answer.
        arguments: what ``receive`` is given.
    """

    send: Callable[[int], None]
    receive: Callable[..., Any]
    arguments: tuple[object, ...] = ()


Dialogue = Generator[Question, Any, T]
"""Yields questions, is sent the answer to each or thrown a PollError, and comes to a result."""


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
    """Asks one device. Use it in a ``with`` statement, within the event loop.

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
        self._loop = asyncio.get_running_loop()
        self._wait = wait
        self._answers = 0
        self._dialogue: Dialogue[Any] | None = None
        self._ending: asyncio.Future[Any] = self._loop.create_future()
        self._question: Question | None = None
        self._trusted = False
        self._lost = 0
        self._asked = self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        self._user: UserCredential | None = None
        self._socket: SnmpV2cClientSocket | SnmpV3ClientSocket
        try:
            if isinstance(credential, CommunityCredential):
                community = credential.community.get_secret_value()
                self._socket = SnmpV2cClientSocket(where, community, *_PLAIN)
            else:
                self._user = credential
                self._socket = SnmpV3ClientSocket(
                    where, engine_id, *(_keys(credential) if engine_id else _NOBODY), *_PLAIN
                )
        except OSError as error:
            raise explained(error) or error from None
        self._descriptor = self._socket.get_fd()

    def __enter__(self) -> Self:
        self._loop.add_reader(self._descriptor, self._readable)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()

    def open(self) -> Dialogue[bytes]:
        """Learn the engine of a v3 agent, its boots and its time (RFC 3414, section 4).

        Returns:
            The engine's id; empty for v2c.
        """
        if self._user is None or not isinstance(self._socket, SnmpV3ClientSocket):
            return b""
        socket = self._socket
        refresh = Question(lambda _: socket.send_refresh(), socket.recv_refresh)
        if not socket.get_engine_id():
            yield refresh
            if not 5 <= len(socket.get_engine_id()) <= 32:
                raise PollError(Reason.PROTOCOL_ERROR, "the agent has no valid engine id")
            socket.set_keys(*_keys(self._user))
        yield refresh
        return socket.get_engine_id()

    def silence(self) -> PollError:
        """What it means that the agent did not answer in time."""
        if self._user is None:
            return PollError(Reason.TIMEOUT, "no answer; a wrong community looks the same")
        if self._user.priv_key is not None and self._answers == 1:
            # It told its engine, then kept silent to what it can't decrypt, as net-snmp does.
            return PollError(Reason.AUTHENTICATION, "answers nobody with this privacy key")
        return PollError(Reason.TIMEOUT, "no answer")

    def get(self, oids: list[str]) -> Dialogue[dict[str, Value]]:
        """The objects that the agent has, by OID."""
        socket = self._socket
        found: dict[str, Value] = yield Question(
            lambda _: socket.send_get_many(oids), socket.recv_get_many
        )
        return found

    def get_bulk(
        self, after: str, root: GetIter, repetitions: Callable[[int], int]
    ) -> Dialogue[list[Varbind | None]]:
        """The next objects; None after the last below the root; empty when the agent has no more.

        Args:
            after: OID behind which to begin.
            root: made of the OID that the objects must lie below.
            repetitions: how many objects to ask for, given how often they were asked for in vain.
        """
        socket = self._socket
        found: list[Varbind | None] = yield Question(
            lambda lost: socket.send_get_bulk(GetIter(after, repetitions(lost))),
            socket.recv_get_bulk,
            (root,),
        )
        return found

    def has_ended(self, after: str) -> Dialogue[bool]:
        """Whether the agent says that it has no object behind this OID (endOfMibView, RFC 3416).

        To ``get_bulk``, an error of the agent looks the same.
        """
        socket = self._socket

        def read() -> bool:
            try:
                socket.recv_get()  # of one object gufo_snmp tells why it has no value
            except NoSuchInstance:
                return True
            return False

        ended: bool = yield Question(lambda _: socket.send_get_bulk(GetIter(after, 1)), read)
        return ended

    async def converse(self, dialogue: Dialogue[T]) -> T:
        """Ask what a dialogue asks, each question until an answer comes; returns its result.

        How long that may take is the caller's to limit. One dialogue at a time.

        Raises:
            PollError: what the dialogue does not deal with.
        """
        self._dialogue, self._ending = dialogue, self._loop.create_future()
        self._go_on(dialogue.send, None)
        try:
            result: T = await self._ending
        finally:
            self._dialogue = self._question = None
            dialogue.close()
        return result

    def _go_on(self, step: Callable[[Any], Question], told: object) -> None:
        """Let the dialogue have an answer or an error, and ask what it asks next."""
        try:
            self._question = step(told)
        except StopIteration as end:
            self._question = None
            self._ending.set_result(end.value)
        except Exception as error:  # noqa: BLE001 (whoever waits for the dialogue is told)
            self._question = None
            self._ending.set_exception(error)
        else:
            self._trusted = self._user is not None and self._answers > 0
            self._lost = 0
            self._ask(self._question)

    def _ask(self, question: Question) -> None:
        self._asked = self._loop.time()
        try:
            question.send(self._lost)
        except (SnmpError, OSError) as error:
            self._fail(error)
        else:
            self._wait_until(self._asked + self._wait * 2**self._lost)

    def _fail(self, error: BaseException) -> None:
        """Sending or reading failed.

        Raises:
            BaseException: it is a mistake of ours.
        """
        assert self._dialogue is not None
        assert self._question is not None
        known = explained(error)
        if known is None:
            raise error
        if self._trusted and isinstance(known, RefusedError):
            # A v3 agent that restarted says that our notion of its time is wrong, and what
            # is right; gufo_snmp has taken it over, so asking once more is enough.
            self._trusted = False
            self._ask(self._question)
        else:
            self._go_on(self._dialogue.throw, known)

    def _wait_until(self, deadline: float) -> None:
        """Give up on the present request at this time of the loop.

        Nearly every answer comes in time, so one timer serves many requests: when it goes off too
        early for the present one, it is set anew.
        """
        self._deadline = deadline
        if self._timer is not None:
            if self._timer.when() <= deadline:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._look_at_deadline)

    def _look_at_deadline(self) -> None:
        self._timer = None
        if self._question is None or self._ending.done():
            return
        if self._loop.time() >= self._deadline:
            self._lost += 1
            self._ask(self._question)
        else:
            self._wait_until(self._deadline)

    def _readable(self) -> None:
        """Called by the loop: decode the datagram, and let the dialogue go on."""
        question, dialogue = self._question, self._dialogue
        if question is None or dialogue is None or self._ending.done():
            # Late, or once more: nobody waits, and it must not be taken for the next answer.
            self._drain()
            return
        try:
            answer = question.receive(*question.arguments)
        except BlockingIOError:
            return  # it was an answer to something else
        except StopAsyncIteration:
            answer = []  # how gufo_snmp says that an answer has no objects
        except BaseException as error:  # noqa: BLE001 (a panic of gufo_snmp is no Exception)
            self._fail(error)
            return
        self._answers += 1
        self._wait = max(self._wait, 2 * (self._loop.time() - self._asked))
        self._go_on(dialogue.send, answer)

    def _drain(self) -> None:
        with suppress(OSError):  # nothing there, or refused: of no interest to anybody
            os.read(self._descriptor, 1)
