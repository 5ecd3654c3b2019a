"""Echo replies out of a message buffer, as columns. Pure; any octets at all are taken."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwatch.net.recvmmsg import MessageBuffer, arrivals, kind_of, marks
from netwatch.probes.icmp.packet import HEADER, REPLY, TOKEN_END

IPV6_HOPLIMIT = 52  # linux/in6.h; Python 3.11 does not name it

_MIN_IDENTIFIED_SIZE = 6
"""Octets up to the end of a message's identifier; a shorter message can't be known to be ours."""

KEY_WORDS = 5
"""Words by which an echo and its reply are compared: two of the token, two of the address that it
went to and must come from, and the octets of payload."""

_TTL = {
    4: kind_of(socket.IPPROTO_IP, socket.IP_TTL),
    6: kind_of(socket.IPPROTO_IPV6, IPV6_HOPLIMIT),
}

Words = NDArray[np.uint64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Replies:
    """Echo replies, one in each place of every column.

    Attributes:
        keys: what is compared with the echo, ``KEY_WORDS`` a row.
        arrived: Unix time at which the kernel received it, nanoseconds; 0 where it did not say.
        ttls: time to live, or hop limit; 0 where the kernel did not say.
    """

    keys: Words
    arrived: Integers
    ttls: NDArray[np.uint8]

    def at(self, places: Integers) -> Replies:
        """Only those in these places."""
        return Replies(self.keys[places], self.arrived[places], self.ttls[places])

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class ReceivedReplies:
    """What one call of ``receive`` brought.

    Attributes:
        replies: those that may be answers to our echoes.
        malformed: how many messages are none, though they were sent to us.
    """

    replies: Replies
    malformed: int


def read_replies(
    version: int, buffer: MessageBuffer, count: int, own: int | None
) -> ReceivedReplies:
    """The echo replies among the first ``count`` messages of a message buffer.

    Args:
        version: of the Internet protocol.
        buffer: what was received.
        count: how many messages that were.
        own: identifier of our echoes on a raw socket, which is shown every reply that reaches
            the machine, with the IP header before it if that is IPv4; None on another socket.
    """
    words, lengths = buffer.words[:count], buffer.lengths[:count].astype(np.int64)
    is_ours: NDArray[np.bool_] | None = None
    if own is not None:
        if version == 4:
            data = buffer.data[:count]
            starts = (data[:, 0] & 0x0F).astype(np.int64) * 4
            heads = np.take_along_axis(data, starts[:, None] + np.arange(TOKEN_END), axis=1)
            words = heads.view(np.uint64)
            lengths -= starts
        is_ours = (lengths >= _MIN_IDENTIFIED_SIZE) & (words.view(">u2")[:, 2] == own)
    is_reply = (lengths >= TOKEN_END) & (words.view(">u2")[:, 0] == REPLY[version] << 8)
    control, names = buffer.control[:count], buffer.names[:count]
    keys = np.zeros((count, KEY_WORDS), np.uint64)
    keys[:, :2] = words[:, 1:3]  # behind the header, which is one word
    if version == 4:  # in sockaddr_in
        keys[:, 3] = names[:, 1]
    else:  # in sockaddr_in6
        keys[:, 2:4] = np.ascontiguousarray(names[:, 2:6]).view(np.uint64)
    keys[:, 4] = lengths - HEADER.size
    replies = Replies(keys, arrivals(control), marks(control, _TTL[version]))
    if is_ours is not None:
        is_reply &= is_ours
    malformed = 0
    if not is_reply.all():
        malformed = int(np.count_nonzero(~is_reply if is_ours is None else ~is_reply & is_ours))
        replies = replies.at(np.flatnonzero(is_reply))
    return ReceivedReplies(replies, malformed)
