"""An event loop whose time passes when there is nothing else to do, so that hours take a moment."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, tzinfo
from types import SimpleNamespace
from typing import Any

import pytest

BEGIN = 1_900_000_000.0
"""Unix time at which virtual time begins."""


class VirtualTime:
    """A monotonic clock and a wall clock that go together.

    Attributes:
        monotonic: seconds since it began.
    """

    def __init__(self) -> None:
        self.monotonic = 1000.0

    def wall(self) -> float:
        """Unix time."""
        return BEGIN + self.monotonic

    def run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run it to its end on a loop that goes by this time."""
        loop = _Loop(self)
        try:
            loop.run_until_complete(coroutine)
        finally:
            loop.close()

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the schedule, its slots and APScheduler go by this time."""
        times = SimpleNamespace(monotonic=lambda: self.monotonic, time=self.wall)
        wall = self.wall

        class VirtualDatetime(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> VirtualDatetime:
                return cls.fromtimestamp(wall(), tz or UTC)

        monkeypatch.setattr("netwatch.schedule.time", times)
        monkeypatch.setattr("netwatch.core.clock.time", times)
        monkeypatch.setattr("netwatch.schedule.datetime", VirtualDatetime)
        monkeypatch.setattr("apscheduler.schedulers.base.datetime", VirtualDatetime)


class _Selector(selectors.DefaultSelector):
    """Lets the time pass for which the loop would wait."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self._time.monotonic += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, time: VirtualTime) -> None:
        super().__init__(_Selector(time))
        self._virtual = time

    def time(self) -> float:
        return self._virtual.monotonic
