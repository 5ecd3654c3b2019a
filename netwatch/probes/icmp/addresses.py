"""Where the echoes of each row go. Pure; no I/O."""

from __future__ import annotations

import numpy as np

from netwatch.core.streams import Rows
from netwatch.probes.icmp.replies import Words


class Addresses:
    """The address of each row, as it was noted last.

    Streams have rows from 0 on; guests have negative ones, and so stand at the end.
    """

    def __init__(self) -> None:
        self._words: Words = np.zeros((1, 2), np.uint64)
        self._streams, self._guests = 1, 0  # row 0 stands where no echo was yet

    def note(self, rows: Rows, words: Words) -> None:
        """Echoes of these rows go to these addresses, two words a row."""
        streams = max(self._streams, int(rows.max(initial=-1)) + 1)
        guests = max(self._guests, -int(rows.min(initial=0)))
        if streams + guests > len(self._words):
            larger = np.zeros((streams + guests + max(streams, guests) // 8, 2), np.uint64)
            larger[: self._streams] = self._words[: self._streams]
            larger[len(larger) - self._guests :] = self._words[len(self._words) - self._guests :]
            self._words = larger
        self._streams, self._guests = streams, guests
        self._words[rows] = words

    def of(self, rows: Rows) -> Words:
        """The address of each, two words a row."""
        words: Words = self._words[rows]
        return words
