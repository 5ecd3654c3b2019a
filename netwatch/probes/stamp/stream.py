"""One stream: sends its packets when it is told to, and takes in what comes back."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from netwatch.media.sockets import Datagram, open_socket, receive
from netwatch.media.stamp import (
    Reflected,
    error_estimate,
    extensions,
    parse_reflected,
    request,
    to_stamp,
)
from netwatch.probes.sockets import family_of
from netwatch.probes.stamp.params import StampParams

BATCH = 64
"""Datagrams that are read before other streams have their turn."""


@dataclass(slots=True)
class Packet:
    """One test packet.

    Attributes:
        sent: nanoseconds since 1970.
        stamp: the same, as it stands in the packet; the answer repeats it, and nobody guesses it.
        arrived: when the kernel had the answer, nanoseconds since 1970; None when none came.
        reflected: what the answer says.
        tos: traffic class of the answer.
    """

    sent: int
    stamp: int
    arrived: int | None = None
    reflected: Reflected | None = None
    tos: int = 0


@dataclass(slots=True)
class Account:
    """What became of a stream.

    Attributes:
        packets: in the order of sending.
        order: places of the answered ones, in the order of arrival.
        duplicates: answers that came once more.
        strange: datagrams that answer nothing.
        dropped: datagrams that this machine's kernel had to drop.
        stepped: nanoseconds by which the wall clock, which stamps come from, was stepped meanwhile.
    """

    packets: list[Packet] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    duplicates: int = 0
    strange: int = 0
    dropped: int = 0
    stepped: int = 0


class Stream:
    """A socket that is connected to the reflector, so that the kernel drops what others send.

    Args:
        address: of the reflector.
        params: how the stream looks.
        clock_error: how wrong this clock may be, seconds; None when nobody knows.

    Raises:
        OSError: the kernel has no socket or no route.
    """

    def __init__(self, address: str, params: StampParams, clock_error: float | None) -> None:
        self.account = Account()
        self._wanted = params.packets
        self._rest = extensions(params.size, params.dscp)
        self._error = error_estimate(clock_error)
        self._session = secrets.randbelow(1 << 16)
        self._offset = time.time_ns() - time.monotonic_ns()
        self._socket = open_socket(family_of(address), params.dscp)
        try:
            self._socket.connect((address, params.port))
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        """For the one who waits for many streams."""
        return self._socket.fileno()

    @property
    def is_sent(self) -> bool:
        """All packets are under way."""
        return len(self.account.packets) == self._wanted

    @property
    def is_complete(self) -> bool:
        """All packets are answered."""
        return len(self.account.order) == self._wanted

    def send(self) -> None:
        """Send the next packet; one that the kernel has no room for is lost, as on any line.

        Raises:
            OSError: what ICMP said of an earlier one.
        """
        sent = time.time_ns()
        packet = Packet(sent, to_stamp(sent))
        head = request(len(self.account.packets), packet.stamp, self._error, self._session)
        self.account.packets.append(packet)
        try:
            self._socket.send(head + self._rest)
        except BlockingIOError:
            return

    def receive(self) -> None:
        """Take in what has come.

        Raises:
            OSError: what ICMP said.
        """
        for _ in range(BATCH):
            try:
                self._take(receive(self._socket))
            except BlockingIOError:
                return

    def close(self) -> Account:
        """Close the socket; the account is final."""
        if self._socket.fileno() != -1:
            self._socket.close()
            self.account.stepped = time.time_ns() - time.monotonic_ns() - self._offset
        return self.account

    def _take(self, datagram: Datagram) -> None:
        account = self.account
        account.dropped = max(account.dropped, datagram.dropped)
        reflected = parse_reflected(datagram.data)
        place = reflected.sent_sequence if reflected else -1
        if reflected is None or not 0 <= place < len(account.packets):
            account.strange += 1
            return
        packet = account.packets[place]
        if packet.stamp != reflected.sent_stamp:
            account.strange += 1
        elif packet.arrived is not None:
            account.duplicates += 1
        else:
            packet.arrived, packet.reflected, packet.tos = datagram.arrived, reflected, datagram.tos
            account.order.append(place)
