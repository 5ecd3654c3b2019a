"""The accounting of echoes: sent = answered + lost + open, whatever comes, in whatever order."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from netwatch.core.result import StrayKind
from netwatch.probes.icmp.echoes import REMEMBERED, Echo, Echoes
from tests.builders import make_check

CHECKS = [
    make_check(target=f"t{i}", address=f"127.0.0.{i + 1}", timeout=timeout)
    for i, timeout in enumerate((0.5, 1.0, 3.0))
]


class Accounting(RuleBasedStateMachine):
    """Sends, answers, repeats, forges and lets time pass, and counts beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.echoes = Echoes()
        self.now = 0.0
        self.sent: list[Echo] = []
        self.counts: Counter[str] = Counter()

    @rule(check=st.sampled_from(CHECKS))
    def send(self, check: object) -> None:
        number = len(self.sent)
        echo = Echo(check, self.now, number.to_bytes(16, "big"), number & 3, self.now)  # type: ignore[arg-type]
        self.echoes.add(echo)
        self.sent.append(echo)

    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        if not self.sent:
            return
        original = data.draw(st.sampled_from(self.sent))
        echo = self.echoes.find(original.token, original.check.address)
        if echo is None:
            assert not original.is_open, "an open echo was forgotten"
            self.counts["forgotten"] += 1
        elif echo.is_open:
            self.echoes.close(echo, self.now, answered=True)
            self.counts["answered"] += 1
        else:
            was_answered = echo.is_answered
            kind = self.echoes.stray(echo)
            assert kind is (StrayKind.DUPLICATE if was_answered else StrayKind.LATE)

    @rule(token=st.binary(min_size=16, max_size=16), check=st.sampled_from(CHECKS))
    def forge(self, token: bytes, check: object) -> None:
        known = {echo.token for echo in self.sent}
        if token not in known:
            assert self.echoes.find(token, "127.0.0.1") is None

    @rule(data=st.data())
    def answer_from_elsewhere(self, data: st.DataObject) -> None:
        if self.sent:
            assert (
                self.echoes.find(data.draw(st.sampled_from(self.sent)).token, "127.9.9.9") is None
            )

    @rule(seconds=st.floats(0, 5))
    def let_time_pass(self, seconds: float) -> None:
        self.now += seconds
        for echo in self.echoes.overdue(self.now):
            assert echo.sent + echo.check.timeout <= self.now
            self.echoes.close(echo, self.now, answered=False)
            self.counts["lost"] += 1
        self.echoes.forget(self.now - REMEMBERED / 2)

    @invariant()
    def nothing_is_unaccounted_for(self) -> None:
        assert len(self.sent) == self.counts["answered"] + self.counts["lost"] + len(self.echoes)

    @invariant()
    def nothing_is_open_beyond_its_timeout(self) -> None:
        overdue = [e for e in self.sent if e.is_open and e.sent + e.check.timeout < self.now]
        assert not overdue


TestAccounting = Accounting.TestCase
TestAccounting.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
