"""Many reflected packets at once, as columns: what ``stamp.parse_reflected`` does with one."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from netwatch.media.stamp import (
    BASE_SIZE,
    CLASS_OF_SERVICE,
    MALFORMED,
    MIN_PACKET_SIZE,
    NO_STAMP,
    NTP_TO_UNIX,
    PADDING,
    PTP,
    parse_reflected,
)

DSCP_UNKNOWN = -1
"""In a column of DSCPs: the answer doesn't say with which one the packet arrived."""

Integers = NDArray[np.int64]
Octets = NDArray[np.uint8]

_SEQUENCE, _ERROR, _SENT_SEQUENCE, _SENT_STAMP = 0, 3, 6, 7
_STAMP_WORDS = np.array([1, 4, 7])  # answered, received, sent
_CLASS, _SEEN, _PADDING = 11, 12, 13
"""Where fields of an answer begin, in words of 32 bits, if our extensions are in their places."""

_TYPE_AND_LENGTH = 0x00FFFFFF  # of the head of an extension: its type and length, but not its flags
_MIN_FLAGGED = MALFORMED << 24  # and more: unrecognized or malformed
_MIN_EXTENDED_SIZE = BASE_SIZE + 8  # octets of the shortest answer with a Class of Service TLV


@dataclass(frozen=True, slots=True)
class Reflections:
    """Answers, one in each place of every column; see ``stamp.Reflected`` for their meaning.

    Attributes:
        sequence, answered, received: as in ``Reflected``.
        sent: time stamp of our packet, nanoseconds since 1970.
        error: the Error Estimate field (RFC 4656, section 4.1.2) as it came.
        dscp: with which DSCP our packet reached the reflector, or ``DSCP_UNKNOWN``.
    """

    sequence: Integers
    answered: Integers
    received: Integers
    sent: Integers
    error: Integers
    dscp: Integers

    @property
    def have_one_clock(self) -> bool:
        """Whether all time stamps of the reflector can be read, and are of one scale."""
        if not len(self.error):
            return True
        scales = self.error & PTP
        return bool(
            (scales == scales[0]).all()
            and (self.answered != NO_STAMP).all()
            and (self.received != NO_STAMP).all()
        )

    @classmethod
    def joined(cls, parts: list[Reflections]) -> Reflections:
        """All parts one after the other; there must be at least one."""
        names = [column.name for column in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def words_of(octets: Octets) -> Integers:
    """The first ``MIN_PACKET_SIZE`` octets of answers as words of 32 bits.

    Args:
        octets: one answer a row.

    Returns:
        One row a word, one column an answer.
    """
    words = np.ascontiguousarray(octets[:, :MIN_PACKET_SIZE]).view(">u4")
    return words.T.astype(np.int64, order="C")


def quoted(words: Integers) -> tuple[Integers, Integers]:
    """Sequence number and time stamp of our packet, as each answer repeats them.

    Time stamps are as ``stamp.to_stamp`` makes them, but signed.
    """
    return words[_SENT_SEQUENCE], words[_SENT_STAMP] << 32 | words[_SENT_STAMP + 1]


def reflections(words: Integers, octets: Octets, lengths: Integers, size: int) -> Reflections:
    """Decode answers.

    Args:
        words: see ``words_of``.
        octets: one a row, at least ``MIN_PACKET_SIZE``; what was longer is cut off, and what stands
            behind a shorter one means nothing.
        lengths: octets that came of each, at least ``MIN_ANSWER_SIZE``.
        size: octets of the test packets.
    """
    answered, received, sent = _from_stamps(words[_STAMP_WORDS], words[_STAMP_WORDS + 1])
    is_ptp = (words[_ERROR] >> 16 & PTP).astype(np.bool_)
    if is_ptp.any():
        seconds, ns = words[_STAMP_WORDS[:2]], words[_STAMP_WORDS[:2] + 1]
        theirs = np.where(ns < 1_000_000_000, seconds * 1_000_000_000 + ns, NO_STAMP)
        answered, received = np.where(is_ptp, theirs, (answered, received))
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
    ns: Integers = (seconds - NTP_TO_UNIX) * 1_000_000_000 + (fractions * 1_000_000_000 >> 32)
    return ns


def _dscps(words: Integers, octets: Octets, lengths: Integers, size: int) -> Integers:
    """The DSCP that each answer reports, or ``DSCP_UNKNOWN``; arguments as for ``reflections``.

    Answers that leave our extensions in their places are decoded at once, others one by one.
    """
    is_kept = (lengths == size) & (words[_CLASS] & _TYPE_AND_LENGTH == CLASS_OF_SERVICE << 16 | 4)
    is_kept &= words[_PADDING] & _TYPE_AND_LENGTH == PADDING << 16 | size - MIN_PACKET_SIZE
    is_told = is_kept & (words[_CLASS] < _MIN_FLAGGED)
    dscps = np.where(is_told, words[_SEEN] >> 20 & 0x3F, DSCP_UNKNOWN)
    if not is_kept.all():
        for row in np.flatnonzero(~is_kept & (lengths >= _MIN_EXTENDED_SIZE)).tolist():
            reflected = parse_reflected(octets[row, : lengths[row]].tobytes())
            if reflected is not None and reflected.dscp is not None:
                dscps[row] = reflected.dscp
    return dscps
