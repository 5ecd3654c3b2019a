"""Which connections may be open, and which one ends when there is no room for another.

A client that is silent, trickles or doesn't read has a place that others need. So some places are
only for this machine and for clients that we know, no source has more than its share, and who comes
when all are taken gets the place of whoever does least with it.
"""

from __future__ import annotations

import socket
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from time import monotonic

from netwatch.metrics.web import WebMetrics, WebRefusal
from netwatch.web.addresses import is_loopback, source_of
from netwatch.web.connection import ClientConnection, ExchangePhase

_MAX_LOOKED_AT = 16
"""Silent clients of a source that are looked at for one that has really said nothing."""

MIN_OF_SOURCE = 4
"""Connections that a source may have where few can be open: a browser wants several."""

MAX_KNOWN_SOURCES = 1024
"""Sources from which somebody logged in, as many as are remembered."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What connections may take.

    Attributes:
        connections: open at the same time.
        reserved: of these, only for this machine and for sources from which somebody logged in.
        of_source: open at the same time from one source that is not this machine.
        request_time: seconds from the acceptance until TLS is agreed on and the request is there.
        progress_time: seconds in which a client must take ``progress_octets`` of an answer.
        progress_octets: fewer are no progress.
        stall_time: seconds without progress from which a reader may be displaced.
        lifetime: seconds from the acceptance to the end, whatever happens.
    """

    connections: int = 256
    reserved: int = 64
    of_source: int = 32
    request_time: float = 10.0
    progress_time: float = 30.0
    progress_octets: int = 64 * 1024
    stall_time: float = 1.0
    lifetime: float = 600.0

    def within(self, connections: int) -> ConnectionLimits:
        """The same, where no more than so many can be open."""
        if connections >= self.connections:
            return self
        of_source = max(MIN_OF_SOURCE, connections // 8)
        return replace(
            self,
            connections=connections,
            reserved=connections // 4,
            of_source=min(self.of_source, of_source),
        )


class Connections:
    """The open connections of a server.

    Args:
        limits: what they may take.
        metrics: counts those that are refused or cut.
    """

    def __init__(self, limits: ConnectionLimits, metrics: WebMetrics) -> None:
        self._limits = limits
        self._metrics = metrics
        self._open: set[ClientConnection] = set()
        self._strangers = 0
        self._of_source: Counter[str] = Counter()
        self._silent: dict[str, dict[ClientConnection, None]] = {}
        """By source, in the order in which they came: those that have asked for nothing yet."""
        self._known: OrderedDict[str, None] = OrderedDict()
        metrics.connections.set_function(self.__len__)

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, connection: object) -> bool:
        return connection in self._open

    def admit(self, sock: socket.socket, address: str) -> ClientConnection | None:
        """The connection, if there is room for it or somebody else was displaced; else None."""
        now = monotonic()
        source = source_of(address)
        is_local = is_loopback(address)
        connection = ClientConnection(sock, source, is_local, now)
        connection.is_known = is_local or source in self._known
        if (refusal := self._make_room(connection, now)) is not None:
            self._metrics.refuse(refusal)
            return None
        self._open.add(connection)
        self._strangers += not connection.is_known
        self._of_source[source] += 1
        self._silent.setdefault(source, {})[connection] = None
        return connection

    def enter(self, connection: ClientConnection, phase: ExchangePhase) -> None:
        """The client has asked, or its answer begins."""
        connection.enter(phase, monotonic())
        self._no_longer_silent(connection)

    def know(self, connection: ClientConnection) -> None:
        """The client has logged in: it and its source may have reserved places from now on."""
        if connection in self._open:
            self._strangers -= not connection.is_known
        connection.is_known = True
        self._known[connection.source] = None
        self._known.move_to_end(connection.source)
        if len(self._known) > MAX_KNOWN_SOURCES:
            self._known.popitem(last=False)

    def remove(self, connection: ClientConnection) -> None:
        """The connection has ended; one that was cut is no longer there, which is right."""
        if connection not in self._open:
            return
        self._open.remove(connection)
        self._strangers -= not connection.is_known
        self._of_source[connection.source] -= 1
        if not self._of_source[connection.source]:
            del self._of_source[connection.source]
        self._no_longer_silent(connection)

    def cut_overdue(self) -> None:
        """Cut those whose client was out of time; call it about once a second."""
        now = monotonic()
        for connection in tuple(self._open):
            if connection.phase is ExchangePhase.SENDING:
                connection.watch_reading(now, self._limits.progress_octets)
            if (refusal := self._overdue(connection, now)) is not None:
                self._cut(connection, refusal)

    def cut_idle(self) -> None:
        """Cut those that no answer is on its way to, at the end of the program."""
        now = monotonic()
        for connection in tuple(self._open):
            if connection.phase is ExchangePhase.SENDING:
                connection.watch_reading(now, 1)
            if connection.phase is ExchangePhase.REQUEST or self._is_stalled(connection, now):
                self._cut(connection)

    def cut_all(self) -> None:
        """Cut what is left, at the end of the program."""
        for connection in tuple(self._open):
            self._cut(connection)

    def _make_room(self, newcomer: ClientConnection, now: float) -> WebRefusal | None:
        """Why there is no room for another one; None when there is, or was made."""
        limits, source = self._limits, newcomer.source
        if not newcomer.is_loopback and self._of_source[source] >= limits.of_source:
            made = self._displace_one(lambda each: each.source == source, now)
            return None if made else WebRefusal.SHARE
        if not newcomer.is_known and self._strangers >= limits.connections - limits.reserved:
            made = self._displace_one(lambda each: not each.is_known, now)
            return None if made else WebRefusal.FULL
        if len(self._open) >= limits.connections:
            made = self._displace_one(lambda _each: True, now)
            made = made or (newcomer.is_loopback and self._displace_reader())
            return None if made else WebRefusal.FULL
        return None

    def _displace_reader(self) -> bool:
        """Cut who reads, but took nothing for longest; strangers first. Whether there was one.

        So this machine's Prometheus is let in among readers of whom none has stalled yet.
        """
        readers = [each for each in self._open if each.phase is ExchangePhase.SENDING]
        worst = min(readers, key=lambda each: (each.is_known, each.progressed), default=None)
        if worst is not None:
            self._cut(worst, WebRefusal.DISPLACED)
        return worst is not None

    def _displace_one(self, is_candidate: Callable[[ClientConnection], bool], now: float) -> bool:
        """Cut the one that does least with its place; whether there was one.

        That is a silent one, of the source that has most of them the oldest whose request doesn't
        wait to be read; else the reader that has stalled for longest.
        """
        oldest = [_most_silent(silent) for silent in self._silent.values()]
        worst = max(
            filter(is_candidate, oldest),
            key=lambda each: (len(self._silent[each.source]), -each.accepted),
            default=None,
        )
        if worst is None:
            stalled = [each for each in self._open if self._is_stalled(each, now)]
            worst = min(
                filter(is_candidate, stalled), key=lambda each: each.progressed, default=None
            )
        if worst is not None:
            self._cut(worst, WebRefusal.DISPLACED)
        return worst is not None

    def _no_longer_silent(self, connection: ClientConnection) -> None:
        silent = self._silent.get(connection.source, {})
        silent.pop(connection, None)
        if not silent:
            self._silent.pop(connection.source, None)

    def _is_stalled(self, connection: ClientConnection, now: float) -> bool:
        """Whether a client has left an answer unread for a while."""
        is_late = now - connection.progressed >= self._limits.stall_time
        return connection.phase is ExchangePhase.SENDING and is_late

    def _overdue(self, connection: ClientConnection, now: float) -> WebRefusal | None:
        limits, age = self._limits, now - connection.accepted
        if age >= limits.lifetime:
            return WebRefusal.LIFETIME
        if connection.phase is ExchangePhase.REQUEST:
            return WebRefusal.SLOW_REQUEST if age >= limits.request_time else None
        is_late = now - connection.progressed >= limits.progress_time
        is_sent_to = connection.phase is ExchangePhase.SENDING
        return WebRefusal.SLOW_READER if is_sent_to and is_late else None

    def _cut(self, connection: ClientConnection, refusal: WebRefusal | None = None) -> None:
        if refusal is not None:
            self._metrics.refuse(refusal)
        self.remove(connection)
        connection.cut()


def _most_silent(silent: Iterable[ClientConnection]) -> ClientConnection:
    """The oldest of whom nothing waits to be read; the oldest, where something does of many.

    So a scrape of this machine isn't displaced by a flood of this machine once it has asked.
    """
    first = list(islice(silent, _MAX_LOOKED_AT))
    return next((each for each in first if not each.has_unread()), first[0])
