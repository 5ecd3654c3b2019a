"""Decides by its address what becomes of each frame. Pure; no I/O."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from netwatch.lab.frame import destination, service, source
from netwatch.lab.path import Path, PathTransit
from netwatch.lab.world import Barrier


class Wire:
    """Decides about frames; those of addresses that are not the province's are dropped.

    Args:
        addresses: of the province.
        seed: of the random numbers. Each address has its own, so that what happens to its packets
            does not depend on packets to others.

    Attributes:
        strange: frames that are no IP packet, or to or from an address nobody has.
    """

    def __init__(self, addresses: Iterable[str], seed: int) -> None:
        self._paths = {packed(address): Path(f"{seed} {address}") for address in addresses}
        self.strange = 0

    def path(self, address: str) -> Path:
        """The path to an address.

        Raises:
            KeyError: nobody has it.
        """
        return self._paths[packed(address)]

    def bar(self, barriers: Iterable[Barrier]) -> None:
        """Block exactly these services from now on."""
        for path in self._paths.values():
            path.barriers = frozenset()
        for barrier in barriers:
            path = self.path(barrier.address)
            path.barriers |= {(barrier.protocol, barrier.port)}

    def counts(self) -> dict[str, dict[str, int]]:
        """The counts of each address that has any, by address and name of the count."""
        return {
            unpacked(key): path.counts()
            for key, path in self._paths.items()
            if path.seen or path.returned or path.returned_cut or path.returned_lost
        }

    def outward(self, frame: bytes) -> PathTransit | None:
        """Decide about a frame on its way to the province; None to drop it."""
        path = self._paths.get(destination(frame))
        if path is None:
            self.strange += 1
            return None
        path.seen += 1
        if path.barriers and service(frame) in path.barriers:
            path.barred += 1
            return None
        return path.outward()

    def left(self, frame: bytes, number: int) -> None:
        """Count a frame that was held and leaves now; ``number`` is that of its transit."""
        self._paths[destination(frame)].left(number)

    def inward(self, frame: bytes) -> bool:
        """Whether a frame may pass to the collector's side."""
        path = self._paths.get(source(frame))
        if path is None:
            self.strange += 1
            return False
        return path.inward()


def packed(address: str) -> bytes:
    """An address as 4 or 16 octets, as packets have it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address)


def unpacked(key: bytes) -> str:
    """A packed address as text."""
    return socket.inet_ntop(socket.AF_INET if len(key) == 4 else socket.AF_INET6, key)
