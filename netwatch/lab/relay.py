"""The relay: a process that carries every frame between the two sides, as the wire decides.

It has packet sockets on two virtual cables. A TUN device would do, too, but users may often not
open one.
"""

from __future__ import annotations

import heapq
import itertools
import select
import socket
import struct
import time
from pathlib import Path

from netwatch.core.errors import NetwatchError
from netwatch.lab import cable
from netwatch.lab.child import Channel, Message
from netwatch.lab.impairment import from_message
from netwatch.lab.namespaces import enter_network_namespace
from netwatch.lab.path import IMMEDIATE, PathTransit
from netwatch.lab.roundtrips import RoundTrips
from netwatch.lab.wire import Wire
from netwatch.lab.world import Barrier

_ETH_P_ALL = 0x0003  # linux/if_ether.h
_SOL_PACKET = 263  # linux/socket.h
_PACKET_STATISTICS = 6  # linux/if_packet.h
_PACKET_IGNORE_OUTGOING = 23
_STATISTICS = struct.Struct("II")  # packets, drops
_MAX_FRAME_SIZE = cable.MTU + 14
"""Octets of a frame with its Ethernet header."""

_BUFFER_SIZE = 4 * 1024 * 1024
"""Octets of each socket's send and receive buffer."""

_BATCH = 64
"""Frames that are taken from one side before the other side and held frames get their turn."""

MAX_HELD = 65536
"""Frames held at one time (100 MiB at most); further ones are dropped and counted."""


class Relay:
    """Both packet sockets, and the frames that are held back for a while.

    Args:
        wire: decides what becomes of each frame.
        round_trips: file to write the round trip of each echo to; None: they are not measured.

    Attributes:
        overflowed: frames dropped because too many were held, or a socket had no room.
        overrun: frames that the kernel dropped because this process was too slow.
    """

    def __init__(self, wire: Wire, round_trips: Path | None = None) -> None:
        self.wire = wire
        self.overflowed = 0
        self.overrun = 0
        self._near = _open(cable.NEAR)
        self._far = _open(cable.FAR)
        self._round_trips = RoundTrips(self._near, round_trips) if round_trips else None
        self._held: list[tuple[float, int, bytes, PathTransit]] = []
        self._order = itertools.count()

    def run(self, channel: Channel) -> None:
        """Carry frames, and carry out commands from the channel, until it is closed."""
        near, far = self._near, self._far
        ends: tuple[socket.socket | Channel, ...] = (near, far, channel)
        while True:
            # select and not epoll: its timeout has microseconds, and these are three descriptors.
            ready, _, _ = select.select(ends, (), (), self._wait())
            if near in ready:
                self._carry_out()
            if far in ready:
                self._carry_back()
            if self._held:
                self._release(time.monotonic())
            if channel in ready:
                message = channel.receive()
                if message is None:
                    return
                channel.send(self._handle(message))

    def _wait(self) -> float | None:
        return max(self._held[0][0] - time.monotonic(), 0.0) if self._held else None

    def _carry_out(self) -> None:
        receive = self._round_trips.receive if self._round_trips else self._near.recv
        decide = self.wire.outward
        for _ in range(_BATCH):
            try:
                frame = receive(_MAX_FRAME_SIZE)
            except BlockingIOError:
                return
            transit = decide(frame)
            if transit is IMMEDIATE:
                self._send(self._far, frame)
            elif transit is not None:
                self._pass_on(frame, transit)

    def _pass_on(self, frame: bytes, transit: PathTransit) -> None:
        if not transit.hold:
            self._send_copies(frame, transit)
        elif len(self._held) < MAX_HELD:
            due = time.monotonic() + transit.hold
            heapq.heappush(self._held, (due, next(self._order), frame, transit))
        else:
            self.overflowed += 1

    def _carry_back(self) -> None:
        receive, decide, round_trips = self._far.recv, self.wire.inward, self._round_trips
        for _ in range(_BATCH):
            try:
                frame = receive(_MAX_FRAME_SIZE)
            except BlockingIOError:
                return
            if decide(frame):
                if round_trips:
                    round_trips.replied(frame)
                self._send(self._near, frame)

    def _release(self, now: float) -> None:
        while self._held and self._held[0][0] <= now:
            _, _, frame, transit = heapq.heappop(self._held)
            self.wire.left(frame, transit.number)
            self._send_copies(frame, transit)

    def _send_copies(self, frame: bytes, transit: PathTransit) -> None:
        for _ in range(transit.copies):
            self._send(self._far, frame)

    def _send(self, side: socket.socket, frame: bytes) -> None:
        try:
            side.send(frame)
        except OSError:
            self.overflowed += 1

    def _handle(self, message: Message) -> Message:
        match message["do"]:
            case "impair":
                impairment = from_message(message["impairment"])
                for address in message["addresses"]:
                    self.wire.path(address).set_impairment(impairment)
            case "bar":
                self.wire.bar(Barrier(*barrier) for barrier in message["barriers"])
            case "counts":
                if self._round_trips:
                    self._round_trips.flush()
                return {"paths": self.wire.counts(), **self._totals()}
            case unknown:
                raise NetwatchError(f"unknown command {unknown!r}")
        return {"time": time.time(), "monotonic": time.monotonic()}

    def _totals(self) -> dict[str, int]:
        for side in (self._near, self._far):
            statistics = side.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, _STATISTICS.size)
            self.overrun += _STATISTICS.unpack(statistics)[1]  # reading sets it to zero
        return {
            "strange": self.wire.strange,
            "overflowed": self.overflowed,
            "overrun": self.overrun,
        }


def _open(end: str) -> socket.socket:
    packet = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    packet.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    packet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_SIZE)
    packet.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_SIZE)
    packet.bind((end, _ETH_P_ALL))
    packet.setblocking(False)
    return packet


def serve(channel: Channel, wire: Wire, round_trips: Path | None) -> None:
    """The body of the relay's process: a network of its own, then frames until the lab ends."""
    enter_network_namespace()
    channel.send({"ready": True})
    if channel.receive() is None:  # the cables are attached now
        return
    for end in (cable.NEAR, cable.FAR):
        cable.connect(end)
    relay = Relay(wire, round_trips)
    channel.send({"ready": True})
    relay.run(channel)
