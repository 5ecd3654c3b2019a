"""Questions to one device, one after the other, asked again when an answer gets lost.

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

from netwatch.probes.snmp.errors import SnmpRefusedError, explained

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
"""Yields questions, is sent the answer to each or thrown a PollError, and comes to a result."""


class Conversation:
    """Holds dialogues over one socket. Use it in a ``with`` statement, within the event loop.

    Args:
        descriptor: of a socket that does not block.
        wait: seconds after which a first request is asked again; twice as long each time. An
            agent that is slower makes it longer for the rest of the conversation.
        may_restart: a refusal can mean that the agent was restarted (v3), and is asked about once
            more when it had answered before.

    Attributes:
        answers: how many came.
    """

    def __init__(self, descriptor: int, wait: float, *, may_restart: bool) -> None:
        self.answers = 0
        self._loop = asyncio.get_running_loop()
        self._descriptor = descriptor
        self._wait = wait
        self._may_restart = may_restart
        self._dialogue: Dialogue[Any] | None = None
        self._ending: asyncio.Future[Any] = self._loop.create_future()
        self._question: SnmpRequest | None = None
        self._trusted = False
        self._lost = 0
        self._asked = self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._loop.add_reader(self._descriptor, self._readable)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()

    async def hold(self, dialogue: Dialogue[T]) -> T:
        """Ask what a dialogue asks, each question until an answer comes; returns its result.

        How long that may take is the caller's to limit. One dialogue at a time.

        Raises:
            PollError: what the dialogue does not deal with.
            Exception: a mistake of ours.
        """
        self._dialogue, self._ending = dialogue, self._loop.create_future()
        try:
            self._go_on(dialogue.send, None)
            result: T = await self._ending
        finally:
            self._dialogue = self._question = None
            dialogue.close()
        return result

    def _go_on(self, step: Callable[[Any], SnmpRequest], told: object) -> None:
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
            self._trusted = self._may_restart and self.answers > 0
            self._lost = 0
            self._ask(self._question)

    def _ask(self, question: SnmpRequest) -> None:
        self._asked = self._loop.time()
        try:
            question.send(self._lost)
        except Exception as error:  # noqa: BLE001 (whoever waits for the dialogue is told)
            self._fail(error)
        else:
            self._wait_until(self._asked + self._wait * 2**self._lost)

    def _fail(self, error: BaseException) -> None:
        """Sending or reading failed: the dialogue is told, or its holder if it is our mistake."""
        assert self._dialogue is not None
        assert self._question is not None
        known = explained(error)
        if known is None:
            self._question = None
            self._ending.set_exception(error)
        elif self._trusted and isinstance(known, SnmpRefusedError):
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
        self.answers += 1
        self._wait = max(self._wait, 2 * (self._loop.time() - self._asked))
        self._go_on(dialogue.send, answer)

    def _drain(self) -> None:
        with suppress(OSError):  # nothing there, or refused: of no interest to anybody
            os.read(self._descriptor, 1)
