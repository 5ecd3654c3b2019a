"""Finds out whether a silent agent answers from another of its addresses.

The kernel gives a connected socket nothing that comes from elsewhere, and rightly so: anybody could
send it. So while an agent is silent, a second socket at the same port takes what comes from others,
only to tell people from where the device answers. No value is taken from there.
"""

from __future__ import annotations

import os
import socket

MAX_DATAGRAMS = 16
"""Datagrams that are looked at, at the end of a poll."""

MAX_OCTETS = 4096
"""Octets of a datagram that are looked at."""


class Elsewhere:
    """Takes datagrams to the port of a connected UDP socket that come from other addresses.

    Args:
        descriptor: of the socket.
        port: the agent's port, from which it answers in any case.
        token: what an answer has in it, such as the community.
    """

    def __init__(self, descriptor: int, port: int, token: bytes) -> None:
        self._port = port
        self._token = token
        with socket.socket(fileno=os.dup(descriptor)) as asked:
            # Two sockets may have one port when both allow it; the connected one comes first.
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            family, own = asked.family, asked.getsockname()
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(own)
        except OSError:
            self._socket.close()
            raise

    def close(self) -> None:
        """Close the second socket."""
        self._socket.close()

    def source(self) -> str:
        """The address that something like an answer came from; empty when there is none."""
        for _ in range(MAX_DATAGRAMS):
            try:
                datagram, (address, port, *_) = self._socket.recvfrom(MAX_OCTETS)
            except OSError:
                return ""  # nothing more has come
            if port == self._port and datagram[:1] == b"\x30" and self._token in datagram:
                return str(address)
        return ""
