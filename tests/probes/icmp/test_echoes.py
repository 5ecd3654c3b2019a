"""The accounting of echoes: sent = answered + lost + open, whatever comes, in whatever order."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from netwatch.probes.icmp.echoes import LATE_REPLY_TIMEOUT, Echoes
from netwatch.probes.icmp.packet import address_words
from netwatch.probes.icmp.replies import Replies
from netwatch.probes.icmp.streams import Destinations, destination_of
from tests.harness.builders import make_check

CHECKS = [
    make_check(target=f"t{i}", address=address, timeout=timeout)
    for i, (address, timeout) in enumerate(
        [("127.0.0.1", 0.5), ("127.0.0.2", 1.0), ("fd00::3", 3.0)]
    )
]
SIZE = 56
_EACH = [destination_of(check) for check in CHECKS]
DESTINATIONS = Destinations(
    [to.addresses[0] for to in _EACH],
    np.concatenate([to.words for to in _EACH]),
    np.concatenate([to.timeouts for to in _EACH]),
)


def reply(token: bytes, address: str, size: int = SIZE) -> Replies:
    words = [*np.frombuffer(token, np.uint64).tolist(), *address_words(address), size]
    return Replies(
        keys=np.array([words], np.uint64),
        arrived=np.zeros(1, np.int64),
        ttls=np.zeros(1, np.uint8),
    )


class Sent:
    """One echo, as this test knows it."""

    def __init__(self, number: int, token: bytes, check: int, expires: int) -> None:
        self.number = number
        self.token = token
        self.address = CHECKS[check].address
        self.expires = expires
        self.fate = "open"


class Accounting(RuleBasedStateMachine):
    """Sends, answers, repeats, forges and lets time pass, and counts beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.echoes = Echoes(capacity=4)
        self.now = 0
        self.sent: list[Sent] = []
        self.counts: Counter[str] = Counter()

    @rule(checks=st.lists(st.integers(0, 2), min_size=1, max_size=5), unsent=st.booleans())
    def send(self, checks: list[int], unsent: bool) -> None:
        numbers, tokens = self.echoes.reserve(len(checks))
        if unsent:
            return
        rows, moments = np.array(checks), self.now + np.arange(len(checks))
        self.now = int(moments[-1])
        to = DESTINATIONS.at(rows)
        self.echoes.add(numbers, rows, np.zeros(len(rows)), to, SIZE, moments)
        ends = (moments + to.timeouts).tolist()
        for number, token, check, end in zip(numbers.tolist(), tokens, checks, ends, strict=True):
            self.sent.append(Sent(number, token.tobytes(), check, end))

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        if not self.sent:
            return
        echo = data.draw(st.sampled_from(self.sent))
        slot = self.echoes.find(reply(echo.token, echo.address))
        if slot[0] < 0:
            assert echo.fate != "open", "an open echo was forgotten"
            assert echo.expires + LATE_REPLY_TIMEOUT <= self.now, (
                "a closed echo was forgotten too soon"
            )
            return
        assert self.echoes.is_open(slot)[0] == (echo.fate == "open")
        assert self.echoes.is_lost(slot)[0] == (echo.fate == "lost")
        if echo.fate == "open":
            self.echoes.close(slot, answered=True)
            echo.fate = "answered"
        elif echo.fate == "lost":
            self.echoes.answer_late(slot)
            echo.fate = "late"

    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        if not self.sent:
            return
        echo = data.draw(st.sampled_from(self.sent))
        token = data.draw(st.sampled_from([echo.token, b""]))
        words = address_words(echo.address)
        slot = self.echoes.find_open(words, echo.number & 0xFFFF, token)
        assert (slot is not None) == (echo.fate == "open")
        assert self.echoes.find_open(words, echo.number & 0xFFFF, bytes(16)) is None
        if slot is not None:
            self.echoes.close(np.array([slot]), answered=False)
            echo.fate = "lost"

    @rule(token=st.binary(min_size=16, max_size=16), check=st.sampled_from(CHECKS))
    def forge(self, token: bytes, check: object) -> None:
        if token not in {echo.token for echo in self.sent}:
            assert self.echoes.find(reply(token, "127.0.0.1"))[0] == -1

    @rule(data=st.data(), address=st.sampled_from(["127.9.9.9", "fd00::9", "::7f00:1"]))
    def answer_from_elsewhere(self, data: st.DataObject, address: str) -> None:
        if self.sent:
            token = data.draw(st.sampled_from(self.sent)).token
            assert self.echoes.find(reply(token, address))[0] == -1

    @rule(data=st.data(), size=st.integers(16, 1400))
    def answer_with_another_length(self, data: st.DataObject, size: int) -> None:
        if self.sent and size != SIZE:
            echo = data.draw(st.sampled_from(self.sent))
            assert self.echoes.find(reply(echo.token, echo.address, size))[0] == -1

    @rule(seconds=st.floats(0, 5))
    def let_time_pass(self, seconds: float) -> None:
        self.now += int(seconds * 1e9)
        overdue = self.echoes.overdue(self.now)
        ends = self.echoes.columns.sent[overdue] + self.echoes.timeouts(overdue)
        assert (ends <= self.now).all()
        self.echoes.close(overdue, answered=False)
        for echo in self.sent:
            if echo.fate == "open" and echo.expires <= self.now:
                echo.fate = "lost"
        self.echoes.forget(self.now)

    @rule()
    def look_ahead(self) -> None:
        end = self.echoes.first_overdue()
        ends = [echo.expires for echo in self.sent if echo.fate == "open"]
        assert (end is None) == (not ends)
        # Sooner, when a later echo stands in the place of one that was dropped.
        assert end is None or end <= min(ends)

    @rule(row=st.integers(0, 2))
    def drop(self, row: int) -> None:
        self.echoes.drop(np.array([row]))
        dropped = CHECKS[row].address
        self.sent = [echo for echo in self.sent if echo.address != dropped]

    @invariant()
    def nothing_is_unaccounted_for(self) -> None:
        assert len(self.echoes) == sum(echo.fate == "open" for echo in self.sent)

    @invariant()
    def no_more_is_remembered_than_must_be(self) -> None:
        assert self.echoes.remembered >= len(self.echoes)


TestAccounting = Accounting.TestCase
TestAccounting.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_an_echo_in_the_place_of_one_that_was_dropped_has_its_own_time() -> None:
    echoes, to = Echoes(capacity=4), destination_of(CHECKS[0])
    for row, sent in ((0, 0), (1, 300_000_000)):
        echoes.drop(np.array([0]))
        echoes.forget(sent)
        for _ in range(4):
            numbers, _ = echoes.reserve(1)
            echoes.add(numbers, np.array([row]), np.zeros(1), to, SIZE, np.array([sent]))
    assert len(echoes.columns.state) == 4
    assert len(echoes.overdue(500_000_000)) == 0
    assert len(echoes.overdue(800_000_000)) == 4


def test_an_echo_that_is_late_is_told_once_and_one_that_was_answered_is_not() -> None:
    echoes = Echoes()
    numbers, _ = echoes.reserve(3)
    sent = np.array([0, 1, 2])
    echoes.add(numbers, np.array([7, 8, -1]), np.zeros(3), DESTINATIONS, SIZE, sent)
    echoes.close(numbers[:1], answered=True)
    assert echoes.late(200_000_000).tolist() == []
    assert echoes.late(300_000_000).tolist() == [8]  # a single echo has no stream
    assert echoes.late(400_000_000).tolist() == []
