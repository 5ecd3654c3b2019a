"""Batches of echo requests that differ in number, token and destination only."""

from __future__ import annotations

import numpy as np

from netwatch.probes.icmp.packet import Octets, blank_requests, fill_requests
from netwatch.probes.icmp.replies import Integers
from netwatch.probes.icmp.transport import Address, EchoSocket

MAX_BATCH = 768
"""Echo requests that one batch can hold: more than the shortest tick has at 10 000 a second."""


class Batch:
    """Sends echo requests of one size through one socket, from buffers that are made once.

    Attributes:
        socket: where they are sent; batches of several sizes may share it.
    """

    def __init__(self, socket: EchoSocket, size: int) -> None:
        self.socket = socket
        self._requests = blank_requests(socket.version, socket.identifier, size, MAX_BATCH)
        # Views of the rows, so that no octet is copied once more.
        self._packets = [memoryview(request) for request in self._requests]

    def send(
        self, numbers: Integers, tokens: Octets, addresses: list[Address]
    ) -> tuple[list[int], dict[int, str]]:
        """Send one echo to each address, at most ``MAX_BATCH``.

        Args:
            numbers: of the echoes; the low 16 bits become sequence numbers.
            tokens: ``TOKEN_SIZE`` octets a row.
            addresses: where each goes.

        Returns:
            Send times and failures, as ``EchoSocket.send`` gives them.
        """
        sequences = numbers.astype(">u2").view(np.uint8).reshape(-1, 2)
        requests = self._requests[: len(numbers)]
        fill_requests(requests, sequences, tokens, sums=self.socket.needs_checksums)
        return self.socket.send(self._packets, addresses)
