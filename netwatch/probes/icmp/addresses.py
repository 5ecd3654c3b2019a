"""The destination address of the echoes of each row. Pure; no I/O."""

from __future__ import annotations

import numpy as np

from netwatch.core.streams import Rows
from netwatch.probes.icmp.replies import Words


class Addresses:
    """The destination address of each row, as it was noted last.

    Streams have rows from 0 on. Single echoes have negative rows, which count from the end of the
    array, as negative indexes do.
    """

    def __init__(self) -> None:
        self._words: Words = np.zeros((1, 2), np.uint64)
        self._streams, self._singles = 1, 0  # slots of no echo yet name row 0, so it must exist

    def note(self, rows: Rows, words: Words) -> None:
        """Note the address that the echoes of each row go to.

        Args:
            rows: which rows.
            words: the address of each, two words a row; see ``packet.address_words``.
        """
        streams = max(self._streams, int(rows.max(initial=-1)) + 1)
        singles = max(self._singles, -int(rows.min(initial=0)))
        if streams + singles > len(self._words):
            larger = np.zeros((streams + singles + max(streams, singles) // 8, 2), np.uint64)
            larger[: self._streams] = self._words[: self._streams]
            larger[len(larger) - self._singles :] = self._words[len(self._words) - self._singles :]
            self._words = larger
        self._streams, self._singles = streams, singles
        self._words[rows] = words

    def of(self, rows: Rows) -> Words:
        """The address of each row, two words a row."""
        words: Words = self._words[rows]
        return words
