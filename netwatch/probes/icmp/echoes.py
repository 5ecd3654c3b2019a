"""The echoes under way: every one that is sent is answered, lost, or still open. Pure; no I/O.

They stand in a ring, in the order of their numbers. An echo's number is part of its token, so a
reply is found without a search; the other 96 bits are random, so it can't be forged.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from netwatch.core.echo import LATE_AFTER, Seconds
from netwatch.core.streams import Rows
from netwatch.probes.icmp.addresses import Addresses
from netwatch.probes.icmp.deadlines import Deadlines
from netwatch.probes.icmp.packet import TOKEN_SIZE, Octets
from netwatch.probes.icmp.replies import KEY_WORDS, Integers, Replies, Words
from netwatch.probes.icmp.streams import Destinations

LATE_REPLY_TIMEOUT = 10_000_000_000
"""Nanoseconds after its timeout for which an echo is remembered, so that a late or repeated reply
is recognised."""

_FORGET_BATCH = 1024
"""Echoes that ``forget`` looks at in one step."""

_MICROSECOND = 1000
"""In nanoseconds; timeouts are kept in microseconds, which fit 32 bits."""

_LATE_AFTER = round(LATE_AFTER * 1e9)
"""In nanoseconds."""

_FREE, _OPEN, _ANSWERED, _LOST = range(4)

_NUMBER_BITS = np.uint64(0xFFFFFFFF)
"""The bits of a token's first word that hold the echo's number."""


@dataclass(slots=True)
class Columns:
    """What is known of each echo, one column for each thing.

    There is an entry for every echo of the last seconds, so each octet counts. An echo's address
    is not among them: ``Addresses`` has that of its row.

    Attributes:
        state: free, open, answered or lost.
        sent: monotonic time just before it was handed to the kernel, nanoseconds.
        timeout: microseconds.
        due: monotonic time of its slot, seconds.
        row: of its stream; negative for a single echo.
        size: octets of payload.
        token: two words.
    """

    state: NDArray[np.uint8]
    sent: Integers
    timeout: NDArray[np.uint32]
    due: Seconds
    row: NDArray[np.int32]
    size: NDArray[np.uint16]
    token: Words

    @classmethod
    def empty(cls, capacity: int) -> Columns:
        """Columns for ``capacity`` echoes, all of them free."""
        return cls(
            state=np.zeros(capacity, np.uint8),
            sent=np.zeros(capacity, np.int64),
            timeout=np.zeros(capacity, np.uint32),
            due=np.zeros(capacity),
            row=np.zeros(capacity, np.int32),
            size=np.zeros(capacity, np.uint16),
            token=np.zeros((capacity, 2), np.uint64),
        )


class Echoes:
    """Finds echoes by token, or by address and sequence number, and lets them time out.

    Args:
        capacity: echoes that there is room for at first, a power of two; it doubles when needed.

    An echo is named by its slot, its place in the columns. Slots are good until the next
    ``reserve``, which may move them.
    """

    def __init__(self, capacity: int = 1024) -> None:
        self.columns = Columns.empty(capacity)
        self._addresses = Addresses()
        self._mask = capacity - 1
        self._oldest = self._next = 0
        self._open = 0
        self._deadlines = Deadlines()
        self._fresh: deque[tuple[Integers, int]] = deque()  # numbers, and when the last was sent

    def __len__(self) -> int:
        """How many echoes are open."""
        return self._open

    @property
    def remembered(self) -> int:
        """How many echoes are open or not yet forgotten."""
        return self._next - self._oldest

    def reserve(self, count: int) -> tuple[Integers, Octets]:
        """Numbers and tokens for ``count`` echoes that are about to be sent.

        Returns:
            The numbers, and the tokens, ``TOKEN_SIZE`` octets a row.
        """
        while self._next + count - self._oldest > len(self.columns.state):
            self._grow()
        numbers = np.arange(self._next, self._next + count)
        self._next += count
        tokens = np.frombuffer(bytearray(os.urandom(count * TOKEN_SIZE)), np.uint64).reshape(-1, 2)
        tokens[:, 0] = (tokens[:, 0] & ~_NUMBER_BITS) | (numbers.astype(np.uint64) & _NUMBER_BITS)
        slots = self._slots(numbers)
        self.columns.state[slots] = _FREE
        self.columns.token[slots] = tokens
        return numbers, tokens.view(np.uint8)

    def add(  # noqa: PLR0913, PLR0917 (what is known of an echo)
        self,
        numbers: Integers,
        rows: Rows,
        due: Seconds,
        to: Destinations,
        size: int,
        sent: Integers,
    ) -> None:
        """Note echoes that were sent; they are open from now on.

        Args:
            numbers: as they were reserved.
            rows: the row of each; negative for single echoes.
            due: monotonic time of each one's slot, seconds.
            to: where each went.
            size: octets of payload.
            sent: monotonic nanoseconds just before each was handed to the kernel.
        """
        slots, columns = self._slots(numbers), self.columns
        columns.state[slots] = _OPEN
        columns.row[slots] = rows
        columns.due[slots] = due
        columns.size[slots] = size
        columns.sent[slots] = sent
        columns.timeout[slots] = to.timeouts // _MICROSECOND
        self._addresses.note(rows, to.words)
        self._deadlines.add(numbers, sent, to.timeouts)
        if len(numbers):
            self._fresh.append((numbers, int(sent[-1])))
        self._open += len(numbers)

    def find(self, replies: Replies) -> Integers:
        """The slot of the echo that each reply belongs to; -1 for a forged one."""
        slots = (replies.keys[:, 0] & np.uint64(self._mask)).astype(np.int64)
        fits = (self.keys(slots) == replies.keys).all(axis=1)
        fits &= self.columns.state[slots] != _FREE
        if not fits.all():
            slots[~fits] = -1
        return slots

    def find_open(self, address: tuple[int, int], sequence: int, token: bytes) -> int | None:
        """The slot of the open echo that an ICMP error quotes; None when there is none.

        Args:
            address: that the echo went to, as two words.
            sequence: its sequence number.
            token: its token; empty when the router quoted too little to show it, and then address
                and sequence number decide.
        """
        first = self._oldest + ((sequence - self._oldest) & 0xFFFF)
        for number in range(first, self._next, 1 << 16):
            slot, columns = number & self._mask, self.columns
            if columns.state[slot] == _OPEN and token in {b"", columns.token[slot].tobytes()}:
                to = self._addresses.of(self.rows(np.array([slot])))
                if tuple(to[0].tolist()) == address:
                    return slot
        return None

    def keys(self, slots: Integers) -> Words:
        """What a reply to each echo must show, ``KEY_WORDS`` a row."""
        keys, columns = np.empty((len(slots), KEY_WORDS), np.uint64), self.columns
        keys[:, :2] = columns.token[slots]
        keys[:, 2:4] = self._addresses.of(self.rows(slots))
        keys[:, 4] = columns.size[slots]
        return keys

    def rows(self, slots: Integers) -> Rows:
        """The row of each echo."""
        return self.columns.row[slots].astype(np.int64)

    def timeouts(self, slots: Integers) -> Integers:
        """The timeout of each echo, nanoseconds."""
        return self.columns.timeout[slots] * np.int64(_MICROSECOND)

    def is_open(self, slots: Integers) -> NDArray[np.bool_]:
        """Which of these echoes are neither answered nor lost."""
        is_open: NDArray[np.bool_] = self.columns.state[slots] == _OPEN
        return is_open

    def is_lost(self, slots: Integers) -> NDArray[np.bool_]:
        """Which of these echoes timed out or were refused, and got no reply since."""
        is_lost: NDArray[np.bool_] = self.columns.state[slots] == _LOST
        return is_lost

    def close(self, slots: Integers, *, answered: bool) -> None:
        """Mark open echoes as answered, or else as lost."""
        self.columns.state[slots] = _ANSWERED if answered else _LOST
        self._open -= len(slots)

    def answer_late(self, slots: Integers) -> None:
        """Mark lost echoes as answered after all, so that a further reply is a duplicate."""
        self.columns.state[slots] = _ANSWERED

    def overdue(self, now: int) -> Integers:
        """Slots of the open echoes that have timed out; the caller closes them.

        Args:
            now: monotonic time, nanoseconds.
        """
        slots = self._deadlines.passed(now) & self._mask
        # A slot may belong to a later echo already, if the one that is overdue was dropped.
        slots = slots[self.is_open(slots)]
        overdue: Integers = slots[self._expires(slots) <= now]
        return overdue

    def late(self, now: int) -> Rows:
        """The streams of the echoes that are still open after ``LATE_AFTER``; told once an echo.

        Args:
            now: monotonic time, nanoseconds.
        """
        late: list[Rows] = []
        while self._fresh and self._fresh[0][1] + _LATE_AFTER <= now:
            slots = self._fresh.popleft()[0] & self._mask
            is_open = self.is_open(slots)
            if is_open.any():
                late.append(self.rows(slots[is_open]))
        rows = np.unique(np.concatenate(late)) if late else np.zeros(0, np.int64)
        return rows[rows >= 0]

    def first_overdue(self) -> int | None:
        """Monotonic nanoseconds at which the first open echo times out; None: none is open."""
        return self._deadlines.first(lambda numbers: self.is_open(numbers & self._mask))

    def drop(self, rows: Rows) -> None:
        """Forget all echoes of these rows at once, open ones included."""
        columns = self.columns
        belongs = np.isin(columns.row, rows) & (columns.state != _FREE)
        self._open -= int(np.count_nonzero(belongs & (columns.state == _OPEN)))
        columns.state[belongs] = _FREE

    def used_rows(self) -> Rows:
        """The rows of all echoes that are open or not yet forgotten, each once."""
        columns = self.columns
        return np.unique(columns.row[columns.state != _FREE]).astype(np.int64)

    def forget(self, now: int) -> None:
        """Free the slots of echoes that were closed more than ``LATE_REPLY_TIMEOUT`` ago.

        Args:
            now: monotonic time, nanoseconds.
        """
        while self._oldest < self._next:
            end = min(self._oldest + _FORGET_BATCH, self._next)
            slots = np.arange(self._oldest, end) & self._mask
            state, expires = self.columns.state[slots], self._expires(slots)
            kept = (state == _OPEN) | ((state != _FREE) & (expires + LATE_REPLY_TIMEOUT > now))
            passed = int(np.argmax(kept)) if kept.any() else len(slots)
            self.columns.state[slots[:passed]] = _FREE
            self._oldest += passed
            if passed < len(slots):
                return

    def _slots(self, numbers: Integers) -> Integers | slice:
        """Slots of these numbers: a slice when they are consecutive, as they nearly always are."""
        slots = numbers & self._mask
        if len(slots) and slots[-1] - slots[0] + 1 == len(slots):
            return slice(slots[0], slots[-1] + 1)
        return slots

    def _expires(self, slots: Integers) -> Integers:
        expires: Integers = self.columns.sent[slots] + self.timeouts(slots)
        return expires

    def _grow(self) -> None:
        numbers = np.arange(self._oldest, self._next)
        larger = Columns.empty(2 * len(self.columns.state))
        mask = len(larger.state) - 1
        for column in fields(Columns):
            getattr(larger, column.name)[numbers & mask] = getattr(self.columns, column.name)[
                numbers & self._mask
            ]
        self.columns, self._mask = larger, mask
