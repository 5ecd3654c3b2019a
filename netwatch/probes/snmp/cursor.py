"""Goes from object to object of an agent, past what it can't tell: what all walks are made of."""

from __future__ import annotations

from gufo.snmp._fast import GetIter

from netwatch.probes.snmp.agent import Agent, Varbind
from netwatch.probes.snmp.bulk_size import BulkSize
from netwatch.probes.snmp.errors import UnreadableError
from netwatch.probes.snmp.session import Dialogue

_STEPS = (1, 256, 2**16, 2**24, 2**31)
"""How far behind an object that can't be read the next one is looked for, in its last number."""

_MAX_ARC = 2**32 - 1
"""The largest number of an object identifier (RFC 2578, section 3.5)."""

_MAX_TRIES = 2
"""Times that one object must be unreadable: an answer may have been damaged on its way."""

_MAX_UNREADABLE = 16
"""Objects below one root that are stepped over; looking for the next one costs requests."""


class Cursor:
    """A place among the objects of an agent, below a root.

    Attributes:
        after: OID behind which the next objects are asked for.
        stepped_over: whether objects were left out because they can't be read.
    """

    def __init__(self, agent: Agent, root: str, bulk_size: BulkSize, after: str = "") -> None:
        """Begin before the first object.

        Args:
            agent: whom to ask.
            root: what the objects must lie below.
            bulk_size: how the device is asked.
            after: OID behind which to begin, instead of the root.
        """
        self.after = after or root
        self.stepped_over = False
        self._agent = agent
        self._bulk_size = bulk_size
        self._root = GetIter(root)
        self._depth = root.count(".")
        self._by_next = bulk_size.by_next
        self._inside = False
        self._unreadable = 0

    def move(self, after: str) -> None:
        """Go on behind another OID."""
        self.after, self._inside = after, False

    def advance(self) -> Dialogue[list[Varbind | None]]:
        """The next objects, as many as the agent can send at once, with None behind the last.

        Returns:
            Objects; empty when the agent answers with an error.

        Raises:
            PollError: nothing behind this place can be read.
        """
        size, tries = self._bulk_size, 0
        while True:
            detour = size.detours.get(self.after) if size.detours else None
            if isinstance(detour, str):
                self._step_to(detour)
                continue
            self._by_next |= size.by_next
            try:
                if self._by_next:
                    answer = yield from self._ask_by_next()
                else:
                    most = size.after_losses if detour is None else size.of(detour)
                    answer = yield from self._agent.following(self.after, self._root, most)
                    if answer:
                        size.bulk_answered()
                    else:
                        answer = yield from self._ask_otherwise()
            except UnreadableError:
                if not self._by_next and size.narrow():
                    continue
                tries += 1
                if tries >= _MAX_TRIES:
                    yield from self._step_over()
                continue
            if answer:
                size.readable(self.after, len(answer))
            if answer and (last := answer[-1] or (answer[-2] if len(answer) > 1 else None)):
                self.after, self._inside = last[0], True
            return answer

    def _ask_otherwise(self) -> Dialogue[list[Varbind | None]]:
        """What follows where GETBULK gave nothing; ``[None]`` when the agent says that it ends.

        An error of the agent may mean that it can't answer so much (tooBig), or no GETBULK at all:
        for one object there is always room, and GETNEXT is known to all.
        """
        if (yield from self._agent.has_ended(self.after, 1)):
            return [None]
        if answer := (yield from self._agent.following(self.after, self._root, _one)):
            self._bulk_size.settle()
            return answer
        answer = yield from self._ask_by_next()
        if answer and answer != [None]:
            self._by_next = True
            self._bulk_size.bulk_refused()
        return answer

    def _ask_by_next(self) -> Dialogue[list[Varbind | None]]:
        answer = yield from self._agent.following(self.after, self._root, _next)
        if not answer and (yield from self._agent.has_ended(self.after, 0)):
            return [None]
        return answer

    def _step_over(self) -> Dialogue[None]:
        """Go on behind the object that can't be read.

        Its identifier is in the answer that can't be read, so it is found by asking behind later
        ones: the first from which the answer can be read again.

        Raises:
            UnreadableError: there is none.
        """
        self._unreadable += 1
        place = self.after if self._inside else f"{self.after}.0"
        while place.count(".") > self._depth and self._unreadable <= _MAX_UNREADABLE:
            base, _, last = place.rpartition(".")
            found = yield from self._next_readable(base, int(last))
            if found:
                target = yield from self._refined(base, found, self.after.count("."))
                self._bulk_size.widen(self.after, target)
                self._step_to(target)
                return
            place = base
        self._bulk_size.reset_width()
        raise UnreadableError

    def _refined(self, base: str, found: int, depth: int) -> Dialogue[str]:
        """The first place from which on the answer can be read, as many numbers deep as ``depth``.

        Args:
            base: of the place.
            found: its last number; from the number before it on, the answer can't be read.
            depth: dots in the result, at the most.
        """
        while base.count(".") + 1 < depth:
            below = f"{base}.{found - 1}"
            deeper = yield from self._next_readable(below, 0)
            if not deeper:
                break
            base, found = below, deeper
        return f"{base}.{found}"

    def _next_readable(self, base: str, last: int) -> Dialogue[int]:
        """The least number behind ``last`` from which on the answer can be read; 0: none is."""
        low = high = last
        for step in _STEPS:
            high = min(last + step, _MAX_ARC)
            if (yield from self._is_readable(f"{base}.{high}")):
                break
            low = high
        else:
            return 0
        while high - low > 1:
            middle = (low + high) // 2
            if (yield from self._is_readable(f"{base}.{middle}")):
                high = middle
            else:
                low = middle
        return high

    def _is_readable(self, after: str) -> Dialogue[bool]:
        try:
            yield from self._agent.following(after, self._root, _next if self._by_next else _one)
        except UnreadableError:
            return False
        return True

    def _step_to(self, target: str) -> None:
        self.after, self._inside, self.stepped_over = target, True, True


def _one(_lost: int) -> int:
    return 1


def _next(_lost: int) -> int:
    return 0
