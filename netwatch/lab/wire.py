"""What the wire does with each packet: a pure decision, and the count of every one."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from netwatch.lab.world import ICMP, Barrier

_ETHERNET = 14
_IPV4, _IPV6 = b"\x08\x00", b"\x86\xdd"
_FRAGMENT_OFFSET = 0x1FFF


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the wire behaves towards one address.

    A cut stops both ways. Loss and delay act on the way to the address only, so an echo is lost
    with exactly the probability ``loss``, and its round trip grows by exactly ``delay``.

    Attributes:
        cut: nothing passes.
        loss: share of packets that vanish, 0 to 1.
        delay: seconds that each packet is held.
        jitter: up to so many seconds more, evenly spread.
    """

    cut: bool = False
    loss: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0


CLEAR = Conduct()


def combine(conducts: Iterable[Conduct]) -> Conduct:
    """The conduct of several faults one behind the other."""
    cut, passing, delay, jitter = False, 1.0, 0.0, 0.0
    for conduct in conducts:
        cut = cut or conduct.cut
        passing *= 1.0 - conduct.loss
        delay += conduct.delay
        jitter += conduct.jitter
    return Conduct(cut, 1.0 - passing, delay, jitter)


class Path:
    """The way to one address, and what became of the packets on it.

    Attributes:
        barred: (IP protocol, port) that a firewall holds back; port 0 where there are none.
        seen: packets that came from the collector's side: the sum of the next four.
        cut, barred_count, lost: why a packet was dropped.
        forwarded: packets that went on, at once or later.
        delayed: how many of them were held.
        returned: packets that went back to the collector's side.
        returned_cut: packets on the way back that the cut stopped.
    """

    __slots__ = (
        "barred",
        "barred_count",
        "conduct",
        "cut",
        "delayed",
        "forwarded",
        "lost",
        "returned",
        "returned_cut",
        "seen",
    )

    def __init__(self) -> None:
        self.conduct = CLEAR
        self.barred: frozenset[tuple[int, int]] = frozenset()
        self.seen = self.cut = self.barred_count = self.lost = 0
        self.forwarded = self.delayed = self.returned = self.returned_cut = 0

    def counts(self) -> dict[str, int]:
        """For the log."""
        return {
            "seen": self.seen,
            "cut": self.cut,
            "barred": self.barred_count,
            "lost": self.lost,
            "forwarded": self.forwarded,
            "delayed": self.delayed,
            "returned": self.returned,
            "returned_cut": self.returned_cut,
        }


class Wire:
    """Decides about frames. Knows only the province's addresses: all others are silent.

    Attributes:
        strange: frames that are no IP packet, or to or from an address nobody has.
    """

    def __init__(self, addresses: Iterable[str], seed: int) -> None:
        self._paths = {packed(address): Path() for address in addresses}
        self._random = random.Random(seed)  # noqa: S311 -- to be repeatable, not secret
        self.strange = 0

    def path(self, address: str) -> Path:
        """The path to an address.

        Raises:
            KeyError: nobody has it.
        """
        return self._paths[packed(address)]

    def bar(self, barriers: Iterable[Barrier]) -> None:
        """Hold back exactly these from now on."""
        for path in self._paths.values():
            path.barred = frozenset()
        for barrier in barriers:
            path = self.path(barrier.address)
            path.barred |= {(barrier.protocol, barrier.port)}

    def counts(self) -> dict[str, dict[str, int]]:
        """Of each address that anything was sent to or came from."""
        return {
            unpacked(key): path.counts()
            for key, path in self._paths.items()
            if path.seen or path.returned or path.returned_cut
        }

    def outward(self, frame: bytes) -> float | None:
        """Seconds to hold a frame on its way to the province; None to drop it."""
        path = self._paths.get(_destination(frame))
        if path is None:
            self.strange += 1
            return None
        path.seen += 1
        conduct = path.conduct
        if path.barred and _service(frame) in path.barred:
            path.barred_count += 1
            return None
        if conduct is CLEAR:
            path.forwarded += 1
            return 0.0
        if conduct.cut:
            path.cut += 1
            return None
        if conduct.loss and self._random.random() < conduct.loss:
            path.lost += 1
            return None
        path.forwarded += 1
        hold = conduct.delay + conduct.jitter * self._random.random()
        path.delayed += hold > 0
        return hold

    def inward(self, frame: bytes) -> bool:
        """Whether a frame may pass to the collector's side."""
        path = self._paths.get(_source(frame))
        if path is None:
            self.strange += 1
            return False
        if path.conduct.cut:
            path.returned_cut += 1
            return False
        path.returned += 1
        return True


def packed(address: str) -> bytes:
    """The address as it stands in a packet."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address)


def unpacked(key: bytes) -> str:
    """The address as text."""
    return socket.inet_ntop(socket.AF_INET if len(key) == 4 else socket.AF_INET6, key)


def _destination(frame: bytes) -> bytes:
    kind = frame[12:14]
    if kind == _IPV4:
        return frame[30:34]
    return frame[38:54] if kind == _IPV6 else b""


def _source(frame: bytes) -> bytes:
    kind = frame[12:14]
    if kind == _IPV4:
        return frame[26:30]
    return frame[22:38] if kind == _IPV6 else b""


def _service(frame: bytes) -> tuple[int, int]:
    """Protocol and destination port; port 0 for ICMP and for what has none to see."""
    if frame[12:14] == _IPV4:
        protocol, ports = frame[23], _ETHERNET + 4 * (frame[14] & 0x0F)
        if int.from_bytes(frame[20:22], "big") & _FRAGMENT_OFFSET:
            return protocol, 0
    else:
        protocol, ports = frame[20], _ETHERNET + 40
    if protocol in (ICMP, socket.IPPROTO_ICMPV6):
        return ICMP, 0
    return protocol, int.from_bytes(frame[ports + 2 : ports + 4], "big")
