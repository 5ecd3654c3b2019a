"""Sites that are only planned: they are measured, and have no state that anything counts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Result
from netwatch.core.streams import Streams
from netwatch.inventory.model import Inventory, Site
from netwatch.state.attachment import Key
from netwatch.state.check_status import STALE_AFTER
from netwatch.state.echoes import EchoStates


class PlannedSites:
    """What was last heard of their targets.

    Args:
        streams: the rows of their echoes.
        echoes: has the last echo of each row.

    Attributes:
        sites: those that are planned, by id.
    """

    def __init__(self, streams: Streams, echoes: EchoStates) -> None:
        self.sites: Mapping[str, Site] = {}
        self._streams = streams
        self._echoes = echoes
        self._first: dict[Key, Check] = {}
        self._last: dict[Key, Result] = {}

    def watch(self, inventory: Inventory, checks: Iterable[Check]) -> None:
        """Follow these sites by these checks, of which the first of each target tells."""
        self.sites, self._first = inventory.sites, {}
        for check in checks:
            self._first.setdefault((check.site, check.target), check)
        self._last = {key: last for key, last in self._last.items() if key in self._first}

    def report(self, result: Result) -> bool:
        """Take in a single result; returns whether it is of a planned site."""
        check = result.check
        if check.site not in self.sites:
            return False
        first = self._first.get((check.site, check.target))
        if first is not None and first.probe == check.probe:
            self._last[check.site, check.target] = result
        return True

    def answers(self, key: Key) -> bool | None:
        """Whether a target answered last; None when that is not known, or was too long ago."""
        check = self._first.get(key)
        if check is None:
            return None
        row = self._streams.row(check)
        last = self._last.get(key) if row is None else self._echoes.read(row, check)
        if last is None or last.outcome is Outcome.INVALID:
            return None
        patience = STALE_AFTER * check.interval + check.timeout
        is_old = time.monotonic() - last.finished > patience
        return None if is_old else last.outcome is Outcome.SUCCESS
