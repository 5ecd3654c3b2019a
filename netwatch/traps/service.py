"""The trap port: each datagram is filtered, read and counted, and may set off checks."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from netwatch.core.check import Check
from netwatch.core.credential import Credential
from netwatch.core.errors import StartError
from netwatch.core.measure_now import MeasureNow
from netwatch.traps.filter import TrapVerdict
from netwatch.traps.kinds import TrapKind
from netwatch.traps.receiver import TrapReceiver
from netwatch.traps.senders import Sender, senders
from netwatch.traps.trigger import TrapTrigger
from netwatch.traps.unknown_senders import UnknownSenders

CountTrap = Callable[[TrapVerdict, TrapKind, bool], None]
"""Called for every datagram: what became of it, the notification, and whether checks were run."""


class TrapService:
    """Receives the traps of the devices that have SNMP checks.

    Args:
        measure_now: has a check of the sender measured.
        count: see ``CountTrap``.
        checks: all checks.
    """

    def __init__(self, measure_now: MeasureNow, count: CountTrap, checks: Iterable[Check]) -> None:
        known = senders(checks)
        self._count = count
        self._unknown = UnknownSenders()
        self._trigger = TrapTrigger(measure_now, known)
        self._receiver = TrapReceiver(self._on_datagram, _credentials(known))

    @asynccontextmanager
    async def listening(
        self, place: socket.socket | tuple[str, int]
    ) -> AsyncIterator[tuple[str, int]]:
        """Listen until the end of the block; yields the address and the port in use.

        Args:
            place: a socket that the service manager opened, or an address and a port.

        Raises:
            StartError: the address or port can't be used.
        """
        loop = asyncio.get_running_loop()
        try:
            if isinstance(place, socket.socket):
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: self._receiver, sock=place
                )
            else:
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: self._receiver, local_addr=place
                )
        except OSError as error:
            raise StartError(
                f"traps: can't listen on {_words(place)}: {error.strerror};"
                " choose another port, or let systemd open it: docs/snmp-profiles.md"
            ) from None
        try:
            taken = transport.get_extra_info("sockname")
            yield str(taken[0]), int(taken[1])
        finally:
            transport.close()
            self._receiver.close()

    def replace(self, checks: Iterable[Check]) -> None:
        """Serve these checks from now on."""
        known = senders(checks)
        self._unknown.forget()
        self._trigger.replace(known)
        self._receiver.replace(_credentials(known))

    def _on_datagram(self, verdict: TrapVerdict, sender: str, kind: TrapKind) -> None:
        now, probed = time.monotonic(), False
        if verdict is TrapVerdict.ACCEPTED:
            probed = self._trigger.trap(sender, kind, now)
        elif verdict is TrapVerdict.UNKNOWN_SENDER:
            self._unknown.tell(sender, now)
        self._count(verdict, kind, probed)


def _words(place: socket.socket | tuple[str, int]) -> str:
    """The place as ``address:port``."""
    host, port = place.getsockname()[:2] if isinstance(place, socket.socket) else place
    return f"{host}:{port}"


def _credentials(known: Mapping[str, Sender]) -> dict[str, Credential]:
    return {address: sender.credential for address, sender in known.items()}
