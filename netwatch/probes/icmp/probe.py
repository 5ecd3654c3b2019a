"""The ICMP probe: thousands of echoes on one socket, each accounted for."""

from __future__ import annotations

import asyncio
import os
import secrets
import time

from netwatch.core.check import Check
from netwatch.core.errors import StartError
from netwatch.core.result import Outcome, Reason, Result, Sink, Stray
from netwatch.probes.icmp.echoes import Echo, Echoes
from netwatch.probes.icmp.packet import TOKEN_SIZE, build_request, parse_reply
from netwatch.probes.icmp.params import IcmpParams
from netwatch.probes.icmp.transport import EchoSocket, Received, RouterError

SWEEP = 0.05
"""Seconds between two looks for echoes whose time is up."""

BATCH = 512
"""Messages read before other work gets its turn."""

FLOOD = 65536
"""Messages read before echoes are given up as lost; beyond them it is not known what is lost."""

CLOCK_NOISE = 0.001
"""Seconds by which a kernel time stamp may lie outside what is possible and still be taken."""


class IcmpProbe:
    """Sends echoes and reports each one's fate.

    Attributes:
        rejected: messages that belong to no echo of ours: forged, malformed, from elsewhere.
        clock_discards: kernel time stamps that could not be true, because a clock was stepped.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._echoes = Echoes()
        self._sockets: dict[tuple[int, int], EchoSocket] = {}
        self._sequence = 0
        self._overflows = 0
        self._overflowed_at = -1.0
        self._sweep: asyncio.TimerHandle | None = None
        self.rejected = 0
        self.clock_discards = 0

    async def open(self) -> None:
        """Open the IPv4 socket; others are opened when a check first needs them.

        Raises:
            StartError: ICMP is not permitted on this machine.
        """
        self._socket(4, 0)
        self._sweep_later()

    async def close(self) -> None:
        """Close all sockets; open echoes are dropped."""
        if self._sweep is not None:
            self._sweep.cancel()
        for sock in self._sockets.values():
            asyncio.get_running_loop().remove_reader(sock.fileno())
            sock.close()
        self._sockets.clear()

    def launch(self, check: Check, due: float) -> None:
        """Send one echo."""
        assert isinstance(check.params, IcmpParams)
        version = 6 if ":" in check.address else 4
        self._sequence = (self._sequence + 1) & 0xFFFF
        token = secrets.token_bytes(TOKEN_SIZE)
        try:
            sock = self._socket(version, check.params.dscp)
            packet = build_request(
                version, sock.identifier, self._sequence, token, check.params.size
            )
            echo = Echo(check, due, token, self._sequence, time.monotonic())
            sock.send(packet, check.address)
        except (OSError, StartError) as error:
            # No route, no buffer, no socket: it says nothing about the target.
            detail = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
            now = time.monotonic()
            invalid, reason = Outcome.INVALID, Reason.LOCAL_ERROR
            self._sink(Result(check, due, now, invalid, reason, detail=detail))
            return
        self._echoes.add(echo)

    def _socket(self, version: int, dscp: int) -> EchoSocket:
        sock = self._sockets.get((version, dscp))
        if sock is None:
            sock = self._sockets[version, dscp] = EchoSocket(version, dscp)
            asyncio.get_running_loop().add_reader(sock.fileno(), self._drain, sock, BATCH)
        return sock

    def _drain(self, sock: EchoSocket, most: int) -> bool:
        """Read at most so many messages; returns whether that was all there was."""
        for error in sock.errors(most):
            self._refused(error)
        count = 0
        while count < most:
            batch = sock.receive(min(BATCH, most - count))
            for received in batch:
                self._received(sock, received)
            count += len(batch)
            if len(batch) < BATCH:
                break
        overflows = sum(each.overflows for each in self._sockets.values())
        if overflows != self._overflows:
            self._overflows, self._overflowed_at = overflows, time.monotonic()
        return count < most

    def _received(self, sock: EchoSocket, received: Received) -> None:
        reply = parse_reply(sock.version, received.message)
        if reply is None:
            error = sock.refusal(received)
            if error is None:
                self.rejected += 1
            else:
                self._refused(error)
            return
        echo = self._echoes.find(reply.token, received.address)
        if echo is None:
            self.rejected += not sock.is_of_another_program(received)
            return
        now = time.monotonic()
        if not echo.is_open:
            self._sink(Stray(echo.check, self._echoes.stray(echo)))
            return
        round_trip = self._round_trip(echo, received.arrived, now)
        in_time = round_trip <= echo.check.timeout
        self._echoes.close(echo, now, answered=in_time)
        if in_time:
            self._report(echo, Outcome.SUCCESS, Reason.OK, round_trip)
        else:
            self._report(echo, Outcome.FAILURE, Reason.TIMEOUT)
            self._sink(Stray(echo.check, self._echoes.stray(echo)))

    def _round_trip(self, echo: Echo, arrived: float | None, now: float) -> float:
        """Seconds from sending to the kernel's receipt.

        A time stamp before the sending or after now comes from a stepped clock; then the time
        of reading is all that is known, and it is never too short.
        """
        if arrived is not None:
            if echo.sent - CLOCK_NOISE <= arrived <= now + CLOCK_NOISE:
                return max(0.0, arrived - echo.sent)
            self.clock_discards += 1
        return now - echo.sent

    def _refused(self, error: RouterError) -> None:
        """A router said that an echo can't arrive: no need to wait for its timeout."""
        refusal = error.refusal
        echo = self._echoes.find(refusal.token, refusal.destination) if refusal.token else None
        echo = echo or self._echoes.find_open(refusal.destination, refusal.sequence)
        if echo is None or not echo.is_open:
            self.rejected += 1
            return
        now = time.monotonic()
        self._echoes.close(echo, now, answered=False)
        detail = f"from {error.router}" if error.router else ""
        self._report(echo, Outcome.FAILURE, refusal.reason, detail=detail)

    def _sweep_later(self) -> None:
        self._sweep = asyncio.get_running_loop().call_later(SWEEP, self._sweep_now)

    def _sweep_now(self) -> None:
        """Give up the echoes whose time is up, after reading all that has come.

        A loop that stood still must not turn answers that wait in the socket into losses.
        """
        now = time.monotonic()
        read_all = True
        for sock in self._sockets.values() if len(self._echoes) else ():
            read_all = self._drain(sock, FLOOD) and read_all
        for echo in self._echoes.overdue(now):
            self._echoes.close(echo, now, answered=False)
            if read_all and echo.sent > self._overflowed_at:
                self._report(echo, Outcome.FAILURE, Reason.TIMEOUT)
            else:
                detail = "replies were dropped by this machine"
                self._report(echo, Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
        self._echoes.forget(now)
        self._sweep_later()

    def _report(
        self,
        echo: Echo,
        outcome: Outcome,
        reason: Reason,
        duration: float | None = None,
        detail: str = "",
    ) -> None:
        self._sink(
            Result(
                check=echo.check,
                due=echo.due,
                finished=time.monotonic(),
                outcome=outcome,
                reason=reason,
                duration=duration,
                detail=detail,
            )
        )
