"""The answers to a stream: stored as they come, and matched to packets many at a time. Pure."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwatch.media.columns import Integers, Reflections, quoted, reflections, words_of
from netwatch.media.stamp import MIN_ANSWER_SIZE
from netwatch.net.recvmmsg import MessageBuffer, arrivals, kind_of, marks

SPARE_MESSAGES = 64
"""Messages that a buffer holds besides one answer to each packet; when it is full, what is stored
is matched to make room."""

CONTROL_SIZE = 64
"""Octets of ancillary data of a message: its time of arrival and its traffic class."""

_MAX_STORED_OCTETS = 256
"""Octets of an answer that are stored; extensions behind them are not seen."""

_TRAFFIC_CLASS = {
    socket.AF_INET: kind_of(socket.IPPROTO_IP, socket.IP_TOS),
    socket.AF_INET6: kind_of(socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
}

_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to packets of one stream, in the order of arrival.

    Attributes:
        places: the packet that each answers, by its place in the order of sending.
        arrived: when the kernel had each, nanoseconds since 1970.
        tos: traffic class that each arrived with.
        reflected: what the reflector wrote into each.
    """

    places: Integers
    arrived: Integers
    tos: NDArray[np.uint8]
    reflected: Reflections

    def __len__(self) -> int:
        """How many answers there are."""
        return len(self.places)

    @classmethod
    def joined(cls, parts: list[Answers]) -> Answers:
        """All parts one after the other; there must be at least one."""
        return cls(
            places=np.concatenate([part.places for part in parts]),
            arrived=np.concatenate([part.arrived for part in parts]),
            tos=np.concatenate([part.tos for part in parts]),
            reflected=Reflections.joined([part.reflected for part in parts]),
        )


class ReceiveBuffer:
    """Stores what a stream receives, and matches it to the packets that were sent.

    The counts cover what was matched so far.

    Args:
        packets: of the whole stream.
        size: octets of each.
        family: of its addresses.

    Attributes:
        accepted: packets that were answered.
        duplicates: further answers to packets that were answered before.
        unexpected: messages that answer no packet of the stream.
    """

    def __init__(self, packets: int, size: int, family: socket.AddressFamily) -> None:
        self.accepted = self.duplicates = self.unexpected = 0
        self._answers: list[Answers] = []
        self._is_answered = np.zeros(packets, np.bool_)
        self._size = size
        self._class = _TRAFFIC_CLASS[family]
        rows = packets + SPARE_MESSAGES
        self._octets = np.zeros((rows, min(size, _MAX_STORED_OCTETS)), np.uint8)
        self._lengths = np.zeros(rows, np.int64)
        self._read = np.zeros(rows, np.int64)
        self._control = np.zeros((rows, CONTROL_SIZE // 8), np.uint64)
        self._stored = 0

    @property
    def max_answered(self) -> int:
        """Packets that are answered at the most: if every stored message is the answer to one."""
        return self.accepted + self._stored

    def store(self, buffer: MessageBuffer, count: int, now: int, stamps: list[int]) -> None:
        """Store the first ``count`` messages of a message buffer.

        Args:
            buffer: what was received.
            count: how many messages that were, at most ``SPARE_MESSAGES``.
            now: when they were read, nanoseconds since 1970.
            stamps: see ``sort_out``.
        """
        if self._stored + count > len(self._lengths):
            self.sort_out(stamps)
        rows = slice(self._stored, self._stored + count)
        self._octets[rows] = buffer.data[:count, : self._octets.shape[1]]
        self._lengths[rows] = buffer.lengths[:count]
        self._control[rows] = buffer.control[:count]
        self._read[rows] = now
        self._stored += count

    def answers(self, stamps: list[int]) -> Answers:
        """All answers that came, each packet's first one only; see ``sort_out``."""
        self.sort_out(stamps)
        if not self._answers:
            return self._parsed(_NONE, words_of(self._octets[:0]))
        return self._answers[0] if len(self._answers) == 1 else Answers.joined(self._answers)

    def sort_out(self, stamps: list[int]) -> None:
        """Match what is stored to the packets that were sent.

        Args:
            stamps: NTP time stamp in each packet that was sent so far, in the order of sending.
        """
        count, self._stored = self._stored, 0
        if not count:
            return
        words = words_of(self._octets[:count])
        places, theirs = quoted(words)
        fits = (self._lengths[:count] >= MIN_ANSWER_SIZE) & (places < len(stamps))
        rows = np.flatnonzero(fits)
        ours = np.array(stamps, np.uint64).view(np.int64)
        rows = rows[ours[places[rows]] == theirs[rows]]
        self.unexpected += count - len(rows)
        rows = self._first(rows, places)
        if len(rows):
            self._is_answered[places[rows]] = True
            self.accepted += len(rows)
            self._answers.append(self._parsed(rows, words[:, rows]))

    def _first(self, rows: Integers, places: Integers) -> Integers:
        """Those of the rows that are the first answer to their packet; the others are counted."""
        count = len(rows)
        rows = rows[~self._is_answered[places[rows]]]
        if len(set(places[rows].tolist())) < len(rows):
            rows = rows[np.sort(np.unique(places[rows], return_index=True)[1])]
        self.duplicates += count - len(rows)
        return rows

    def _parsed(self, rows: Integers, words: Integers) -> Answers:
        """The answers in these rows of the buffer, decoded.

        Args:
            rows: where they are stored.
            words: see ``columns.words_of``.
        """
        control = self._control[rows]
        arrived = arrivals(control)
        if not arrived.all():
            arrived = np.where(arrived > 0, arrived, self._read[rows])
        return Answers(
            places=quoted(words)[0],
            arrived=arrived,
            tos=marks(control, self._class),
            reflected=reflections(words, self._octets[rows], self._lengths[rows], self._size),
        )
