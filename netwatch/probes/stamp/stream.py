"""One stream: sends its packets when it is told to, and takes in what comes back."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from time import time_ns

from netwatch.core.clock import wall_offset
from netwatch.media.stamp import LARGEST, error_estimate, extensions, request, to_stamp
from netwatch.net.recvmmsg import MessageBuffer, drops
from netwatch.net.stamped import open_stamped
from netwatch.probes.sockets import family_of
from netwatch.probes.stamp.answers import CONTROL, Answers, ReceiveBuffer
from netwatch.probes.stamp.params import StampParams

_BATCH = 64
_BATCHES = 4
"""Datagrams read with one call, and calls before other streams have their turn."""

_write = struct.Struct("!IQ").pack_into  # what differs from one test packet to the next


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a stream.

    Attributes:
        sent: packets.
        answers: to as many of them as were answered.
        duplicates: answers that came once more.
        strange: datagrams that answer nothing.
        dropped: datagrams that this machine's kernel had to drop.
        stepped: nanoseconds by which the wall clock, which stamps come from, was stepped meanwhile.
    """

    sent: int
    answers: Answers
    duplicates: int = 0
    strange: int = 0
    dropped: int = 0
    stepped: int = 0


def new_buffer() -> MessageBuffer:
    """Room for what one stream has received; all can use the same."""
    return MessageBuffer(_BATCH, LARGEST, control=CONTROL, name=0)


class Stream:
    """A socket that is connected to the reflector, so that the kernel drops what others send.

    Args:
        address: of the reflector.
        params: how the stream looks.
        clock_error: how wrong this clock may be, seconds; None when nobody knows.

    Raises:
        OSError: the kernel has no socket or no route.
    """

    __slots__ = ("_hand_over", "_offset", "_packet", "_post", "_socket", "_stamps", "_wanted")

    def __init__(self, address: str, params: StampParams, clock_error: float | None) -> None:
        family = family_of(address)
        self._wanted = params.packets
        self._stamps: list[int] = []
        self._post = ReceiveBuffer(params.packets, params.size, family)
        head = request(0, 0, error_estimate(clock_error), secrets.randbelow(1 << 16))
        self._packet = bytearray(head + extensions(params.size, params.dscp))
        self._offset = wall_offset()
        self._socket = open_stamped(family, params.dscp)
        try:
            self._socket.connect((address, params.port))
        except OSError:
            self._socket.close()
            raise
        self._hand_over = self._socket.send

    @property
    def is_complete(self) -> bool:
        """All packets are answered."""
        if self._post.most >= self._wanted:
            self._post.sort_out(self._stamps)
        return self._post.accepted == self._wanted

    def send(self) -> int:
        """Send the next packet; one that the kernel has no room for is lost, as on any line.

        Returns:
            Packets that are still to be sent.

        Raises:
            OSError: what ICMP said of an earlier one.
        """
        stamps, stamp = self._stamps, to_stamp(time_ns())
        _write(self._packet, 0, len(stamps), stamp)
        stamps.append(stamp)
        try:  # noqa: SIM105 (suppress() would cost as much as all the rest here)
            self._hand_over(self._packet)
        except BlockingIOError:
            pass
        return self._wanted - len(stamps)

    def receive(self, buffer: MessageBuffer) -> None:
        """Take in what has come.

        Raises:
            OSError: what ICMP said.
        """
        for _ in range(_BATCHES):
            count = buffer.receive(self._socket.fileno())
            if count:
                self._post.keep(buffer, count, time_ns(), self._stamps)
            if count < buffer.capacity:
                return

    def close(self) -> Account:
        """Close the socket; the account is final."""
        dropped = drops(self._socket)
        self._socket.close()
        post = self._post
        return Account(
            sent=len(self._stamps),
            answers=post.answers(self._stamps),
            duplicates=post.duplicates,
            strange=post.strange,
            dropped=dropped,
            stepped=wall_offset() - self._offset,
        )
