"""Sends requests to one agent, one after the other, and again when an answer gets lost.

The requests come from a generator, a *dialogue*: it yields a request and is sent the answer. It is
resumed as soon as a datagram is read. A task that awaited each answer would take two more turns of
the event loop for each.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from netwatch.probes.snmp.errors import SnmpRefusedError, UnreadableError, explained

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SnmpRequest:
    """One request.

    Attributes:
        send: sends it, given how many times it was sent in vain.
        receive: reads the answer.
        arguments: what ``receive`` is given.
    """

    send: Callable[[int], None]
    receive: Callable[..., Any]
    arguments: tuple[object, ...] = ()


Dialogue = Generator[SnmpRequest, Any, T]
"""Yields requests, gets the answer to each, or a PollError raised at the ``yield``; returns a
result."""


class SnmpSession:
    """Runs dialogues over one socket. Use it in a ``with`` statement, within the event loop.

    Args:
        descriptor: of a socket that does not block.
        wait: seconds after which an unanswered request is sent again; twice as long each time. A
            slower agent makes it longer for the rest of the session.
        may_restart: True where a refusal can mean that the agent was restarted (v3). Then a refused
            request is sent once more, if the agent had answered before.

    Attributes:
        answers: how many came.
        heard: a datagram came, whatever it said.
    """

    def __init__(self, descriptor: int, wait: float, *, may_restart: bool) -> None:
        self.answers = 0
        self.heard = False
        self._loop = asyncio.get_running_loop()
        self._descriptor = descriptor
        self._wait = wait
        self._may_restart = may_restart
        self._dialogue: Dialogue[Any] | None = None
        self._ended: asyncio.Future[Any] = self._loop.create_future()
        self._request: SnmpRequest | None = None
        self._may_retry = False
        self._lost = 0
        self._sent_at = self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._loop.add_reader(self._descriptor, self._readable)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()

    async def run(self, dialogue: Dialogue[T]) -> T:
        """Send the requests of a dialogue, each until an answer comes; returns its result.

        The caller limits how long that may take, and runs one dialogue at a time.

        Raises:
            PollError: one that the dialogue did not handle.
            Exception: a mistake in our own code.
        """
        self._dialogue, self._ended = dialogue, self._loop.create_future()
        try:
            self._advance(dialogue.send, None)
            result: T = await self._ended
        finally:
            self._dialogue = self._request = None
            dialogue.close()
        return result

    def _advance(self, step: Callable[[Any], SnmpRequest], value: object) -> None:
        """Resume the dialogue, and send its next request.

        Args:
            step: the dialogue's ``send`` or ``throw``.
            value: the answer, or the error.
        """
        try:
            self._request = step(value)
        except StopIteration as end:
            self._request = None
            self._ended.set_result(end.value)
        except Exception as error:  # noqa: BLE001 (raised where ``run`` is awaited)
            self._request = None
            self._ended.set_exception(error)
        else:
            self._may_retry = self._may_restart and self.answers > 0
            self._lost = 0
            self._send(self._request)

    def _send(self, request: SnmpRequest) -> None:
        self._sent_at = self._loop.time()
        try:
            request.send(self._lost)
        except Exception as error:  # noqa: BLE001 (raised where ``run`` is awaited)
            self._fail(error)
        else:
            self._wait_until(self._sent_at + self._wait * 2**self._lost)

    def _fail(self, error: BaseException) -> None:
        """Raise an error of a request in the dialogue, and any other where ``run`` is awaited."""
        assert self._dialogue is not None
        assert self._request is not None
        known = explained(error)
        if known is None:
            self._request = None
            self._ended.set_exception(error)
        elif self._may_retry and isinstance(known, SnmpRefusedError):
            # A v3 agent that restarted reports its new boots and time (RFC 3414, section 3.2);
            # gufo_snmp has taken them over, so sending once more is enough.
            self._may_retry = False
            self._send(self._request)
        else:
            self._advance(self._dialogue.throw, known)

    def _wait_until(self, deadline: float) -> None:
        """Send the present request again at this time of the loop, unless an answer comes before.

        Nearly every answer comes in time, so one timer serves many requests: when it goes off too
        early for the present one, it is set anew.
        """
        self._deadline = deadline
        if self._timer is not None:
            if self._timer.when() <= deadline:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._check_deadline)

    def _check_deadline(self) -> None:
        self._timer = None
        if self._request is None or self._ended.done():
            return
        if self._loop.time() >= self._deadline:
            self._lost += 1
            self._send(self._request)
        else:
            self._wait_until(self._deadline)

    def _readable(self) -> None:
        """Decode a datagram, and resume the dialogue with it; the event loop calls this."""
        request, dialogue = self._request, self._dialogue
        if request is None or dialogue is None or self._ended.done():
            # It came late or twice: nobody waits, and it must not be taken for the next answer.
            self._drain()
            return
        try:
            answer = request.receive(*request.arguments)
        except BlockingIOError:
            return  # it was an answer to something else
        except StopAsyncIteration:
            answer = []  # how gufo_snmp says that an answer has no objects
        except BaseException as error:  # noqa: BLE001 (a panic of gufo_snmp is no Exception)
            self.heard |= isinstance(explained(error), UnreadableError | SnmpRefusedError)
            self._fail(error)
            return
        self.heard = True
        self.answers += 1
        self._wait = max(self._wait, 2 * (self._loop.time() - self._sent_at))
        self._advance(dialogue.send, answer)

    def _drain(self) -> None:
        with suppress(OSError):  # nothing there, or refused: of no interest to anybody
            os.read(self._descriptor, 1)
