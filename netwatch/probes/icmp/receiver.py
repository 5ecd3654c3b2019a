"""What becomes of echoes: answers, refusals and losses, from what the sockets received."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from netwatch.core.clock import wall_offset
from netwatch.core.echo import LOCAL_ERROR, OK, REASONS, TIMEOUT, Codes, Discard, EchoResults
from netwatch.core.result import StrayKind
from netwatch.net.recvmmsg import MessageBuffer
from netwatch.probes.icmp.echoes import Echoes
from netwatch.probes.icmp.packet import HEADER, address_words
from netwatch.probes.icmp.params import MAX_PAYLOAD
from netwatch.probes.icmp.replies import Integers, Replies
from netwatch.probes.icmp.reporter import Reporter
from netwatch.probes.icmp.transport import EchoSocket, RouterError

logger = logging.getLogger(__name__)

MAX_RECEIVE_BATCH = 1024
"""Messages that are read with one system call: more than the replies to one batch."""

MAX_MESSAGES_PER_POLL = 32768
"""Messages that are read of a socket in one go. When more are waiting, echoes that timed out are
unknown instead of lost: their replies may be among those that were not read."""

MAX_CLOCK_ERROR = 1_000_000
"""Nanoseconds by which a kernel time stamp may lie outside what is possible and still be taken."""

_MAX_MESSAGE_SIZE = 60 + HEADER.size + MAX_PAYLOAD + 1
"""Octets of the longest IP header and echo, and one more, by which a longer message is noticed."""


class EchoReceiver:
    """Finds out what became of each echo, and hands it to the reporter.

    Attributes:
        discards: what was received and could not be used.
    """

    def __init__(self, echoes: Echoes, reporter: Reporter) -> None:
        self._echoes = echoes
        self._reporter = reporter
        self._buffer = MessageBuffer(MAX_RECEIVE_BATCH, _MAX_MESSAGE_SIZE)
        self._offset = wall_offset()
        self._overflows = self._overflowed_at = 0
        self._has_failed = False
        self.discards: Counter[Discard] = Counter()

    def read(self, sockets: Collection[EchoSocket]) -> None:
        """Read all that has come, then close the echoes that had timed out when this began.

        In this order, because an event loop that stood still must not turn replies that wait in
        the socket into losses.
        """
        began = time.monotonic_ns()
        read_all = True
        for sock in sockets:
            read_all = self._drain(sock) and read_all
        overflows = sum(sock.overflows() for sock in sockets)
        if overflows != self._overflows:
            self._discard(Discard.OVERFLOW, overflows - self._overflows)
            self._overflows, self._overflowed_at = overflows, time.monotonic_ns()
        lost = self._echoes.overdue(began)
        if len(lost):
            unknown = self._echoes.columns.sent[lost] <= (
                self._overflowed_at if read_all else began
            )
            reasons = np.where(unknown, LOCAL_ERROR, TIMEOUT).astype(np.uint8)
            detail = "replies were dropped by this machine"
            self._lost(lost, reasons, dict.fromkeys(np.flatnonzero(unknown).tolist(), detail))
        if read_all:
            self._reporter.late(self._echoes.late(began))

    def _drain(self, sock: EchoSocket) -> bool:
        """Read what waits on a socket; False when that may not have been all of it."""
        try:
            return self._drain_whole(sock)
        except OSError as error:
            if not self._has_failed:
                logger.warning("ICMP socket can't be read, echoes are unknown: %s", error)
            self._has_failed = True
            return False

    def _drain_whole(self, sock: EchoSocket) -> bool:
        """Read what waits on a socket; False when ``MAX_MESSAGES_PER_POLL`` were not all of it.

        Raises:
            OSError: nothing can be read now.
        """
        if refusals := list(sock.errors(MAX_MESSAGES_PER_POLL)):
            self._refused(refusals)
        for _ in range(MAX_MESSAGES_PER_POLL // MAX_RECEIVE_BATCH):
            count, received = sock.receive(self._buffer)
            if received is not None:
                self._discard(Discard.REJECTED, received.malformed)
                if len(received.replies):
                    self._answered(received.replies)
            if count < MAX_RECEIVE_BATCH:
                return True
        return False

    def _answered(self, replies: Replies) -> None:
        slots = self._echoes.find(replies)
        if slots.min() < 0:
            places = np.flatnonzero(slots >= 0)
            self._discard(Discard.REJECTED, len(slots) - len(places))
            slots, replies = slots[places], replies.at(places)
        is_open = self._echoes.is_open(slots)
        if not is_open.all() or len(set(slots.tolist())) < len(slots):
            places = self._without_strays(slots, is_open)
            slots, replies = slots[places], replies.at(places)
        if len(slots):
            self._accept(slots, replies)

    def _without_strays(self, slots: Integers, is_open: NDArray[np.bool_]) -> Integers:
        """Report late and repeated replies; returns the places of the others, which are in time.

        Args:
            slots: the echo of each reply.
            is_open: whether that echo was open.
        """
        is_first = np.zeros(len(slots), np.bool_)
        is_first[np.unique(slots, return_index=True)[1]] = True
        is_late = self._echoes.is_lost(slots) & is_first
        self._late(slots[is_late])
        again = slots[~(is_first & (is_open | is_late))]
        self._reporter.stray(self._echoes.rows(again), StrayKind.DUPLICATE)
        return np.flatnonzero(is_open & is_first)

    def _accept(self, slots: Integers, replies: Replies) -> None:
        """Close open echoes by their replies: as answered, or as lost when these came too late."""
        columns, ttls = self._echoes.columns, replies.ttls
        round_trips, is_exact = self._round_trips(slots, replies.arrived)
        in_time = round_trips <= self._echoes.timeouts(slots)
        if not in_time.all():
            late = slots[~in_time]
            self._lost(late, np.full(len(late), TIMEOUT, np.uint8), {})
            self._late(late)
            slots, round_trips, ttls = slots[in_time], round_trips[in_time], ttls[in_time]
        self._echoes.close(slots, answered=True)
        rows, due, now = self._echoes.rows(slots), columns.due[slots], time.monotonic()
        reasons = np.full(len(slots), OK, np.uint8)
        trips = round_trips / 1e9
        self._reporter.settled(EchoResults(rows, reasons, due, now, trips, ttls, is_exact=is_exact))

    def _late(self, slots: Integers) -> None:
        self._echoes.answer_late(slots)
        self._reporter.stray(self._echoes.rows(slots), StrayKind.LATE)

    def _round_trips(self, slots: Integers, arrived: Integers) -> tuple[Integers, bool]:
        """Nanoseconds from the sending of each echo to the kernel's receipt of its reply.

        A time stamp that lies before the sending or in the future comes from a clock that was
        stepped, and so may every other one when a step was seen since the last call. In their
        place stands the time of this call, with which a round trip may be too long but never too
        short.

        Args:
            slots: of the echoes.
            arrived: Unix time of each reply, nanoseconds.

        Returns:
            The round trips, and whether all of them are by the kernel's time stamps.
        """
        offset, now = wall_offset(), time.monotonic_ns()
        is_stepped = abs(offset - self._offset) > MAX_CLOCK_ERROR
        self._offset = offset
        sent = self._echoes.columns.sent[slots]
        monotonic = arrived - offset
        is_possible = (monotonic >= sent - MAX_CLOCK_ERROR) & (monotonic <= now + MAX_CLOCK_ERROR)
        is_exact = bool(is_possible.all()) and not is_stepped
        if not is_exact:
            is_possible &= not is_stepped
            self._discard(Discard.CLOCK, len(slots) - int(np.count_nonzero(is_possible)))
            monotonic = np.where(is_possible, monotonic, now)
        trips: Integers = np.maximum(monotonic - sent, 0)
        return trips, is_exact

    def _refused(self, errors: Collection[RouterError]) -> None:
        """Close the echoes that routers say can't arrive, before their timeouts."""
        found: dict[int, RouterError] = {}
        for error in errors:
            words = address_words(error.destination)
            slot = self._echoes.find_open(words, error.sequence, error.token)
            if slot is None or slot in found:
                self._discard(Discard.REJECTED, 1)
                continue
            found[slot] = error
            if error.path_mtu is not None:
                self._reporter.path_mtu(int(self._echoes.columns.row[slot]), error.path_mtu)
        if found:
            slots = np.array(list(found))
            reasons = np.array([REASONS.index(error.reason) for error in found.values()], np.uint8)
            details = (f"from {error.router}" if error.router else "" for error in found.values())
            self._lost(slots, reasons, dict(enumerate(details)))

    def _lost(self, slots: Integers, reasons: Codes, details: dict[int, str]) -> None:
        """Close echoes as lost, and report them.

        Args:
            slots: of the echoes.
            reasons: code of each one's reason.
            details: for people, by place in ``slots``.
        """
        self._echoes.close(slots, answered=False)
        due, now = self._echoes.columns.due[slots], time.monotonic()
        rows = self._echoes.rows(slots)
        self._reporter.settled(EchoResults(rows, reasons, due, now, details=details))

    def _discard(self, kind: Discard, messages: int) -> None:
        if messages:
            self.discards[kind] += messages
            self._reporter.discarded(kind, messages)
