"""Runs the checks of a device at once when it sends a trap; a trap never sets a state itself."""

from __future__ import annotations

from collections.abc import Mapping

from netwatch.core.measure_now import MeasureNow
from netwatch.traps.kinds import TrapKind
from netwatch.traps.senders import Sender

MIN_INTERVAL = 10.0
"""Seconds between two runs of a device's checks for its traps; a flapping port sends many."""


class TrapTrigger:
    """Runs checks because of traps.

    Args:
        measure_now: has a check of a device measured.
        senders: who may send, by address.
    """

    def __init__(self, measure_now: MeasureNow, senders: Mapping[str, Sender]) -> None:
        self._measure_now = measure_now
        self._senders: Mapping[str, Sender] = {}
        self._last: dict[str, float] = {}
        self.replace(senders)

    def replace(self, senders: Mapping[str, Sender]) -> None:
        """Run the checks of these senders, by address, from now on."""
        self._senders = senders
        self._last = {address: at for address, at in self._last.items() if address in senders}

    def trap(self, sender: str, kind: TrapKind, now: float) -> bool:
        """Run the checks of the sender, unless they ran for a trap shortly before.

        Args:
            sender: address of the device.
            kind: the notification; ``OTHER`` runs nothing.
            now: monotonic seconds.

        Returns:
            Whether checks were run.
        """
        known = self._senders.get(sender)
        if kind is TrapKind.OTHER or known is None:
            return False
        if now - self._last.get(sender, -MIN_INTERVAL) < MIN_INTERVAL:
            return False
        self._last[sender] = now
        for check in known.checks:
            self._measure_now(check)
        return True
