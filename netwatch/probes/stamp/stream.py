"""One stream of test packets: sends a packet at each call, and stores the answers."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from time import time_ns

from netwatch.core.clock import wall_offset
from netwatch.media.stamp import MAX_PACKET_SIZE, error_estimate, extensions, request, to_stamp
from netwatch.net.recvmmsg import MessageBuffer, drops
from netwatch.net.sockets import family_of
from netwatch.net.stamped import open_stamped
from netwatch.probes.stamp.answers import CONTROL_SIZE, Answers, ReceiveBuffer
from netwatch.probes.stamp.params import StampParams

_RECEIVE_BATCH = 64
"""Datagrams that are read with one system call."""

_MAX_RECEIVE_BATCHES = 4
"""System calls of one ``receive``, so that other streams get their turn."""

# Sequence number and time stamp: all that differs from one test packet to the next.
_write = struct.Struct("!IQ").pack_into


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What became of the packets of a stream.

    Attributes:
        sent: packets that were sent.
        answers: the first answer to each packet that was answered.
        duplicates: further answers to packets that were answered before.
        unexpected: datagrams that answer no packet of the stream.
        dropped: datagrams that this machine's kernel had to drop.
        stepped: nanoseconds by which the wall clock was stepped meanwhile; time stamps come from
            it.
    """

    sent: int
    answers: Answers
    duplicates: int = 0
    unexpected: int = 0
    dropped: int = 0
    stepped: int = 0


def new_buffer() -> MessageBuffer:
    """A message buffer for one ``receive`` of a stream; all streams can use the same."""
    return MessageBuffer(_RECEIVE_BATCH, MAX_PACKET_SIZE, control=CONTROL_SIZE, name=0)


class Stream:
    """A socket that is connected to the reflector, so that the kernel drops what others send.

    Args:
        address: of the reflector.
        params: what the stream is like.
        clock_error: seconds by which this machine's clock may be wrong; None when it isn't
            synchronized.

    Raises:
        OSError: the kernel has no socket or no route.
    """

    __slots__ = (
        "_answers",
        "_offset",
        "_packet",
        "_packet_count",
        "_send_packet",
        "_socket",
        "_stamps",
    )

    def __init__(self, address: str, params: StampParams, clock_error: float | None) -> None:
        family = family_of(address)
        self._packet_count = params.packets
        self._stamps: list[int] = []
        self._answers = ReceiveBuffer(params.packets, params.size, family)
        head = request(0, 0, error_estimate(clock_error), secrets.randbelow(1 << 16))
        self._packet = bytearray(head + extensions(params.size, params.dscp))
        self._offset = wall_offset()
        self._socket = open_stamped(family, params.dscp)
        try:
            self._socket.connect((address, params.port))
        except OSError:
            self._socket.close()
            raise
        self._send_packet = self._socket.send

    @property
    def is_complete(self) -> bool:
        """Whether every packet of the stream is answered."""
        if self._answers.max_answered >= self._packet_count:
            self._answers.sort_out(self._stamps)
        return self._answers.accepted == self._packet_count

    def send(self) -> int:
        """Send the next packet; one that the kernel has no room for is lost, as on any line.

        Returns:
            How many packets are still to be sent.

        Raises:
            OSError: an ICMP error answered an earlier packet.
        """
        stamps, stamp = self._stamps, to_stamp(time_ns())
        _write(self._packet, 0, len(stamps), stamp)
        stamps.append(stamp)
        try:  # noqa: SIM105 (suppress() would cost as much as all the rest here)
            self._send_packet(self._packet)
        except BlockingIOError:
            pass
        return self._packet_count - len(stamps)

    def receive(self, buffer: MessageBuffer) -> None:
        """Store what has arrived, up to ``_MAX_RECEIVE_BATCHES`` batches.

        Raises:
            OSError: an ICMP error came.
        """
        for _ in range(_MAX_RECEIVE_BATCHES):
            count = buffer.receive(self._socket.fileno())
            if count:
                self._answers.store(buffer, count, time_ns(), self._stamps)
            if count < buffer.capacity:
                return

    def close(self) -> StreamReport:
        """Close the socket; returns what became of the stream."""
        dropped = drops(self._socket)
        self._socket.close()
        answers = self._answers
        return StreamReport(
            sent=len(self._stamps),
            answers=answers.answers(self._stamps),
            duplicates=answers.duplicates,
            unexpected=answers.unexpected,
            dropped=dropped,
            stepped=wall_offset() - self._offset,
        )
