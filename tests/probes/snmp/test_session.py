"""Dialogues over a socket that is no SNMP agent's: who is asked, and what the asker is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from gufo.snmp import SnmpAuthError, SnmpDecodeError

from netwatch.probes.snmp.errors import SnmpRefusedError, UnreadableError
from netwatch.probes.snmp.session import Dialogue, SnmpRequest, SnmpSession


class Peer:
    """The other end: what it is asked it answers, as often as it was told to."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ours.setblocking(False)
        self.silent = 0
        self.asked: list[int] = []

    def request(self, answer: bytes) -> SnmpRequest:
        def send(lost: int) -> None:
            self.asked.append(lost)
            if len(self.asked) > self.silent:
                self.theirs.send(answer)

        return SnmpRequest(send, self.receive)

    def receive(self) -> bytes:
        errors = {b"refused": SnmpAuthError, b"garbage": SnmpDecodeError}
        received = self.ours.recv(100)
        if received in errors:
            raise errors[received]
        return received

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    made = Peer()
    yield made
    made.close()


def session(peer: Peer, wait: float = 60.0, *, may_restart: bool = False) -> SnmpSession:
    return SnmpSession(peer.ours.fileno(), wait, may_restart=may_restart)


def asking(peer: Peer, *answers: bytes) -> Dialogue[list[bytes]]:
    told = []
    for answer in answers:
        told.append((yield peer.request(answer)))  # noqa: PERF401 (no comprehension can yield)
    return told


async def test_a_dialogue_is_sent_each_answer_and_comes_to_its_result(peer: Peer) -> None:
    with session(peer) as held:
        assert await held.run(asking(peer, b"one", b"two")) == [b"one", b"two"]
        assert await held.run(asking(peer)) == []
    assert peer.asked == [0, 0]
    assert held.answers == 2


async def test_what_is_lost_is_asked_again_and_the_asker_knows_how_often(peer: Peer) -> None:
    peer.silent = 2
    with session(peer, wait=0.01) as held:
        assert await held.run(asking(peer, b"late")) == [b"late"]
    assert peer.asked == [0, 1, 2]


async def test_an_error_is_thrown_into_the_dialogue_which_may_go_on(peer: Peer) -> None:
    def patient() -> Dialogue[bytes]:
        with pytest.raises(UnreadableError):
            yield peer.request(b"garbage")
        answer: bytes = yield peer.request(b"fine")
        return answer

    with session(peer) as held:
        assert await held.run(patient()) == b"fine"
        with pytest.raises(UnreadableError):
            await held.run(asking(peer, b"garbage"))


@pytest.mark.parametrize(("may_restart", "times"), [(False, 1), (True, 2)])
async def test_who_answered_before_is_asked_once_more_when_it_refuses(
    peer: Peer, times: int, *, may_restart: bool
) -> None:
    with session(peer, may_restart=may_restart) as held:
        with pytest.raises(SnmpRefusedError):
            await held.run(asking(peer, b"refused"))
        assert len(peer.asked) == 1, "it has never answered"
        await held.run(asking(peer, b"fine"))
        peer.asked.clear()
        with pytest.raises(SnmpRefusedError):
            await held.run(asking(peer, b"refused"))
    assert len(peer.asked) == times


async def test_a_mistake_of_the_dialogue_is_told_to_whoever_holds_it(peer: Peer) -> None:
    def mistaken() -> Dialogue[None]:
        yield peer.request(b"fine")
        raise ZeroDivisionError

    with session(peer) as held, pytest.raises(ZeroDivisionError):
        await held.run(mistaken())


async def test_a_mistake_in_asking_or_reading_is_told_too(peer: Peer) -> None:
    def forbidden(*_: object) -> None:
        raise ZeroDivisionError

    def mistaken(request: SnmpRequest) -> Dialogue[None]:
        yield request

    sound = peer.request(b"fine")
    with session(peer) as held:
        for request in (SnmpRequest(forbidden, sound.receive), SnmpRequest(sound.send, forbidden)):
            with pytest.raises(ZeroDivisionError):
                await held.run(mistaken(request))


async def test_an_answer_that_nobody_waits_for_any_more_is_not_the_next_one(peer: Peer) -> None:
    peer.silent = 1
    ended = asyncio.Event()

    def interrupted() -> Dialogue[None]:
        try:
            yield peer.request(b"never")
        finally:
            ended.set()

    with session(peer) as held:
        holder = asyncio.ensure_future(held.run(interrupted()))
        await asyncio.sleep(0)
        holder.cancel()
        peer.theirs.send(b"late")  # it is read in the very turn in which the holder is cancelled
        with pytest.raises(asyncio.CancelledError):
            await holder
        await ended.wait()
        await asyncio.sleep(0)
        assert await held.run(asking(peer, b"fresh")) == [b"fresh"]
