"""A lane: echoes that are alike but for number, token and destination."""

from __future__ import annotations

import numpy as np

from netwatch.probes.icmp.packet import Octets, blank_requests, fill_requests
from netwatch.probes.icmp.replies import Integers
from netwatch.probes.icmp.transport import Address, EchoSocket

BATCH = 768
"""Echoes that are made ready at a time: more than 10 000 a second are in the shortest tick."""


class Batch:
    """Sends echoes of one size through one socket.

    Attributes:
        socket: several lanes may use it.
    """

    def __init__(self, socket: EchoSocket, size: int) -> None:
        self.socket = socket
        self._requests = blank_requests(socket.version, socket.identifier, size, BATCH)
        # Views of the rows, so that no octet is copied once more.
        self._packets = [memoryview(request) for request in self._requests]

    def send(
        self, numbers: Integers, tokens: Octets, addresses: list[Address]
    ) -> tuple[list[int], dict[int, str]]:
        """Send one echo to each address, at most ``BATCH``; see ``EchoSocket.send``."""
        sequences = numbers.astype(">u2").view(np.uint8).reshape(-1, 2)
        requests = self._requests[: len(numbers)]
        fill_requests(requests, sequences, tokens, sums=self.socket.needs_checksums)
        return self.socket.send(self._packets, addresses)
