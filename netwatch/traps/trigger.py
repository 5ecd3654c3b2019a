"""What a trap sets off: the checks of its sender are run at once. It never sets a state itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from netwatch.core.check import Check
from netwatch.traps.kinds import TrapKind

PAUSE = 10.0
"""Seconds between two probes of the same device for its traps; a flapping port sends many."""


class TrapTrigger:
    """Runs checks because of traps.

    Args:
        launch: begins a slot of a check now.
    """

    def __init__(self, launch: Callable[[Check], None], checks: Iterable[Check] = ()) -> None:
        self._launch = launch
        self._checks: dict[str, list[Check]] = {}
        self._last: dict[str, float] = {}
        self.replace(checks)

    def replace(self, checks: Iterable[Check]) -> None:
        """From now on these checks are run."""
        by_address: dict[str, list[Check]] = defaultdict(list)
        for check in checks:
            if check.flow is None:
                by_address[check.address].append(check)
        self._checks = dict(by_address)
        self._last = {address: at for address, at in self._last.items() if address in by_address}

    def trap(self, sender: str, kind: TrapKind, now: float) -> bool:
        """Whether this trap (at this monotonic time) made checks run."""
        checks = self._checks.get(sender)
        if kind is TrapKind.OTHER or not checks:
            return False
        if now - self._last.get(sender, -PAUSE) < PAUSE:
            return False
        self._last[sender] = now
        for check in checks:
            self._launch(check)
        return True
