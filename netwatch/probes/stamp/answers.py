"""What comes back of a stream: kept as it came, and sorted out many at a time. Pure; no I/O."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwatch.media.columns import Integers, Reflections, quoted, reflections, words_of
from netwatch.media.stamp import SHORTEST_ANSWER
from netwatch.net.recvmmsg import MessageBuffer, arrivals, kind_of, marks

SPARE = 64
"""Messages for which there is room besides one answer to each packet; then they are sorted out."""

CONTROL = 64
"""Octets of ancillary data of a message: its time of arrival and its traffic class."""

_LOOKED_AT = 256
"""Octets of an answer that are kept at the most; extensions behind them are not seen."""

_CLASS = {
    socket.AF_INET: kind_of(socket.IPPROTO_IP, socket.IP_TOS),
    socket.AF_INET6: kind_of(socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
}

_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to packets of one stream, in the order of arrival.

    Attributes:
        places: of the packets that they answer, in the order of sending.
        arrived: when the kernel had each, nanoseconds since 1970.
        tos: traffic class of each.
        said: by the reflector.
    """

    places: Integers
    arrived: Integers
    tos: NDArray[np.uint8]
    said: Reflections

    def __len__(self) -> int:
        """How many."""
        return len(self.places)

    @classmethod
    def joined(cls, parts: list[Answers]) -> Answers:
        """One after the other; at least one."""
        return cls(
            places=np.concatenate([part.places for part in parts]),
            arrived=np.concatenate([part.arrived for part in parts]),
            tos=np.concatenate([part.tos for part in parts]),
            said=Reflections.joined([part.said for part in parts]),
        )


class ReceiveBuffer:
    """What has come for one stream.

    Args:
        packets: of the whole stream.
        size: octets of each.
        family: of its addresses.

    Attributes:
        accepted: packets that were answered, as far as that was looked at.
        duplicates: answers that came once more.
        strange: messages that answer nothing.
    """

    def __init__(self, packets: int, size: int, family: socket.AddressFamily) -> None:
        self.accepted = self.duplicates = self.strange = 0
        self._answers: list[Answers] = []
        self._is_answered = np.zeros(packets, np.bool_)
        self._size = size
        self._class = _CLASS[family]
        rows = packets + SPARE
        self._octets = np.zeros((rows, min(size, _LOOKED_AT)), np.uint8)
        self._lengths = np.zeros(rows, np.int64)
        self._read = np.zeros(rows, np.int64)
        self._control = np.zeros((rows, CONTROL // 8), np.uint64)
        self._kept = 0

    @property
    def most(self) -> int:
        """Packets that can be answered, if all that is kept is good."""
        return self.accepted + self._kept

    def keep(self, buffer: MessageBuffer, count: int, now: int, stamps: list[int]) -> None:
        """Keep the first ``count`` messages, at most ``SPARE``.

        Args:
            buffer: what was received.
            count: how many messages that were.
            now: when that was, nanoseconds since 1970.
            stamps: see ``sort_out``.
        """
        if self._kept + count > len(self._lengths):
            self.sort_out(stamps)
        rows = slice(self._kept, self._kept + count)
        self._octets[rows] = buffer.data[:count, : self._octets.shape[1]]
        self._lengths[rows] = buffer.lengths[:count]
        self._control[rows] = buffer.control[:count]
        self._read[rows] = now
        self._kept += count

    def answers(self, stamps: list[int]) -> Answers:
        """All of them; see ``sort_out``."""
        self.sort_out(stamps)
        if not self._answers:
            return self._taken(_NONE, words_of(self._octets[:0]))
        return self._answers[0] if len(self._answers) == 1 else Answers.joined(self._answers)

    def sort_out(self, stamps: list[int]) -> None:
        """Find which packets were answered by what is kept.

        Args:
            stamps: time stamp in each packet that was sent so far.
        """
        count, self._kept = self._kept, 0
        if not count:
            return
        words = words_of(self._octets[:count])
        places, theirs = quoted(words)
        fits = (self._lengths[:count] >= SHORTEST_ANSWER) & (places < len(stamps))
        rows = np.flatnonzero(fits)
        ours = np.array(stamps, np.uint64).view(np.int64)
        rows = rows[ours[places[rows]] == theirs[rows]]
        self.strange += count - len(rows)
        rows = self._first(rows, places)
        if len(rows):
            self._is_answered[places[rows]] = True
            self.accepted += len(rows)
            self._answers.append(self._taken(rows, words[:, rows]))

    def _first(self, rows: Integers, places: Integers) -> Integers:
        """Those rows that are the first answer to their packets."""
        count = len(rows)
        rows = rows[~self._is_answered[places[rows]]]
        if len(set(places[rows].tolist())) < len(rows):
            rows = rows[np.sort(np.unique(places[rows], return_index=True)[1])]
        self.duplicates += count - len(rows)
        return rows

    def _taken(self, rows: Integers, words: Integers) -> Answers:
        """What the answers in these rows say."""
        control = self._control[rows]
        arrived = arrivals(control)
        if not arrived.all():
            arrived = np.where(arrived > 0, arrived, self._read[rows])
        return Answers(
            places=quoted(words)[0],
            arrived=arrived,
            tos=marks(control, self._class),
            said=reflections(words, self._octets[rows], self._lengths[rows], self._size),
        )
