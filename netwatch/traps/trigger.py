"""Runs the checks of a device at once when it sends a trap; a trap never sets a state itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.measure_now import MeasureNow
from netwatch.traps.kinds import TrapKind

MIN_INTERVAL = 10.0
"""Seconds between two runs of a device's checks for its traps; a flapping port sends many."""


class TrapTrigger:
    """Runs checks because of traps.

    Args:
        measure_now: has a check of a device measured.
    """

    def __init__(self, measure_now: MeasureNow, checks: Iterable[Check] = ()) -> None:
        self._measure_now = measure_now
        self._checks: dict[str, list[Check]] = {}
        self._last: dict[str, float] = {}
        self.replace(checks)

    def replace(self, checks: Iterable[Check]) -> None:
        """Run these checks from now on."""
        by_address: dict[str, list[Check]] = defaultdict(list)
        for check in checks:
            if check.flow is None:
                by_address[check.address].append(check)
        self._checks = dict(by_address)
        self._last = {address: at for address, at in self._last.items() if address in by_address}

    def trap(self, sender: str, kind: TrapKind, now: float) -> bool:
        """Run the checks of the sender, unless they ran for a trap shortly before.

        Args:
            sender: address of the device.
            kind: the notification; ``OTHER`` runs nothing.
            now: monotonic seconds.

        Returns:
            Whether checks were run.
        """
        checks = self._checks.get(sender)
        if kind is TrapKind.OTHER or not checks:
            return False
        if now - self._last.get(sender, -MIN_INTERVAL) < MIN_INTERVAL:
            return False
        self._last[sender] = now
        for check in checks:
            self._measure_now(check)
        return True
