"""What is needed to send the echoes of each stream, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from netwatch.core.check import Check
from netwatch.core.streams import Rows, Streams, grown
from netwatch.probes.icmp.packet import address_words
from netwatch.probes.icmp.params import IcmpParams
from netwatch.probes.icmp.replies import Integers, Words
from netwatch.probes.icmp.transport import Address


class SocketKey(NamedTuple):
    """What the echoes of one socket have in common."""

    version: int
    dscp: int
    source: str | None


class BatchKey(NamedTuple):
    """What the echoes of one ``Batch`` have in common."""

    socket: SocketKey
    size: int


@dataclass(frozen=True, slots=True)
class Destinations:
    """The destinations of some echoes, one in each place.

    Attributes:
        addresses: as the socket takes them.
        words: the same as ``packet.address_words`` makes them, two a row.
        timeouts: nanoseconds.
    """

    addresses: list[Address]
    words: Words
    timeouts: Integers

    def at(self, places: Integers) -> Destinations:
        """Only those in these places."""
        return Destinations(
            [self.addresses[place] for place in places.tolist()],
            self.words[places],
            self.timeouts[places],
        )


def batch_of(check: Check[IcmpParams]) -> BatchKey:
    """The batch that a check's echoes are sent with.

    The source address is left out for targets of the other IP version.
    """
    version = _version(check.address)
    source = check.params.source
    if source is not None and _version(source) != version:
        source = None
    return BatchKey(SocketKey(version, check.params.dscp, source), check.params.size)


def _echo(check: Check) -> Check[IcmpParams]:
    """A stream's check as what it is: of all kinds of probe only this one has echo streams."""
    return cast("Check[IcmpParams]", check)


def destination_of(check: Check) -> Destinations:
    """Where a single echo of this check goes."""
    return Destinations(
        [(check.address.encode(), 0)],
        np.array([address_words(check.address)], np.uint64),
        np.array([_nanoseconds(check.timeout)]),
    )


class StreamTable:
    """The streams, one row each.

    Attributes:
        batch_keys: of all streams, each once.
        shortest_timeout: of all streams, seconds; infinite without streams.
    """

    def __init__(self) -> None:
        self.batch_keys: list[BatchKey] = []
        self.shortest_timeout = inf
        self._streams = Streams()
        self._addresses: list[Address] = []
        self._batch_number: NDArray[np.int64] = np.zeros(0, np.int64)
        self._words: Words = np.zeros((0, 2), np.uint64)
        self._timeout: Integers = np.zeros(0, np.int64)

    def watch(self, streams: Streams) -> None:
        """Know these streams from now on, in place of those known before."""
        self._streams = streams
        count = len(streams)
        self._addresses += [(b"", 0)] * (count - len(self._addresses))
        self._batch_number = grown(self._batch_number, count)
        self._words = grown(self._words, count)
        self._timeout = grown(self._timeout, count)
        numbers: dict[BatchKey, int] = {}
        for row, check in enumerate(streams.checks):
            if check is None:
                continue
            self._batch_number[row] = numbers.setdefault(batch_of(_echo(check)), len(numbers))
            # Made anew in the order of rows, so that neighbours are neighbours in memory, too.
            self._addresses[row] = check.address.encode(), 0
            self._words[row] = address_words(check.address)
            self._timeout[row] = _nanoseconds(check.timeout)
        self.batch_keys = list(numbers)
        timeouts = (check.timeout for check in streams.checks if check is not None)
        self.shortest_timeout = min(timeouts, default=inf)

    def row(self, check: Check) -> int | None:
        """The row of a check; None when it is no stream that is watched."""
        return self._streams.row(check)

    def by_batch(self, rows: Rows) -> list[tuple[BatchKey, Rows]]:
        """For each batch, the places in ``rows`` of the streams that are sent with it."""
        if len(self.batch_keys) == 1:
            return [(self.batch_keys[0], np.arange(len(rows)))]
        numbers = self._batch_number[rows]
        return [
            (self.batch_keys[number], np.flatnonzero(numbers == number))
            for number in np.unique(numbers)
        ]

    def destinations(self, rows: Rows) -> Destinations:
        """The destinations of these streams, in the order of ``rows``."""
        addresses = self._addresses
        return Destinations(
            [addresses[row] for row in rows.tolist()],
            self._words[rows],
            self._timeout[rows],
        )


def _version(address: str) -> int:
    return 6 if ":" in address else 4


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
