"""Many reflected packets at once, as columns: what ``stamp.parse_reflected`` does with one."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from netwatch.media.stamp import (
    BASE,
    CLASS_OF_SERVICE,
    EPOCHS,
    MALFORMED,
    PADDING,
    SMALLEST,
    parse_reflected,
)

NOT_TOLD = -1
"""In a column of DSCPs: the answer doesn't say."""

Integers = NDArray[np.int64]
Octets = NDArray[np.uint8]

_SEQUENCE, _ERROR, _SENT_SEQUENCE, _SENT_STAMP = 0, 3, 6, 7
_STAMPS = np.array([1, 4, 7])  # answered, received, sent
_CLASS, _SEEN, _PADDING = 11, 12, 13
"""Where fields of an answer begin, in words of 32 bits, if our extensions are in their places."""

_BODY = 0x00FFFFFF  # of the head of an extension: its type and length, but not its flags
_FLAGGED = MALFORMED << 24  # and more: unrecognized or malformed
_EXTENDED = BASE + 8  # octets of the shortest answer with a Class of Service TLV


@dataclass(frozen=True, slots=True)
class Reflections:
    """Answers, one in each place of every column; see ``stamp.Reflected`` for their meaning.

    Attributes:
        sequence, answered, received: as in ``Reflected``.
        sent: time stamp of our packet, nanoseconds since 1970.
        error: the Error Estimate field.
        dscp: or ``NOT_TOLD``.
    """

    sequence: Integers
    answered: Integers
    received: Integers
    sent: Integers
    error: Integers
    dscp: Integers

    @classmethod
    def joined(cls, parts: list[Reflections]) -> Reflections:
        """One after the other; at least one."""
        names = [column.name for column in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def words_of(octets: Octets) -> Integers:
    """The first ``SMALLEST`` octets of answers, one a row, as words: one row a word."""
    words = np.ascontiguousarray(octets[:, :SMALLEST]).view(">u4")
    return words.T.astype(np.int64, order="C")


def quoted(words: Integers) -> tuple[Integers, Integers]:
    """Sequence number and time stamp of our packet, as each answer repeats them.

    Time stamps are as ``stamp.to_stamp`` makes them, but signed.
    """
    return words[_SENT_SEQUENCE], words[_SENT_STAMP] << 32 | words[_SENT_STAMP + 1]


def reflections(words: Integers, octets: Octets, lengths: Integers, size: int) -> Reflections:
    """Take answers apart.

    Args:
        words: see ``words_of``.
        octets: one a row, at least ``SMALLEST``; what was longer is cut off, and what stands
            behind a shorter one means nothing.
        lengths: octets that came of each, at least ``SHORTEST_ANSWER``.
        size: octets of the test packets.
    """
    answered, received, sent = _from_stamps(words[_STAMPS], words[_STAMPS + 1])
    return Reflections(
        sequence=words[_SEQUENCE],
        answered=answered,
        received=received,
        sent=sent,
        error=words[_ERROR] >> 16,
        dscp=_dscps(words, octets, lengths, size),
    )


def _from_stamps(seconds: Integers, fractions: Integers) -> Integers:
    """Nanoseconds since 1970 of both halves of NTP time stamps; see ``stamp.from_stamp``."""
    ns: Integers = (seconds - EPOCHS) * 1_000_000_000 + (fractions * 1_000_000_000 >> 32)
    return ns


def _dscps(words: Integers, octets: Octets, lengths: Integers, size: int) -> Integers:
    """Of those that keep our extensions in their places at once, of others one by one."""
    kept = (lengths == size) & (words[_CLASS] & _BODY == CLASS_OF_SERVICE << 16 | 4)
    kept &= words[_PADDING] & _BODY == PADDING << 16 | size - SMALLEST
    told = kept & (words[_CLASS] < _FLAGGED)
    dscps = np.where(told, words[_SEEN] >> 20 & 0x3F, NOT_TOLD)
    if not kept.all():
        for row in np.flatnonzero(~kept & (lengths >= _EXTENDED)).tolist():
            reflected = parse_reflected(octets[row, : lengths[row]].tobytes())
            if reflected is not None and reflected.dscp is not None:
                dscps[row] = reflected.dscp
    return dscps
